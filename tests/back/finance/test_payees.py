"""One account is paid for one member: the first, until it was no account of theirs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loop28.back.compliance import actions as compliance
from loop28.back.compliance.actions import Finding
from loop28.back.compliance.models import Freeze, Strength
from loop28.back.finance import actions, rules
from loop28.back.finance.models import Payee, Payout
from loop28.back.finance.refusals import PayeeTaken
from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.back.ledger.actions import Move, transfer
from loop28.back.people.models import User
from loop28.kernel.access import SYSTEM, Actor, Role
from tests.races import together

pytestmark = pytest.mark.django_db

CARD = "工行 6222 0212 3456 7890 123"


@pytest.fixture(autouse=True)
def wallets(db):
    transfer(
        SYSTEM,
        [
            Move(f"gift:{member}", accounts.TREASURY, accounts.wallet(member), 1000, "correction")
            for member in (7, 8)
        ],
    )


def ask(member, account=CARD, key="k"):
    who = Actor(Role.MEMBER, member)
    return actions.ask_payout(who, 100, "张三", account, key, adult=True)


def reject(payout):
    person = User.objects.create(username=f"f{payout.pk}", name="f", role=Role.FINANCE)
    actions.reject_payout(person.actor, payout.pk, "卡号不对")


def test_a_second_member_is_refused_and_keeps_their_money():
    ask(7)
    with pytest.raises(PayeeTaken) as refused:
        ask(8)
    assert refused.value.field == "payee_account"
    assert ledger.balance(SYSTEM, accounts.wallet(8)) == 1000
    assert Payout.objects.filter(member=8).count() == 0


def test_the_same_member_asks_again_and_again():
    assert ask(7, key="a").pk != ask(7, key="b").pk


@pytest.mark.parametrize(
    "spelled",
    [
        "6222021234567890123",
        "６２２２０２１２３４５６７８９０１２３",
        "卡号6222-0212-3456-7890-123（张三）",
    ],
)
def test_another_spelling_is_the_same_account(spelled):
    ask(7)
    with pytest.raises(PayeeTaken):
        ask(8, spelled)


@pytest.mark.parametrize("said", ["微信", "支付宝 alipay", "张三"])
def test_what_names_no_account_stops_nobody(said):
    ask(7, said)
    ask(8, said)


def test_an_account_that_was_rejected_is_free_again():
    ask(8, "6222 9999 9999 9999 999", key="other")
    mistyped = ask(7)
    reject(mistyped)
    assert ask(8).member == 8
    with pytest.raises(PayeeTaken):
        ask(7, "6222 9999 9999 9999 999", key="other")


def test_an_account_stays_while_another_payout_to_it_stands():
    ask(7, key="a")
    reject(ask(7, key="b"))
    with pytest.raises(PayeeTaken):
        ask(8)


def test_when_two_records_are_one_person_both_have_what_was_either_ones():
    ask(7)
    ask(8, "6222 9999 9999 9999 999")
    compliance.freeze(SYSTEM, [Finding(8, "structure", Strength.PAYOUT, {})])
    actions.hand_over(SYSTEM, 7, 8)
    assert ledger.balance(SYSTEM, accounts.wallet(7)) == 1800
    for of in (Freeze, Payout):
        assert set(of.objects.values_list("member", flat=True)) == {7}
    assert set(Payee.objects.values_list("member", flat=True)) == {7}
    ask(7, "6222 9999 9999 9999 999", key="c")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_name_it_at_one_moment_one_gets_it():
    answers = together(lambda: ask(7), lambda: ask(8))
    assert sorted(type(answer).__name__ for answer in answers) == ["PayeeTaken", "Payout"]


def test_eleven_digits_are_a_number_and_fewer_than_five_signs_are_nothing():
    assert rules.account("卡 ab 138-0013-8000") == "13800138000"
    assert rules.account("ab 1234567890") == "ab1234567890"
    assert (rules.account("wx-123"), rules.account("wx-12")) == ("wx123", "")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("zhang.san@163.com", "zhangsan@163.com"),
        ("13800138000@163.com", "13800138000@qq.com"),
        ("li_4@qq.com", "li4@qq.com"),
        ("13800138000@qq.com", "13800138000"),
    ],
)
def test_two_mail_addresses_are_two_accounts(one, other):
    assert rules.account(one) != rules.account(other)
    ask(7, one)
    assert ask(8, other).member == 8


@pytest.mark.parametrize(
    "spelled", ["Li_4@QQ.com", "ｌｉ_4＠ｑｑ．ｃｏｍ", "支付宝 li_4 @ qq.com（李四）"]
)
def test_a_mail_address_is_the_same_however_it_is_written(spelled):
    ask(7, "li_4@qq.com")
    with pytest.raises(PayeeTaken):
        ask(8, spelled)


def test_an_address_beside_a_card_makes_it_no_other_card():
    assert rules.account(f"{CARD} a@b.cn") == rules.account(CARD)


@given(st.text("0123456789", min_size=rules.NUMBER, max_size=19), st.sampled_from(" -·卡"))
def test_however_its_digits_are_parted_a_number_is_the_same(digits, part):
    assert rules.account(part.join(digits)) == rules.account(digits) == digits
