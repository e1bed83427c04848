"""A task that comes again: each day or week an assignment of its own, up to its cap."""

from datetime import timedelta
from functools import partial
from random import Random

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loop28.front.lines import actions as lines
from loop28.front.lines import course
from loop28.front.lines.models import Line
from loop28.front.playbooks import actions as playbooks
from loop28.front.tasks import actions, intake, jobs, repeating, rules
from loop28.front.tasks.giving import Given
from loop28.front.tasks.models import Assignment
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, Role
from tests.factories import staff
from tests.front.tasks import kit, model
from tests.front.tasks.kit import open_line, own, passing
from tests.front.tasks.test_facts import VISITS, line_with, visit
from tests.line_kit import SMALL, START, invitation, live_until, local, people, region, seated
from tests.races import together

DAILY = (
    ("kind: checkin\n", "kind: checkin\n    repeat: {per: day, at_most: 3}\n"),
    ("effort: 10s\n    window: 1d", "effort: 10s\n    window: day 1"),
)


@pytest.fixture(autouse=True)
def move(at):
    return at


@pytest.fixture
def line(db):
    return open_line(*DAILY)


def turns(member):
    rows = Assignment.objects.filter(member=member, task="checkin").order_by("opened_at")
    return list(rows.values_list("opening", "opened_at"))


class TestDays:
    def test_it_opens_with_each_local_day_until_its_cap(self, line):
        (member,) = passing(line, 1)
        live_until(local(5, 23))
        assert turns(member) == [
            ("beat:1", local(3, 8, 30)),
            ("again:2:beat:1", local(4, 0)),
            ("again:3:beat:1", local(5, 0)),
        ]
        assert not Assignment.objects.exclude(again_at=None).exists()

    def test_each_day_is_done_and_paid_for_itself(self, line):
        (member,) = passing(line, 1)
        for day in (3, 5):
            live_until(local(day, 9))
            kit.check_in(own(member), line.pk)
        done = Assignment.objects.filter(member=member, task="checkin").exclude(done_at=None)
        assert set(done.values_list("opening", flat=True)) == {"beat:1", "again:3:beat:1"}

    def test_who_comes_late_has_turns_of_their_own(self, line):
        passing(line, 1)
        live_until(local(4, 9))
        (late,) = people(1)
        actions.give(SYSTEM, line.pk, [Given(late, "checkin", "hand:1", clock.now())])
        assert turns(late) == [("hand:1", local(4, 9))]
        assert Assignment.objects.get(member=late).again_at == local(5, 0)

    def test_a_worker_that_was_away_opens_what_was_missed_at_its_time(self, line):
        (member,) = passing(line, 1)
        clock.move_to(local(5, 12))
        jobs.open_again(clock.now())
        assert [at for _, at in turns(member)] == [local(3, 8, 30), local(4, 0), local(5, 0)]

    def test_who_left_gets_nothing_more(self, line):
        member, stays = passing(line, 2)
        lines.leave(own(member), line.pk, member)
        live_until(local(4, 9))
        assert (len(turns(member)), len(turns(stays))) == (1, 2)

    def test_a_line_that_stands_still_waits_and_one_that_is_over_ends_it(self, line):
        (member,) = passing(line, 1)
        admin = Actor(Role.ADMINISTRATOR, staff().pk)
        course.pause(admin, line.pk, "台风")
        clock.move_to(local(4, 9))
        jobs.open_again(clock.now())
        assert len(turns(member)) == 1
        course.stop(admin, line.pk, "再见", "没有人来")
        clock.move_to(local(5, 9))
        jobs.open_again(clock.now())
        assert len(turns(member)) == 1

    def test_a_line_that_was_shifted_shifts_its_turns(self, line):
        (member,) = passing(line, 1)
        admin = Actor(Role.ADMINISTRATOR, staff().pk)
        course.pause(admin, line.pk, "台风")
        clock.move_to(local(5, 9))
        course.resume(admin, line.pk, shift=True, reason="天晴了")
        assert len(turns(member)) == 1
        assert Assignment.objects.get(member=member, task="checkin").again_at > local(5, 9)

    @pytest.mark.django_db(transaction=True)
    def test_two_workers_open_each_turn_once(self, move):
        line = open_line(*DAILY)
        comers = passing(line, 3)
        clock.move_to(local(4, 9))
        call = partial(repeating.open_again, SYSTEM, line.pk)
        assert sorted(together(call, call)) == [0, 3]
        assert [len(turns(member)) for member in comers] == [2, 2, 2]


