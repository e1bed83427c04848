"""Cashing out: asked once, exported by one person, settled by another, never paid twice."""

import pytest

from loop28.back.compliance import actions as compliance
from loop28.back.compliance.actions import Finding
from loop28.back.compliance.models import Freeze, Strength
from loop28.back.finance import actions, queries
from loop28.back.finance.models import Payout
from loop28.back.finance.refusals import (
    AdultsOnlyPaid,
    AmountOutOfRange,
    FourEyes,
    KeyUsed,
    NothingToExport,
    PayoutFrozen,
    PayoutNotOnList,
    PayoutSettled,
    PayoutUnknown,
)
from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.back.ledger.actions import Insufficient, Move, transfer
from loop28.back.people.models import User
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from loop28.kernel.text import TextMissing, TextTooLong
from tests.races import Died, dying_at, together

pytestmark = pytest.mark.django_db

MEMBER = Actor(Role.MEMBER, 7)
OTHER = Actor(Role.MEMBER, 8)


@pytest.fixture
def staff():
    """Two people of finance."""
    return [User.objects.create(username=name, name=name, role=Role.FINANCE).actor for name in "ab"]


@pytest.fixture(autouse=True)
def wallets():
    transfer(
        SYSTEM,
        [
            Move(f"gift:{member}", accounts.TREASURY, accounts.wallet(member), 1000, "correction")
            for member in (7, 8)
        ],
    )


def ask(actor=MEMBER, fen=600, key="k", *, payee="张三", account=None, adult=True):
    if account is None:  # one account belongs to one member
        account = "6222 0000" if actor == MEMBER else "6222 0008"
    return actions.ask_payout(actor, fen, payee, account, key, adult=adult)


def wallet(member=7):
    return ledger.balance(SYSTEM, accounts.wallet(member))


def kinds():
    return list(Entry.objects.order_by("id").values_list("kind", flat=True))


def test_what_is_asked_for_leaves_the_wallet_and_is_reserved():
    payout = ask(payee="  张三 ")
    assert (payout.member, payout.fen, payout.payee, payout.state) == (7, 600, "张三", "asked")
    assert wallet() == 400
    assert ledger.balance(SYSTEM, accounts.paying(payout.pk)) == 600
    entry = Entry.objects.get()
    assert (entry.kind, entry.member) == ("PayoutAsked", 7)
    assert entry.data == {"member": 7, "payout": payout.pk, "fen": 600}


def test_the_same_key_is_the_same_payout_even_after_it_was_settled(staff):
    payout = ask()
    assert ask().pk == payout.pk
    actions.reject_payout(staff[0], payout.pk, "账号不对")
    assert ask().pk == payout.pk
    assert wallet() == 1000
    assert Payout.objects.count() == 1


@pytest.mark.parametrize("other", [{"fen": 601}, {"payee": "李四"}, {"account": "1"}])
def test_the_same_key_with_another_content_is_refused(other):
    ask()
    with pytest.raises(KeyUsed):
        ask(**other)
    assert wallet() == 400


def test_a_key_belongs_to_one_member():
    assert ask().pk != ask(OTHER).pk


def test_more_than_the_wallet_holds_is_refused_and_leaves_no_payout():
    with pytest.raises(Insufficient):
        ask(fen=1001)
    assert not Payout.objects.exists()
    assert wallet() == 1000


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"adult": False}, AdultsOnlyPaid),
        ({"fen": 0}, AmountOutOfRange),
        ({"fen": -5}, AmountOutOfRange),
        ({"payee": " \u200b "}, TextMissing),
        ({"payee": "x" * 61}, TextTooLong),
        ({"account": ""}, TextMissing),
        ({"account": "x" * 81}, TextTooLong),
        ({"key": "k" * 41}, TextTooLong),
    ],
)
def test_wrong_requests_are_refused(wrong, refusal):
    with pytest.raises(refusal):
        ask(**wrong)


@pytest.mark.parametrize("actor", [SYSTEM, Actor(Role.FINANCE, 1), Actor(Role.MACHINE, 7)])
def test_only_members_ask_and_only_for_themselves(actor):
    with pytest.raises(NotAllowed):
        ask(actor)


def test_a_list_holds_all_that_waits_and_keeps_what_was_on_it(staff):
    first, second = ask(), ask(OTHER, payee="=1+1")
    export = actions.export_payouts(staff[0])
    rows = queries.export_rows(staff[1], export.pk)
    assert [(r.payout, r.member, r.payee, r.payee_account, r.fen) for r in rows] == [
        (first.pk, 7, "张三", "6222 0000", 600),
        (second.pk, 8, "=1+1", "6222 0008", 600),
    ]
    later = ask(key="later", fen=10)
    actions.mark_paid(staff[1], [first.pk])
    assert queries.export_rows(staff[0], export.pk) == rows
    assert actions.export_payouts(staff[0]).payouts.get().pk == later.pk


