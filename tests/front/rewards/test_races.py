"""Many at once, and processes that end in the middle: paid once, and no claim is lost."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest

from loop28.back.finance import actions as finance
from loop28.back.finance import queries as budgets
from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.front.rewards import actions
from loop28.front.rewards.actions import Grant
from loop28.front.rewards.models import Entitlement
from loop28.kernel.access import SYSTEM
from loop28.kernel.journal.models import Entry
from tests.line_kit import open_line, people
from tests.races import Died, dying_at, together

pytestmark = pytest.mark.django_db(transaction=True)
CLAIMS = 20


@pytest.fixture(autouse=True)
def moved(at):
    """The clock stands still unless a test moves it."""


@pytest.fixture
def line():
    return open_line(budget_fen=1000)


@pytest.fixture
def grants(line):
    return [Grant(f"t:{m}", line.pk, m, "money", 100) for m in people(CLAIMS)]


def total(line):
    """Everything the line's money has become, by place."""
    members = Entitlement.objects.values_list("member_id", flat=True)
    wallets = ledger.balances(SYSTEM, [accounts.wallet(m) for m in members])
    return (
        budgets.budget_left(SYSTEM, [line.pk])[line.pk],
        ledger.balance(SYSTEM, accounts.held(line.pk)),
        sum(wallets.values()),
    )


def told(kind):
    return Entry.objects.filter(kind=kind).count()


def count(state):
    return Entitlement.objects.filter(state=state).count()


def test_the_same_grants_at_once_are_granted_once(line, grants):
    backwards = grants[::-1]
    answers = together(
        *(lambda batch=batch: actions.grant(SYSTEM, batch) for batch in [grants, backwards] * 3)
    )
    assert all(len(answer) == CLAIMS for answer in answers)
    assert Entitlement.objects.count() == CLAIMS
    assert (count("settled"), count("unfunded")) == (10, 10)
    assert total(line) == (0, 0, 1000)


def test_grants_and_funding_at_once_leave_no_claim_behind(line, grants):
    together(
        *(lambda g=g: actions.grant(SYSTEM, [g]) for g in grants),
        *(lambda n=n: finance.fund(SYSTEM, line.pk, 250, f"k{n}") for n in range(4)),
    )
    assert (count("settled"), count("unfunded")) == (CLAIMS, 0)
    assert total(line) == (0, 0, 2000)


def test_a_release_and_a_void_at_once_do_one_of_the_two(line, grants, at, monkeypatch):
    actions.grant(SYSTEM, [replace(g, amount=25, hold_days=7) for g in grants])
    due = Entitlement.objects.latest("available_at").available_at
    later = [replace(g, reference=f"l{g.reference}", amount=25, hold_days=30) for g in grants]
    actions.grant(SYSTEM, later)
    at(due)
    references = [g.reference for g in grants]
    # Time for the other to go wrong, between looking at the rewards and moving the money.
    monkeypatch.setattr(actions, "_post", _late(actions._post))
    together(
        lambda: actions.release_due(SYSTEM),
        lambda: actions.void(SYSTEM, references[:12]),
        lambda: actions.void(SYSTEM, references[8:16]),
        lambda: actions.release_due(SYSTEM),
    )
    actions.release_due(SYSTEM)
    settled, void, owed = count("settled"), count("void"), count("reversed")
    assert (settled, void + owed) == (CLAIMS - 16, 16)
    assert total(line) == (25 * void, 500, 25 * (settled + owed))
    assert (told("RewardSettled"), told("RewardVoided")) == (settled + owed, void)


def test_paying_and_taking_back_what_is_unfunded_at_once_do_one_of_the_two(
    line, grants, monkeypatch
):
    actions.grant(SYSTEM, [replace(g, amount=2000) for g in grants])
    references = [g.reference for g in grants]
    monkeypatch.setattr(actions, "_save", _late(actions._save))
    together(
        lambda: finance.fund(SYSTEM, line.pk, 20_000, "some"),
        lambda: actions.void(SYSTEM, references[:6]),
        lambda: actions.settle_unfunded(SYSTEM, line.pk),
        lambda: finance.fund(SYSTEM, line.pk, 20_000, "more"),
    )
    actions.settle_unfunded(SYSTEM, line.pk)
    paid, void = count("settled") + count("reversed"), count("void")
    assert (paid + void, count("settled")) == (CLAIMS, CLAIMS - 6)
    assert total(line) == (41_000 - 2000 * paid, 0, 2000 * paid)
    assert (told("RewardSettled"), told("RewardVoided")) == (paid, void)


def test_a_crash_at_any_statement_leaves_all_or_nothing_and_can_be_repeated(line, grants):
    def grant():
        return actions.grant(SYSTEM, [*grants[:3], _held(grants[3])])

    for statement in range(1, 60):
        try:
            with dying_at(statement):
                grant()
            break
        except Died:
            assert not Entitlement.objects.exists()
            assert ledger.balance(SYSTEM, accounts.budget(line.pk)) == 1000
    else:
        pytest.fail("the grant never ended")
    assert statement > 5
    assert grant() == ["settled"] * 3 + ["held"]
    assert total(line) == (600, 100, 300)


@pytest.mark.parametrize("do", ["release_due", "settle_unfunded", "void"])
def test_a_crash_in_what_follows_leaves_it_for_the_next_look(line, grants, at, do):
    actions.grant(SYSTEM, [_held(grants[0])])
    actions.grant(SYSTEM, [Grant("t:big", line.pk, grants[1].member, "money", 1500)])
    over = Entitlement.objects.get(state="held").available_at
    at(over - timedelta(seconds=1) if do == "void" else over)
    before = total(line)

    def work():
        if do == "settle_unfunded":
            finance.fund(SYSTEM, line.pk, 1000, "more")
        elif do == "void":
            actions.void(SYSTEM, [grants[0].reference])
        else:
            actions.release_due(SYSTEM)

    statement = 0
    while True:
        statement += 1
        try:
            with dying_at(statement):
                work()
            break
        except Died:
            assert total(line) == before
            assert (count("held"), count("unfunded")) == (1, 1)
    assert statement > 5
    assert total(line) != before


def _late(work):
    def run(*arguments):
        time.sleep(0.2)
        return work(*arguments)

    return run


def _held(grant):
    return replace(grant, hold_days=7)