class TestBack:
    """A line that calls nobody: its door stays open, and who left may come back."""

    @pytest.fixture
    def line(self, db):
        text = yaml.safe_load(SMALL.read_text())
        (checkin,) = [task for task in text["tasks"] if task["key"] == "checkin"]
        opening = {"key": "open", "day": 1, "at": "08:30", "kind": "tasks", "tasks": ["checkin"]}
        end = {"key": "end", "day": 5, "at": "23:50", "kind": "close", "phase": "all"}
        text |= {
            "phases": [{"key": "all", "name": "五天打卡", "days": 5, "group": "打卡群"}],
            "promotion": {level: {"tasks": 1, "orders": 1} for level in ("owner", "supervisor")},
            "tasks": [checkin | {"repeat": {"per": "day", "at_most": 5}, "window": "day 1"}],
            "beats": [opening, end | {"text": "再见"}],
        }
        return lines.open_line(
            SYSTEM,
            region=region("HD").pk,
            start_day=START,
            host=people(1, "店主")[0],
            size=20,
            budget_fen=100_000,
            playbook=playbooks.publish(SYSTEM, yaml.safe_dump(text, allow_unicode=True)).pk,
        )

    def away(self, line, member, since, until):
        live_until(since)
        lines.leave(own(member), line.pk, member)
        live_until(until)
        lines.join(SYSTEM, invitation(line), [member])

    def test_who_left_over_night_gets_todays_and_goes_on(self, line):
        member, stays = seated(line, 2)
        self.away(line, member, local(1, 22), local(2, 7))
        live_until(local(5, 9))
        assert len(turns(stays)) == 5
        assert turns(member) == turns(stays)

    def test_who_was_away_for_days_does_not_make_up_for_them(self, line):
        (member,) = seated(line, 1)
        self.away(line, member, local(1, 22), local(4, 7))
        live_until(local(5, 9))
        assert [at for _, at in turns(member)] == [local(1, 8, 30), local(4, 0), local(5, 0)]

    def test_who_is_back_the_same_day_has_nothing_twice(self, line):
        (member,) = seated(line, 1)
        self.away(line, member, local(1, 22), local(1, 23))
        live_until(local(3, 9))
        assert [at for _, at in turns(member)] == [local(1, 8, 30), local(2, 0), local(3, 0)]


@given(turn=st.integers(2, 60), root=st.sampled_from(["beat:1", "hand:x", "after:beat:2"]))
def test_openings_count_their_turns(turn, root):
    opening = root
    for _ in range(turn - 1):
        opening = rules.opened_again(opening)
    assert (rules.turn(opening), opening) == (turn, f"again:{turn}:{root}")


DAY = timedelta(days=1)


@pytest.mark.django_db
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    per=st.sampled_from(["day", "week"]),
    at_most=st.integers(2, 5),
    hours=st.lists(st.integers(0, 200), max_size=20, unique=True),
    looks=st.lists(st.integers(0, 200), min_size=1, max_size=4),
    seed=st.integers(0, 99),
)
def test_turns_and_what_counts_for_them_are_what_the_model_says(per, at_most, hours, looks, seed):
    line = line_with({"visits": VISITS}, repeat={"per": per, "at_most": at_most})
    (member,) = seated(Line.objects.get(pk=line), 1)
    first = local(1, 12)
    actions.give(SYSTEM, line, [Given(member, "visits", "hand:1", first)])
    facts = [visit(member, f"{line}:{n}", first + n * timedelta(hours=1)) for n in hours]
    Random(seed).shuffle(facts)
    for hour in sorted(looks):
        clock.move_to(first + timedelta(hours=hour))
        intake.receive(SYSTEM, facts[: hour // 10])
        jobs.open_again(clock.now())
    intake.receive(SYSTEM, facts)
    step = DAY if per == "day" else 7 * DAY
    starts = [first, *(local(1, 0) + n * step for n in range(1, at_most))]
    expected = [
        model.Assigned(member, "visits", at, at + timedelta(hours=24))
        for at in starts
        if at <= clock.now()
    ]
    rows = Assignment.objects.filter(line=line).order_by("opened_at")
    found = [(row.opened_at, row.progress) for row in rows]
    assert found == [(one.opened_at, model.progress(one, VISITS, facts)) for one in expected]
