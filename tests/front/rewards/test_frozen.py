"""While somebody looks at a member their rewards wait: none is lost, none is paid."""

from datetime import timedelta

import pytest

from loop28.back.compliance import actions as compliance
from loop28.back.compliance.actions import Finding
from loop28.back.compliance.models import Freeze, Strength
from loop28.back.finance import actions as finance
from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.back.people.models import User
from loop28.front.rewards import actions, jobs, queries
from loop28.front.rewards.actions import Grant
from loop28.insight import audit
from loop28.kernel import clock as clocks
from loop28.kernel.access import SYSTEM, Role
from tests.line_kit import open_line, people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def moved(at):
    """The clock stands still unless a test moves it."""


@pytest.fixture
def line():
    return open_line(budget_fen=1000)


@pytest.fixture
def member():
    (number,) = people(1)
    compliance.freeze(SYSTEM, [Finding(number, "velocity", Strength.HOLD, {})])
    return number


def grant(line, member, name="a", fen=300, hold_days=0):
    one = Grant(f"t:{name}", line.pk, member, "money", fen, "打个卡", hold_days=hold_days)
    return actions.grant(SYSTEM, [one])[0]


def release():
    who, _ = User.objects.get_or_create(username="f", defaults={"name": "f", "role": Role.FINANCE})
    compliance.decide(who.actor, Freeze.objects.get().pk, "released", "没问题")


def wallet(member):
    return ledger.balance(SYSTEM, accounts.wallet(member))


def test_what_is_earned_meanwhile_waits_and_comes_when_it_is_released(line, member):
    assert grant(line, member) == "held"
    jobs.release(clocks.now())
    assert wallet(member) == 0
    release()
    jobs.release(clocks.now())
    assert wallet(member) == 300
    assert audit.differences() == []


def test_what_was_held_for_refunds_comes_no_sooner_than_it_would(line, member, at):
    grant(line, member, hold_days=7)
    release()
    jobs.release(clocks.now())
    assert wallet(member) == 0
    at(clocks.now() + timedelta(days=7))
    jobs.release(clocks.now())
    assert wallet(member) == 300


def test_what_falls_due_meanwhile_waits_and_nobody_else_does(line, member, at):
    (other,) = people(1)
    grant(line, member, "a", hold_days=1)
    grant(line, other, "b", hold_days=1)
    at(clocks.now() + timedelta(days=2))
    jobs.release(clocks.now())
    assert (wallet(member), wallet(other)) == (0, 300)


def test_the_worker_is_not_called_for_what_waits_for_a_person(line, member):
    grant(line, member)
    assert queries.next_release() is None


def test_what_waited_for_the_budget_waits_on_when_it_is_funded(line, member):
    assert grant(line, member, fen=5000) == "unfunded"
    finance.fund(SYSTEM, line.pk, 9000, "more")
    assert queries.by_reference(SYSTEM, ["t:a"])["t:a"].state == "held"
    assert wallet(member) == 0


def test_what_is_taken_back_while_it_waits_goes_back_to_the_budget(line, member):
    grant(line, member)
    assert actions.void(SYSTEM, ["t:a"]) == ["void"]
    assert (wallet(member), ledger.balance(SYSTEM, accounts.budget(line.pk))) == (0, 1000)
    assert audit.differences() == []


def test_what_waits_for_a_person_is_told_apart_from_what_waits_for_its_time(line, member):
    grant(line, member, "a")
    grant(line, member, "b", hold_days=7)
    rows = queries.frozen([member], clocks.now())
    assert [row.reference for row in rows] == ["t:a"]
