"""The watch goes round once a night and freezes what a person has to look at, and nobody else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from loop28.back.compliance import actions as compliance_actions
from loop28.back.compliance import queries as compliance
from loop28.back.compliance.actions import Finding
from loop28.back.compliance.models import Freeze, Strength
from loop28.back.people.models import User
from loop28.front.groups import actions as groups
from loop28.front.lines.models import Enrollment
from loop28.front.referrals import actions as referrals
from loop28.front.rewards import actions as rewards
from loop28.front.rewards import queries as granted
from loop28.front.rewards.actions import Grant
from loop28.front.tasks.models import Assignment
from loop28.front.watch import actions, jobs, night, queries, rules
from loop28.front.watch.models import Coloured, Night
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Role
from loop28.kernel.journal.models import Entry
from loop28.middle.members import merging
from tests.front.referrals.kit import product_link, touched, visitor
from tests.line_kit import group, local, open_line, people, seated
from tests.races import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def promoter(line):
    return seated(line, 1)[0]


@pytest.fixture
def link(line, promoter):
    return product_link(line, promoter)


@pytest.fixture
def finance(db):
    return User.objects.create(username="f", name="f", role=Role.FINANCE).actor


def watch(day):
    """Come round in the night that begins the day."""
    clock.move_to(local(day, 3, 1))
    jobs.watch(clock.now())


def frozen():
    rows = Freeze.objects.filter(ended_at=None).order_by("id")
    return [(row.member, row.why) for row in rows]


def decide(finance, decision="released"):
    actions.decide(finance, Freeze.objects.get(ended_at=None).pk, decision, "看过了")


class TestComingRound:
    def test_is_at_three_in_the_morning_once(self, line):
        clock.move_to(local(1, 2, 59))
        jobs.watch(clock.now())
        assert queries.last_night() is None
        watch(1)
        watch(1)
        assert (Night.objects.count(), queries.last_night().day) == (1, local(1, 12).date())
        assert Entry.objects.filter(kind="NightWatched").count() == 1

    def test_done_for_the_night_it_asks_hardly_anything(self, line):
        watch(1)
        with CaptureQueriesContext(connection) as seen:
            jobs.watch(clock.now())
        assert len(seen) == 1

    def test_after_nights_without_a_worker_happens_once_for_all_of_them(self, line):
        watch(1)
        watch(5)
        assert Night.objects.count() == 2

    @pytest.mark.django_db(transaction=True)
    def test_of_two_workers_one_writes_it_down(self, line, link, promoter):
        idle = Finding(promoter, rules.IDLE_FANS, Strength.HOLD, {"fans": 20})
        seen = night.Seen([idle], {})
        day = local(2, 12).date()
        answers = together(*[lambda: actions.note(SYSTEM, day, seen)] * 2)
        assert sorted(answers) == [False, True]
        assert Freeze.objects.count() == 1

    def test_asks_as_often_for_many_as_for_few(self, line):
        def asked(promoters):
            clock.move_to(local(1, 12))
            for one in seated(line, promoters):
                touched(product_link(line, one), *[visitor() for _ in range(20)])
            with CaptureQueriesContext(connection) as seen:
                night.look(local(9, 12))
            return len(seen)

        assert asked(1) == asked(3)


class TestFansWhoDoNothing:
    def joined(self, line, link, count, day=1):
        """So many strangers who touched the link and became members."""
        clock.move_to(local(day, 10))
        codes = [visitor() for _ in range(count)]
        touched(link, *codes)
        came = people(count)
        referrals.recognise(SYSTEM, list(zip(codes, came, strict=True)))
        return came

    def test_twenty_who_joined_and_never_did_anything_are_seen_after_a_week(
        self, line, link, promoter
    ):
        self.joined(line, link, 20)
        watch(8)
        assert frozen() == []
        watch(9)
        assert frozen() == [(promoter, "idle-fans")]

    def test_it_is_enough_that_two_of_them_did_something(self, line, link):
        came = self.joined(line, link, 20)
        groups.mark_active(SYSTEM, {group(line): came[:2]})
        watch(9)
        assert frozen() == []

    def test_released_only_later_fans_count(self, line, link, finance):
        self.joined(line, link, 20)
        watch(9)
        decide(finance)
        self.joined(line, link, 19, day=10)
        watch(18)
        assert frozen() == []


class TestStructure:
    def tree(self, line, *, depth, wide=1):
        """A chain so deep whose people are all paid for bringing; the top brought so many."""
        rows = [people(1)]
        for _ in range(depth - 1):
            rows.append(people(wide))
            for one in rows[-1]:
                brought(line, rows[-2][0], one)
        for row in rows:
            pay(line, *row)
        return [one for row in rows for one in row]

    def test_two_levels_are_amber_and_stop_nobody(self, line):
        top, _below = self.tree(line, depth=2)
        watch(2)
        assert {row.member_id: row.colour for row in Coloured.objects.all()} == {top: "amber"}
        assert compliance.frozen(Strength.PAYOUT) == set()

    def test_three_levels_are_red_and_freeze_the_payouts_of_who_stands_above(self, line):
        top, middle, _low = self.tree(line, depth=3)
        watch(2)
        colours = {row.member_id: (row.colour, row.levels) for row in Coloured.objects.all()}
        assert colours == {top: ("red", 3), middle: ("amber", 2)}
        assert frozen() == [(top, "structure")]
        assert compliance.frozen(Strength.PAYOUT) == {top}

    def test_thirty_people_are_red_on_two_levels(self, line):
        top, *_ = self.tree(line, depth=2, wide=29)
        watch(2)
        assert frozen() == [(top, "structure")]
        assert Freeze.objects.get().numbers == {"levels": 2, "people": 30}

    def test_a_host_of_many_who_are_paid_for_their_own_work_is_nothing(self, line):
        (top,) = people(1)
        for one in people(60):
            brought(line, top, one)
            rewards.grant(SYSTEM, [Grant(f"t:{one}", line.pk, one, "money", 5)])
        pay(line, top)
        watch(2)
        assert not Coloured.objects.exists()

    def test_pay_that_was_taken_back_counts_no_more(self, line):
        _top, middle, low = self.tree(line, depth=2) + people(1)
        brought(line, middle, low)
        late = Grant("late", line.pk, low, "money", 5, basis="invitation", hold_days=7)
        rewards.grant(SYSTEM, [late])
        rewards.void(SYSTEM, ["late"])
        watch(2)
        assert frozen() == []

    def test_released_it_stays_so_until_the_chain_has_grown(self, line, finance):
        *_, low = self.tree(line, depth=3)
        watch(2)
        decide(finance)
        watch(3)
        assert frozen() == []
        (lower,) = people(1)
        brought(line, low, lower)
        pay(line, lower)
        watch(4)
        assert [why for _, why in frozen()] == ["structure", "structure"]

    def test_a_record_merged_into_one_above_it_makes_a_ring_that_is_counted_once(self, line):
        top, middle, low = self.tree(line, depth=3)
        merging.merge(SYSTEM, top, low)
        watch(2)
        assert {(c.member_id, c.levels, c.people) for c in Coloured.objects.all()} == {
            (top, 2, 2),
            (middle, 2, 2),
        }

    def test_a_record_that_was_merged_away_heads_no_chain(self, line):
        top, *_ = self.tree(line, depth=2)
        watch(2)
        (other,) = people(1)
        merging.merge(SYSTEM, other, top)
        assert not Coloured.objects.exists()
        watch(3)
        assert [row.member_id for row in Coloured.objects.all()] == [other]

    def test_tasks_that_count_fans_are_pay_for_bringing(self, line, at):
        """As `tasks` writes it down: the assignment's reward carries its number."""
        top, below = people(2)
        brought(line, top, below)
        for one in (top, below):
            done = Assignment.objects.create(
                line=line,
                member_id=one,
                task="fans",
                kind="lock_fans",
                opening="beat:1",
                opened_at=clock.now(),
                closes_at=clock.now(),
                done_at=clock.now(),
                evidence="fans",
            )
            rewards.grant(SYSTEM, [Grant(f"task:{done.pk}:points", line.pk, one, "points", 10)])
        found = {one: chain.levels for one, chain in night.measured().items()}
        assert found == {top: 2, below: 1}


