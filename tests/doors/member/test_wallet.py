from uuid import uuid4

import pytest
from django.test import Client

from loop28.back.compliance import actions as compliance
from loop28.back.compliance.actions import Finding
from loop28.back.compliance.models import Strength
from loop28.back.finance import actions as finance
from loop28.back.finance.models import Payout
from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.front.lines.models import Line
from loop28.front.packets import actions as packets
from loop28.front.packets.models import Packet
from loop28.kernel.access import SYSTEM
from loop28.kernel.money import yuan as written
from loop28.middle.members.models import Member
from loop28.ui.text import yuan
from tests.factories import staff
from tests.line_kit import live_until, local, seated
from tests.phones import ODD_TEXTS, phone, text_of


@pytest.fixture
def me(line: Line) -> int:
    """Somebody who has opened a packet."""
    (number,) = seated(line, 1)
    live_until(local(1, 12, 30))
    packets.claim(SYSTEM, Packet.objects.get(line=line).pk, [number])
    return number


def _fen(me: int) -> int:
    return ledger.balance(SYSTEM, accounts.wallet(me))


def _asks(amount: str, **others: str) -> dict[str, str]:
    filled = {"fen": amount, "payee": "林小满", "payee_account": "622202", "key": str(uuid4())}
    return filled | others


@pytest.mark.parametrize(("strength", "said"), [(Strength.PAYOUT, True), (Strength.HOLD, False)])
def test_whose_payouts_wait_reads_it_where_they_would_ask(
    me: int, strength: Strength, said: bool
) -> None:
    compliance.freeze(SYSTEM, [Finding(me, "structure", strength, {})])
    page = text_of(phone(me).get("/wallet/payout"))
    assert ("继续打款前我们先核对一下" in page) is said


def test_the_wallet_says_where_each_fen_came_from(me: int) -> None:
    page = text_of(phone(me).get("/wallet"))
    assert yuan(_fen(me)) in page
    assert "初次见面" in page
    assert f"+{yuan(_fen(me))}" in page


def test_asking_for_a_payout_takes_the_money_out_at_once(me: int) -> None:
    client, whole = phone(me), _fen(me)
    page = text_of(client.post("/wallet/payout", _asks(written(whole)), follow=True))
    assert "申请已提交" in page
    assert yuan(0) in page
    assert Payout.objects.get(member=me).fen == whole


def test_a_double_tap_is_one_payout(me: int) -> None:
    client, asks = phone(me), _asks("0.01")
    for _ in range(2):
        assert client.post("/wallet/payout", asks).status_code == 302
    assert Payout.objects.filter(member=me).count() == 1


def test_a_rejected_payout_comes_back_and_says_why(me: int) -> None:
    client, before = phone(me), _fen(me)
    client.post("/wallet/payout", _asks("0.01"))
    boss = staff().actor
    finance.reject_payout(boss, Payout.objects.get().pk, "账号不对")
    page = text_of(client.get("/wallet"))
    assert "账号不对" in page
    assert "提现退回" in page
    assert _fen(me) == before


def test_amounts_that_are_none_or_too_much_are_refused_at_the_form(me: int) -> None:
    client, before = phone(me), _fen(me)
    for amount in (*ODD_TEXTS, "0", "0.001", "999999999", "１．００００"):
        assert client.post("/wallet/payout", _asks(amount)).status_code == 422, amount
    assert _fen(me) == before


@pytest.mark.parametrize("field", ["payee", "payee_account", "key"])
def test_odd_text_in_any_field_is_answered_kindly(me: int, field: str) -> None:
    client = phone(me)
    for text in ODD_TEXTS:
        response = client.post("/wallet/payout", _asks("0.01", **{field: text}))
        assert response.status_code in {302, 422}, text


def test_who_is_not_of_age_gets_no_form(me: int) -> None:
    Member.objects.filter(pk=me).update(adult_at=None)
    client = phone(me)
    assert "<textarea" not in text_of(client.get("/wallet/payout"))
    assert "满 18 周岁才能提现" in text_of(client.get("/wallet/payout"))
    assert client.post("/wallet/payout", _asks("0.01")).status_code == 422


def test_an_empty_wallet_says_what_fills_it(line: Line) -> None:
    (me,) = seated(line, 1)
    page = text_of(phone(me).get("/wallet"))
    assert "领红包、做任务" in page
    assert "/wallet/payout" not in page


def test_nonsense_pages_are_the_first_or_the_last(me: int) -> None:
    for page in ("0", "x", "99999999999999999999", "-1"):
        assert phone(me).get(f"/wallet?page={page}").status_code == 200
    assert Client().get("/wallet").status_code == 403
