"""What the ledger tells, and whom."""

import pytest

from loop28.back.ledger import accounts, queries
from loop28.back.ledger.actions import Move, transfer
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role

pytestmark = pytest.mark.django_db

WALLET = accounts.wallet(7)
MEMBER = Actor(Role.MEMBER, 7)
STRANGER = Actor(Role.MEMBER, 8)
MACHINE = Actor(Role.MACHINE, 1)
FINANCE = Actor(Role.FINANCE, 1)


@pytest.fixture(autouse=True)
def books():
    transfer(
        SYSTEM,
        [
            Move("fund", accounts.TREASURY, accounts.budget(1), 1000, movement="fund"),
            Move("more", accounts.TREASURY, accounts.budget(1), 500, movement="fund"),
            Move("hold", accounts.budget(1), accounts.held(1), 300, movement="reserve"),
            Move("fee", accounts.held(1), WALLET, 300, basis="task_fee"),
            Move("payout", WALLET, accounts.paying(1), 120, movement="payout"),
        ],
    )
    back = Move("back", accounts.paying(1), WALLET, 120, basis="correction", reverses="payout")
    transfer(SYSTEM, [back])


def test_a_balance_is_what_is_there_and_nothing_where_nothing_moved():
    nobody = accounts.wallet(99)
    assert queries.balances(SYSTEM, [WALLET, nobody]) == {WALLET: 300, nobody: 0}


def test_twenty_four_balances_cost_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        queries.balances(FINANCE, [accounts.budget(line) for line in range(24)])


def test_sent_adds_up_one_kind_of_movement_too():
    budget, other = accounts.budget(1), accounts.budget(2)
    assert queries.sent(FINANCE, [budget, other], "reserve") == {budget: 300, other: 0}
    assert queries.sent(FINANCE, [budget], "return") == {budget: 0}


def test_received_adds_up_one_kind_of_movement():
    budget, other = accounts.budget(1), accounts.budget(2)
    assert queries.received(FINANCE, [budget, other], "fund") == {budget: 1500, other: 0}


def test_movements_come_newest_first_and_say_what_they_changed():
    rows = queries.movements(MEMBER, "member:7")
    assert [(row.reference, row.change) for row in rows] == [
        ("back", 120),
        ("payout", -120),
        ("fee", 300),
    ]
    assert rows[0].debit.owner == "payout:1"


def test_movements_between_the_accounts_asked_for_change_nothing_together():
    both = {row.reference: row.change for row in queries.movements(FINANCE, "line:1")}
    assert both == {"fund": 1000, "more": 500, "hold": 0, "fee": -300}
    budget = queries.movements(FINANCE, "line:1", ["budget"])
    assert [(row.reference, row.change) for row in budget] == [
        ("hold", -300),
        ("more", 500),
        ("fund", 1000),
    ]


@pytest.mark.parametrize("actor", [STRANGER, MACHINE])
def test_nobody_sees_another_wallet(actor):
    for ask in (
        lambda: queries.balance(actor, WALLET),
        lambda: queries.movements(actor, "member:7"),
        lambda: queries.received(actor, [WALLET], "fund"),
    ):
        with pytest.raises(NotAllowed):
            ask()


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.FINANCE, Role.AUDITOR])
def test_all_transfers_are_for_those_who_keep_or_check_the_books(role):
    references = [row.reference for row in queries.transfers(Actor(role, 1))]
    assert references == ["back", "payout", "fee", "hold", "more", "fund"]


@pytest.mark.parametrize("role", [Role.REGION_MANAGER, Role.MIDDLE, Role.MEMBER, Role.MACHINE])
def test_all_transfers_are_not_for_others(role):
    with pytest.raises(NotAllowed):
        queries.transfers(Actor(role, 7, region=1))


def test_a_member_sees_no_budget():
    with pytest.raises(NotAllowed):
        queries.balances(MEMBER, [WALLET, accounts.budget(1)])
