"""A wallet is followed, also one into which another came by a merge."""

import pytest

from loop28.back.finance import actions as finance
from loop28.back.finance.models import Payout
from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.front.rewards import actions, wallets
from loop28.front.rewards.actions import Grant
from loop28.front.rewards.models import Entitlement
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.middle.members import merging
from loop28.ui.text import yuan
from tests.factories import staff
from tests.line_kit import open_line, people
from tests.phones import phone, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(at):
    return open_line()


@pytest.fixture
def kept(line):
    """Somebody with 5 yuan."""
    return paid(line, "kept", 500)


@pytest.fixture
def lost(line):
    """Who turns out to be the same person, with 10 yuan."""
    return paid(line, "lost", 1000)


def paid(line, reference, fen):
    (member,) = people(1)
    actions.grant(SYSTEM, [Grant(reference, line.pk, member, "money", fen, "写三句感受")])
    return member


def me(member):
    return Actor(Role.MEMBER, member)


def asked(member, fen) -> Payout:
    return finance.ask_payout(me(member), fen, "张三", "622202", "a", adult=True)


def settled(payout):
    finance.export_payouts(staff(Role.FINANCE).actor)
    finance.mark_paid(staff(Role.FINANCE).actor, [payout.pk])


def followed(member):
    return wallets.of_member(me(member), member)


def can_be_claimed(member):
    parts = [part for of in followed(member).parts.values() for part in of]
    return sum(part.fen for part in parts if part.out is None)


def balance(member):
    return ledger.balance(SYSTEM, accounts.wallet(member))


def test_what_one_record_was_paid_did_not_come_out_of_the_other(kept, lost):
    settled(asked(lost, 1000))
    merging.merge(SYSTEM, kept, lost)
    (own,) = followed(kept).of(Entitlement.objects.get(reference="kept"))
    assert (own.fen, own.out) == (500, None)
    (other,) = followed(kept).of(Entitlement.objects.get(reference="lost"))
    assert other.out.settled_at is not None
    assert can_be_claimed(kept) == balance(kept) == 500


def test_what_comes_back_after_the_merge_can_be_claimed_again(kept, lost):
    payout = asked(lost, 700)
    merging.merge(SYSTEM, kept, lost)
    assert can_be_claimed(kept) == balance(kept) == 800
    finance.reject_payout(staff(Role.FINANCE).actor, payout.pk, "户名不符")
    assert can_be_claimed(kept) == balance(kept) == 1500
    settled(finance.ask_payout(me(kept), 1400, "张三", "622202", "b", adult=True))
    assert can_be_claimed(kept) == balance(kept) == 100


def test_what_came_back_before_the_merge_went_nowhere(kept, lost):
    payout = asked(lost, 700)
    finance.reject_payout(staff(Role.FINANCE).actor, payout.pk, "户名不符")
    merging.merge(SYSTEM, kept, lost)
    assert can_be_claimed(kept) == balance(kept) == 1500


def test_the_page_counts_what_was_paid_and_not_what_came_over(kept, lost):
    settled(asked(lost, 300))
    merging.merge(SYSTEM, kept, lost)
    client = phone(kept)
    client.cookies["django_language"] = "en"
    page = text_of(client.get("/wallet"))
    assert "can be claimed" in page
    assert f"<b>{yuan(300)}</b><span>Paid out</span>" in page
    assert "Claimed" in text_of(
        client.get(f"/wallet/rewards/{Entitlement.objects.get(reference='lost').pk}")
    )


def test_nobody_follows_the_wallet_of_another(kept, lost):
    merging.merge(SYSTEM, kept, lost)
    (stranger,) = people(1)
    for member in (kept, lost):
        with pytest.raises(NotAllowed):
            wallets.of_member(me(stranger), member)