def test_there_is_no_empty_list(staff):
    with pytest.raises(NothingToExport):
        actions.export_payouts(staff[0])


def test_who_exported_cannot_mark_and_another_person_can_once(staff):
    payout = ask()
    actions.export_payouts(staff[0])
    with pytest.raises(FourEyes):
        actions.mark_paid(staff[0], [payout.pk])
    assert actions.mark_paid(staff[1], [payout.pk]) == 1
    assert actions.mark_paid(staff[1], [payout.pk]) == 0
    payout.refresh_from_db()
    assert (payout.state, payout.settled_by_id) == ("paid", staff[1].id)
    assert ledger.balance(SYSTEM, accounts.PAID) == 600
    assert ledger.balance(SYSTEM, accounts.paying(payout.pk)) == 0
    assert kinds() == ["PayoutAsked", "PayoutExported", "PayoutPaid"]


def test_of_a_selection_none_is_marked_when_one_cannot(staff):
    first = ask()
    actions.export_payouts(staff[0])
    second = ask(OTHER)
    with pytest.raises(PayoutNotOnList) as refused:
        actions.mark_paid(staff[1], [first.pk, second.pk])
    assert refused.value.details == {"payout": second.pk}
    with pytest.raises(PayoutUnknown) as unknown:
        actions.mark_paid(staff[1], [first.pk, 999, 998])
    assert unknown.value.details == {"payout": 998}
    assert set(Payout.objects.values_list("state", flat=True)) == {"exported", "asked"}
    assert ledger.balance(SYSTEM, accounts.PAID) == 0


def test_rejecting_gives_the_money_back_once(staff):
    payout = ask()
    assert actions.reject_payout(staff[0], payout.pk, "账号不对") is True
    assert actions.reject_payout(staff[0], payout.pk, "账号不对") is False
    payout.refresh_from_db()
    assert (payout.state, payout.reason) == ("rejected", "账号不对")
    assert wallet() == 1000
    assert kinds() == ["PayoutAsked", "PayoutRejected"]


def test_what_is_on_a_list_is_rejected_by_another_person_too(staff):
    payout = ask()
    actions.export_payouts(staff[0])
    with pytest.raises(FourEyes):
        actions.reject_payout(staff[0], payout.pk, "退票")
    actions.reject_payout(staff[1], payout.pk, "退票")
    assert wallet() == 1000


def test_settled_is_settled(staff):
    paid, rejected = ask(), ask(OTHER)
    actions.export_payouts(staff[0])
    actions.mark_paid(staff[1], [paid.pk])
    actions.reject_payout(staff[1], rejected.pk, "退票")
    with pytest.raises(PayoutSettled):
        actions.reject_payout(staff[1], paid.pk, "迟了")
    with pytest.raises(PayoutSettled):
        actions.mark_paid(staff[1], [rejected.pk])
    with pytest.raises(PayoutUnknown):
        actions.reject_payout(staff[1], 999, "没有")


def test_rejecting_needs_a_reason(staff):
    with pytest.raises(TextMissing):
        actions.reject_payout(staff[0], ask().pk, "  ")
    with pytest.raises(TextTooLong):
        actions.reject_payout(staff[0], ask().pk, "x" * 201)


def test_an_administrator_may_be_one_of_the_two(staff):
    payout = ask()
    actions.export_payouts(staff[0])
    boss = User.objects.create(username="z", name="z", role=Role.ADMINISTRATOR).actor
    assert actions.mark_paid(boss, [payout.pk]) == 1


@pytest.mark.parametrize(
    "actor",
    [
        SYSTEM,
        MEMBER,
        Actor(Role.REGION_MANAGER, 1, region=1),
        Actor(Role.MIDDLE, 1),
        Actor(Role.AUDITOR, 1),
        Actor(Role.MACHINE, 1),
    ],
)
def test_only_people_of_finance_and_administrators_settle(actor):
    payout = ask()
    for verb in (
        lambda: actions.export_payouts(actor),
        lambda: actions.mark_paid(actor, [payout.pk]),
        lambda: actions.reject_payout(actor, payout.pk, "x"),
    ):
        with pytest.raises(NotAllowed):
            verb()


def test_a_member_sees_their_own_payouts_and_finance_sees_all(staff):
    mine, other = ask(), ask(OTHER)
    assert list(queries.payouts(MEMBER)) == [mine]
    assert list(queries.payouts(staff[0])) == [other, mine]
    assert list(queries.payouts(Actor(Role.AUDITOR, 1), "paid")) == []