def brought(line, by, one):
    Enrollment.objects.create(
        line=line, member_id=one, inviter_id=by, state="waiting", asked_at=clock.now()
    )


def pay(line, *members):
    rewards.grant(
        SYSTEM,
        [Grant(f"i:{one}", line.pk, one, "money", 10, basis="invitation") for one in members],
    )


class TestUpholding:
    def hold(self, line, link, promoter):
        compliance_actions.freeze(
            SYSTEM, [Finding(promoter, rules.IDLE_FANS, Strength.HOLD, {"fans": 20})]
        )
        names = [f"t:{n}" for n in range(2)]
        rewards.grant(SYSTEM, [Grant(name, line.pk, promoter, "money", 100) for name in names])
        later = Grant("t:later", line.pk, promoter, "money", 100, hold_days=7)
        rewards.grant(SYSTEM, [later])

    def states(self, promoter):
        rewards.release_due(SYSTEM)
        rows = granted.of_member(SYSTEM, promoter)
        return {row.reference: row.state for row in rows}

    def test_takes_back_what_is_named_and_lets_the_rest_come(self, line, link, promoter, finance):
        self.hold(line, link, promoter)
        actions.decide(finance, Freeze.objects.get().pk, "upheld", "同一台手机", ["t:0"])
        assert self.states(promoter) == {"t:0": "void", "t:1": "settled", "t:later": "held"}

    def test_never_takes_what_still_waits_for_its_own_time(self, line, link, promoter, finance):
        self.hold(line, link, promoter)
        names = ["t:0", "t:1", "t:later"]
        actions.decide(finance, Freeze.objects.get().pk, "upheld", "同一台手机", names)
        assert self.states(promoter) == {"t:0": "void", "t:1": "void", "t:later": "held"}

    def test_released_nothing_is_taken_back(self, line, link, promoter, finance):
        self.hold(line, link, promoter)
        actions.decide(finance, Freeze.objects.get().pk, "released", "没问题", ["t:0"])
        assert self.states(promoter) == {"t:0": "settled", "t:1": "settled", "t:later": "held"}


def test_open_line_of_another_region_is_measured_with_the_rest(at):
    """Chains do not end at a region."""
    here, there = open_line(code="HD"), open_line(code="HN")
    one, two, three = people(3)
    brought(here, one, two)
    brought(there, two, three)
    pay(here, one), pay(there, two, three)
    assert night.measured()[one].levels == 3
