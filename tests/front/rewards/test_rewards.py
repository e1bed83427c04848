"""Rewards are granted once, paid once, and never lost: at once, after a hold, or when funded."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from loop28.back.finance import actions as finance
from loop28.back.finance import queries as budgets
from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.back.ledger.models import Transfer
from loop28.front.rewards import actions, jobs, queries
from loop28.front.rewards.actions import Grant
from loop28.front.rewards.models import Entitlement
from loop28.front.rewards.queries import Paid
from loop28.kernel import clock as clocks
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from tests.line_kit import open_line, people, region

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def moved(at):
    """The clock stands still unless a test moves it."""


@pytest.fixture
def line():
    return open_line(budget_fen=1000)


@pytest.fixture
def member(line):
    (number,) = people(1)
    return number


def money(line, member, fen=300, name="a", **terms):
    return Grant(f"t:{name}", line.pk, member, "money", fen, "打个卡", **terms)


def left(line):
    return budgets.budget_left(SYSTEM, [line.pk])[line.pk]


def wallet(member, unit="fen"):
    return ledger.balance(SYSTEM, accounts.wallet(member, unit))


def held(line, unit="fen"):
    return ledger.balance(SYSTEM, accounts.held(line.pk, unit))


def state(name="a"):
    return Entitlement.objects.get(reference=f"t:{name}").state


def facts():
    rows = Entry.objects.filter(kind__startswith="Reward").order_by("id")
    return [row.kind for row in rows]


def later(at, **time):
    at(clocks.now() + timedelta(**time))


class TestGranting:
    def test_money_goes_from_the_budget_into_the_wallet_at_once(self, line, member):
        assert actions.grant(SYSTEM, [money(line, member)]) == ["settled"]
        assert (left(line), wallet(member)) == (700, 300)
        paid = Transfer.objects.get(reference="reward:t:a")
        assert paid.basis == "task_fee"
        assert facts() == ["RewardGranted", "RewardSettled"]

    def test_the_same_reference_again_grants_nothing_and_says_where_it_stands(self, line, member):
        for _ in range(2):
            assert actions.grant(SYSTEM, [money(line, member)] * 2) == ["settled"] * 2
        assert (left(line), wallet(member)) == (700, 300)
        assert facts() == ["RewardGranted", "RewardSettled"]

    def test_the_same_reference_for_something_else_is_a_bug(self, line, member):
        actions.grant(SYSTEM, [money(line, member)])
        for other in (money(line, member, 301), money(line, people(1)[0])):
            with pytest.raises(RuntimeError):
                actions.grant(SYSTEM, [other])
        with pytest.raises(RuntimeError):
            actions.grant(SYSTEM, [money(line, member, name="b"), money(line, member, 1, "b")])
        assert (left(line), wallet(member)) == (700, 300)

    def test_points_come_from_the_issuer_and_honours_move_nothing(self, line, member):
        states = actions.grant(
            SYSTEM,
            [
                Grant("t:p", line.pk, member, "points", 50),
                Grant("t:b", line.pk, member, "badge", title="有名有姓"),
                Grant("t:c", line.pk, member, "course", title="怎么开口"),
            ],
        )
        assert states == ["settled"] * 3
        assert (wallet(member, "points"), wallet(member), left(line)) == (50, 0, 1000)
        assert Transfer.objects.exclude(movement="fund").count() == 1

    def test_an_amount_that_does_not_fit_the_kind_is_refused_by_the_table(self, line, member):
        for kind, amount in (("money", 0), ("badge", 1)):
            with pytest.raises(IntegrityError), transaction.atomic():
                actions.grant(SYSTEM, [Grant("t:x", line.pk, member, kind, amount)])

    def test_people_neither_grant_nor_pay_nor_take_back(self, line, member):
        actions.grant(SYSTEM, [money(line, member)])
        for actor in (Actor(Role.MEMBER, member), Actor(Role.ADMINISTRATOR, 1)):
            for verb, *what in (
                (actions.grant, [money(line, member, name="b")]),
                (actions.settle_unfunded, line.pk),
                (actions.release_due,),
                (actions.void, ["t:a"]),
            ):
                with pytest.raises(NotAllowed):
                    verb(actor, *what)
        assert (state(), left(line)) == ("settled", 700)

    def test_500_grants_cost_a_handful_of_statements(self, line):
        finance.fund(SYSTEM, line.pk, 100_000, "more")
        crowd = people(500)

        def statements(members, name):
            grants = [money(line, m, 100, f"{name}{m}", hold_days=7 * (m % 2)) for m in members] + [
                Grant(f"b:{name}{m}", line.pk, m, "badge", title="有名有姓") for m in members
            ]
            with CaptureQueriesContext(
                connection,
            ) as queries_:
                actions.grant(SYSTEM, grants)
            return len(queries_)

        few, many = statements(crowd[:2], "few"), statements(crowd, "many")
        assert many == few
        assert many <= 16


class TestAnEmptyBudget:
    def test_what_it_cannot_pay_stays_the_members_right(self, line, member):
        grants = [money(line, member, fen, str(fen)) for fen in (900, 200, 100)]
        assert actions.grant(SYSTEM, grants) == ["settled", "unfunded", "settled"]
        assert (left(line), wallet(member)) == (0, 1000)
        assert queries.paid_by_line(SYSTEM, [line.pk]) == {
            line.pk: Paid(settled=1000, unfunded=200, waiting=1)
        }

    def test_funding_pays_what_waits_the_oldest_first(self, line, member):
        actions.grant(SYSTEM, [money(line, member, 1000, "all")])
        actions.grant(SYSTEM, [money(line, member, 300, "first")])
        actions.grant(SYSTEM, [money(line, member, 200, "second", hold_days=7)])
        finance.fund(SYSTEM, line.pk, 400, "some")
        assert (state("first"), state("second")) == ("settled", "unfunded")
        finance.fund(SYSTEM, line.pk, 400, "more")
        assert (state("second"), held(line), left(line)) == ("held", 200, 300)

    def test_a_hold_that_ended_while_it_waited_is_not_held_again(self, line, member, at):
        actions.grant(SYSTEM, [money(line, member, 1000, "all")])
        actions.grant(SYSTEM, [money(line, member, name="b", hold_days=7)])
        later(at, days=8)
        finance.fund(SYSTEM, line.pk, 300, "more")
        assert (state("b"), wallet(member), held(line)) == ("settled", 1300, 0)

    def test_money_that_comes_back_by_itself_pays_what_waits(self, line, member):
        actions.grant(SYSTEM, [money(line, member, 900, "held", hold_days=7)])
        actions.grant(SYSTEM, [money(line, member, 1000, "b"), money(line, member, 2000, "c")])
        jobs.settle(clocks.now())
        assert state("b") == "unfunded"
        actions.void(SYSTEM, ["t:held"])
        jobs.settle(clocks.now())
        assert (state("b"), state("c"), left(line)) == ("settled", "unfunded", 0)

    def test_what_is_too_large_stands_in_nobodys_way(self, line, member, monkeypatch):
        monkeypatch.setattr(actions, "BATCH", 1)
        actions.grant(SYSTEM, [money(line, member, 5000, "large"), money(line, member, 1200, "b")])
        finance.fund(SYSTEM, line.pk, 200, "more")
        assert (state("large"), state("b"), left(line)) == ("unfunded", "settled", 0)

    def test_an_unfunded_reward_can_be_taken_back(self, line, member):
        actions.grant(SYSTEM, [money(line, member, 2000)])
        assert actions.void(SYSTEM, ["t:a"]) == ["void"]
        finance.fund(SYSTEM, line.pk, 5000, "more")
        assert (wallet(member), left(line)) == (0, 6000)


class TestTheHold:
    @pytest.fixture(autouse=True)
    def promised(self, line, member):
        actions.grant(
            SYSTEM,
            [
                money(line, member, hold_days=7),
                Grant("t:p", line.pk, member, "points", 50, hold_days=7),
                Grant("t:b", line.pk, member, "badge", title="第一单", hold_days=7),
            ],
        )

    def test_sets_the_money_aside_without_giving_it(self, line, member):
        assert (left(line), held(line), wallet(member)) == (700, 300, 0)
        assert (held(line, "points"), wallet(member, "points")) == (50, 0)
        assert [state(name) for name in "apb"] == ["held"] * 3
        assert facts() == ["RewardGranted"] * 3

    def test_ends_at_its_last_instant(self, line, member, at, monkeypatch):
        monkeypatch.setattr(actions, "BATCH", 2)  # of three
        end = queries.next_release()
        assert end == clocks.now() + timedelta(days=7)
        at(end - timedelta(microseconds=1))
        assert jobs.release(clocks.now()) == end
        assert [state(name) for name in "apb"] == ["held"] * 3
        at(end)
        assert jobs.release(end) is None
        assert (held(line), wallet(member), wallet(member, "points")) == (0, 300, 50)
        assert [state(name) for name in "apb"] == ["settled"] * 3
        assert actions.release_due(SYSTEM) == 0
        assert facts() == ["RewardGranted"] * 3 + ["RewardSettled"] * 3

    def test_gives_back_what_is_taken_back_once(self, line, member, at):
        for _ in range(2):
            assert actions.void(SYSTEM, ["t:a", "t:b", "t:p"]) == ["void"] * 3
        assert (left(line), held(line), held(line, "points")) == (1000, 0, 0)
        later(at, days=8)
        assert actions.release_due(SYSTEM) == 0
        assert wallet(member) == 0
        assert facts() == ["RewardGranted"] * 3 + ["RewardVoided"] * 3

    def test_what_was_paid_is_left_in_the_wallet_and_owed(self, line, member, at):
        later(at, days=7)
        actions.release_due(SYSTEM)
        for _ in range(2):
            assert actions.void(SYSTEM, ["t:a", "t:b", "t:p"]) == ["reversed", "void", "reversed"]
        assert (wallet(member), wallet(member, "points"), left(line)) == (300, 50, 700)
        assert facts()[-3:] == ["RewardReversed", "RewardReversed", "RewardVoided"]

    def test_what_was_never_granted_cannot_be_taken_back(self):
        with pytest.raises(KeyError):
            actions.void(SYSTEM, ["t:a", "t:never"])
        assert state() == "held"

    def test_a_batch_of_500_is_released_by_a_handful_of_statements(self, line, at):
        finance.fund(SYSTEM, line.pk, 100_000, "more")
        grants = [money(line, m, 100, f"m{m}", hold_days=7) for m in people(500)]
        actions.grant(SYSTEM, grants)
        later(at, days=7)
        with CaptureQueriesContext(connection) as statements:
            assert actions.release_due(SYSTEM) == 503
        assert len(statements) <= 13


class TestWhoSees:
    @pytest.fixture(autouse=True)
    def paid(self, line, member):
        actions.grant(SYSTEM, [money(line, member)])

    def seen(self, actor, member):
        return [row.amount for row in queries.of_member(actor, member)]

    def test_the_member_their_host_and_their_regions_staff_and_nobody_else(self, line, member):
        insiders = [
            Actor(Role.MEMBER, member),
            Actor(Role.MEMBER, line.host_id),
            Actor(Role.REGION_MANAGER, 1, line.region_id),
            Actor(Role.FINANCE, 1),
        ]
        outsiders = [
            Actor(Role.MEMBER, people(1)[0]),
            Actor(Role.REGION_MANAGER, 1, region("HN").pk),
            Actor(Role.MACHINE, 1),
        ]
        assert [self.seen(actor, member) for actor in insiders] == [[300]] * 4
        assert [self.seen(actor, member) for actor in outsiders] == [[]] * 3
        for actor in outsiders:
            assert queries.paid_by_line(actor, [line.pk]) == {}
            assert queries.by_reference(actor, ["t:a"]) == {}
        assert queries.paid_by_line(Actor(Role.MEMBER, member), [line.pk]) == {}
        assert queries.paid_by_line(insiders[1], [line.pk]) == {line.pk: Paid(settled=300)}
