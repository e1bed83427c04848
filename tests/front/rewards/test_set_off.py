"""What was paid and lost its ground is set against the next rewards, once, and against no more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loop28.back.finance import actions as finance
from loop28.back.finance import queries as budgets
from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.back.ledger.actions import Move, transfer
from loop28.back.ledger.models import Transfer
from loop28.front.rewards import actions, jobs, rules
from loop28.front.rewards.actions import Grant
from loop28.front.rewards.models import Entitlement
from loop28.insight import audit
from loop28.kernel import clock as clocks
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.kernel.journal.models import Entry
from loop28.middle.members import merging
from tests.line_kit import local, open_line, people
from tests.races import together


@pytest.fixture
def line(at):
    return open_line(budget_fen=1000)


@pytest.fixture
def member(line):
    """Somebody who was paid 300 fen that were then taken back."""
    (number,) = people(1)
    actions.grant(SYSTEM, [fee(line, number, "a", 300)])
    assert actions.void(SYSTEM, ["t:a"]) == ["reversed"]
    return number


def fee(line, member, name, fen, **terms):
    return Grant(f"t:{name}", line.pk, member, "money", fen, **terms)


def wallet(member, unit="fen"):
    return ledger.balance(SYSTEM, accounts.wallet(member, unit))


def left(line):
    return budgets.budget_left(SYSTEM, [line.pk])[line.pk]


def owed():
    return sum(Entitlement.objects.values_list("owed", flat=True))


@pytest.mark.django_db
class TestWhatIsOwed:
    def test_is_taken_of_the_next_rewards_until_it_is_even(self, line, member):
        actions.grant(SYSTEM, [fee(line, member, "b", 299)])
        assert (wallet(member), owed(), left(line)) == (300, 1, 700)
        actions.grant(SYSTEM, [fee(line, member, "c", 200), fee(line, member, "d", 50)])
        assert (wallet(member), owed(), left(line)) == (549, 0, 451)
        rows = Transfer.objects.filter(reference__startswith="setoff:")
        assert list(rows.order_by("id").values_list("amount", "movement")) == [
            (299, "correction"),
            (1, "correction"),
        ]
        assert Entry.objects.filter(kind="RewardSetOff").count() == 2
        assert audit.differences() == []

    def test_goes_back_to_the_line_that_had_paid_it(self, line, member):
        other = open_line(budget_fen=1000, code="HN")
        actions.grant(SYSTEM, [fee(other, member, "b", 500)])
        assert (left(line), left(other), wallet(member)) == (1000, 500, 500)
        assert audit.differences() == []

    def test_waits_for_what_is_held_or_unfunded_until_that_is_paid(self, line, member, at):
        grants = [fee(line, member, "h", 200, hold_days=7), fee(line, member, "u", 5000)]
        assert actions.grant(SYSTEM, grants) == ["held", "unfunded"]
        assert (owed(), wallet(member)) == (300, 300)
        at(local(10, 12))
        jobs.release(clocks.now())
        assert (owed(), wallet(member)) == (100, 300)
        finance.fund(SYSTEM, line.pk, 10_000, "more")
        assert (owed(), wallet(member)) == (0, 300 + 5000 - 100)
        assert audit.differences() == []

    def test_leaves_gifts_commissions_and_what_is_in_the_wallet_alone(self, line, member):
        gift = Move("g", accounts.TREASURY, accounts.wallet(member), 70, basis="correction")
        transfer(SYSTEM, [gift])
        actions.grant(SYSTEM, [fee(line, member, "b", 100, basis="commission")])
        assert (owed(), wallet(member)) == (300, 470)

    def test_is_taken_even_when_the_wallet_was_paid_out(self, line, member):
        finance.ask_payout(Actor(Role.MEMBER, member), 300, "张三", "6222", "k", adult=True)
        actions.grant(SYSTEM, [fee(line, member, "b", 100)])
        assert (owed(), wallet(member)) == (200, 0)

    def test_the_same_grant_again_pays_back_nothing_more(self, line, member):
        for _ in range(3):
            actions.grant(SYSTEM, [fee(line, member, "b", 100)])
        assert (owed(), wallet(member)) == (200, 300)

    def test_is_in_points_where_points_were_given(self, line, member):
        actions.grant(SYSTEM, [Grant("t:p", line.pk, member, "points", 30)])
        actions.void(SYSTEM, ["t:p"])
        actions.grant(SYSTEM, [Grant("t:q", line.pk, member, "points", 50)])
        assert (wallet(member, "points"), wallet(member), owed()) == (50, 300, 300)
        assert audit.differences() == []

    def test_is_one_persons_whichever_record_owed_it(self, line, member):
        (kept,) = people(1)
        merging.merge(SYSTEM, kept, member)
        actions.grant(SYSTEM, [fee(line, kept, "b", 100)])
        assert (owed(), wallet(kept)) == (200, 300)
        assert audit.differences() == []

    def test_is_nobody_elses(self, line, member):
        (other,) = people(1)
        actions.grant(SYSTEM, [fee(line, other, "b", 100)])
        assert (owed(), wallet(other)) == (300, 100)

    def test_what_paid_back_and_is_taken_back_itself_is_owed_in_its_turn(self, line, member):
        actions.grant(SYSTEM, [fee(line, member, "b", 300)])
        actions.void(SYSTEM, ["t:b"])
        assert (owed(), wallet(member)) == (300, 300)
        actions.grant(SYSTEM, [fee(line, member, "c", 400)])
        assert (owed(), wallet(member), left(line)) == (0, 400, 600)
        assert audit.differences() == []


@pytest.mark.django_db(transaction=True)
def test_rewards_at_once_pay_back_a_debt_once(line, member):
    together(*(lambda n=n: actions.grant(SYSTEM, [fee(line, member, n, 100)]) for n in range(6)))
    assert (owed(), wallet(member), left(line)) == (0, 600, 400)
    assert audit.differences() == []


@given(
    st.dictionaries(st.integers(1, 9), st.integers(1, 50), max_size=5),
    st.dictionaries(st.integers(10, 19), st.integers(0, 50), max_size=5),
)
def test_as_much_goes_back_as_is_owed_and_never_more_than_came(paid, owed):
    found = rules.set_offs(paid, owed)
    assert sum(part.amount for part in found) == min(sum(paid.values()), sum(owed.values()))
    for pk, amount in paid.items():
        assert sum(part.amount for part in found if part.paid == pk) <= amount
    for pk, amount in owed.items():
        assert sum(part.amount for part in found if part.owed == pk) <= amount
    assert len({(part.paid, part.owed) for part in found}) == len(found)
    assert all(part.amount > 0 for part in found)