@pytest.mark.parametrize("role", [Role.MIDDLE, Role.REGION_MANAGER, Role.MACHINE])
def test_bank_accounts_are_not_for_everybody(role):
    stranger = Actor(role, 1, region=1 if role is Role.REGION_MANAGER else None)
    with pytest.raises(NotAllowed):
        queries.payouts(stranger)
    with pytest.raises(NotAllowed):
        queries.export_rows(stranger, 1)
    with pytest.raises(NotAllowed):
        queries.exports(stranger)


def test_the_lists_are_there_to_look_up(staff):
    ask()
    export = actions.export_payouts(staff[0])
    assert list(queries.exports(staff[1])) == [export]


@pytest.mark.django_db(transaction=True)
def test_a_double_tap_asks_once():
    payouts = together(*[ask] * 4)
    assert {payout.pk for payout in payouts} == {Payout.objects.get().pk}
    assert wallet() == 400


@pytest.mark.django_db(transaction=True)
def test_two_requests_for_the_last_money_give_one():
    answers = together(lambda: ask(key="a"), lambda: ask(key="b"))
    assert sorted(type(answer).__name__ for answer in answers) == ["Insufficient", "Payout"]
    assert wallet() == 400


@pytest.mark.django_db(transaction=True)
def test_two_exports_at_one_moment_put_each_payout_on_one_list(staff):
    ask(), ask(OTHER)
    first, second = together(
        *[lambda actor=actor: actions.export_payouts(actor) for actor in staff]
    )
    assert {type(first), type(second)} >= {NothingToExport}
    assert Entry.objects.filter(kind="PayoutExported").count() == 2


@pytest.mark.django_db(transaction=True)
def test_paid_and_rejected_at_one_moment_is_one_of_them(staff):
    payout = ask()
    actions.export_payouts(staff[0])
    third = User.objects.create(username="c", name="c", role=Role.FINANCE).actor
    answers = together(
        lambda: actions.mark_paid(staff[1], [payout.pk]),
        lambda: actions.reject_payout(third, payout.pk, "退票"),
    )
    assert sum(isinstance(answer, PayoutSettled) for answer in answers) == 1
    assert wallet() + ledger.balance(SYSTEM, accounts.PAID) == 1000


@pytest.mark.django_db(transaction=True)
def test_a_crash_at_any_statement_leaves_no_half_of_a_payout(staff):
    for statement in range(1, 30):
        try:
            with dying_at(statement):
                payout = ask()
            break
        except Died:
            assert not Payout.objects.exists()
            assert wallet() == 1000
    actions.export_payouts(staff[0])
    for statement in range(1, 30):
        try:
            with dying_at(statement):
                actions.mark_paid(staff[1], [payout.pk])
            break
        except Died:
            assert Payout.objects.get().state == "exported"
            assert ledger.balance(SYSTEM, accounts.PAID) == 0
    assert kinds() == ["PayoutAsked", "PayoutExported", "PayoutPaid"]


class TestFrozen:
    @pytest.fixture
    def thaw(self, staff):
        found = Finding(7, "structure", Strength.PAYOUT, {"levels": 3, "people": 30})
        compliance.freeze(SYSTEM, [found])
        return lambda: compliance.decide(staff[0], Freeze.objects.get().pk, "released", "查过了")

    def test_who_is_frozen_may_ask_and_goes_onto_no_list_until_released(self, staff, thaw):
        mine, other = ask(), ask(OTHER)
        export = actions.export_payouts(staff[0])
        assert [row.payout for row in queries.export_rows(staff[0], export.pk)] == [other.pk]
        with pytest.raises(NothingToExport):
            actions.export_payouts(staff[0])
        thaw()
        later = actions.export_payouts(staff[0])
        assert [row.payout for row in queries.export_rows(staff[0], later.pk)] == [mine.pk]

    def test_what_was_on_a_list_before_is_not_paid_until_released(self, staff):
        payout = ask()
        actions.export_payouts(staff[0])
        compliance.freeze(SYSTEM, [Finding(7, "structure", Strength.PAYOUT, {})])
        with pytest.raises(PayoutFrozen):
            actions.mark_paid(staff[1], [payout.pk])
        compliance.decide(staff[0], Freeze.objects.get().pk, "released", "查过了")
        assert actions.mark_paid(staff[1], [payout.pk]) == 1

    def test_it_can_still_be_rejected_back_into_the_wallet(self, staff, thaw):
        payout = ask()
        actions.reject_payout(staff[0], payout.pk, "卡号不对")
        assert wallet() == 1000

    def test_held_rewards_do_not_stop_what_is_in_the_wallet(self, staff):
        compliance.freeze(SYSTEM, [Finding(7, "velocity", Strength.HOLD, {})])
        ask()
        assert actions.export_payouts(staff[0])
