"""What pages show of tasks, to whom, and who needs a hand."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from loop28.front.lines import actions as lines
from loop28.front.tasks import actions, queries
from loop28.front.tasks.models import Assignment
from loop28.front.tasks.rules import Stand
from loop28.kernel.access import SYSTEM, Actor, Role
from tests.front.tasks import kit
from tests.front.tasks.kit import assignment, open_line, own, passing, refund, report, sale
from tests.line_kit import live_until, local, people, region

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def move(at):
    return at


@pytest.fixture
def line():
    return open_line()


@pytest.fixture
def members(line):
    return passing(line, 3)


def outsiders(line):
    return [
        own(people(1)[0]),
        Actor(Role.REGION_MANAGER, 1, region("HN").pk),
        Actor(Role.MACHINE, 1),
    ]


def insiders(line, member):
    return [
        own(member),
        own(line.host_id),
        Actor(Role.REGION_MANAGER, 1, line.region_id),
        Actor(Role.MIDDLE, 1),
    ]


class TestOfMember:
    def test_shows_each_task_with_its_stand_its_reward_and_what_was_granted(self, line, members):
        member = members[0]
        kit.check_in(own(member), line.pk)
        live_until(local(5, 8, 31))
        report(sale(member))
        mine = queries.of_member(own(member), member, line.pk)
        assert [(one.task.key, one.stand, one.today) for one in mine] == [
            ("checkin", Stand.DONE, False),
            ("name-shop", Stand.MISSED, False),
            ("quiz", Stand.MISSED, False),
            ("lock-fan", Stand.MISSED, False),
            ("post-moment", Stand.MISSED, False),
            ("own-words", Stand.MISSED, False),
            ("first-order", Stand.DONE, True),
        ]
        first, last = mine[0], mine[-1]
        assert first.earned == [("money", 50, "打个卡")]
        assert [(row.amount, row.state) for row in first.granted] == [(50, "settled")]
        assert [(row.amount, row.state) for row in last.granted] == [(500, "held")]
        assert (first.counted, last.counted, mine[1].counted) == (1, 1, 0)

    def test_what_is_open_is_todays_until_its_deadline(self, line, members, move):
        member = members[0]
        live_until(local(4, 8, 30))
        mine = {one.task.key: one for one in queries.of_member(own(member), member, line.pk)}
        assert mine["checkin"].stand is Stand.OPEN
        assert mine["checkin"].today
        move(local(4, 8, 30) + timedelta(microseconds=1))
        mine = {one.task.key: one for one in queries.of_member(own(member), member, line.pk)}
        assert mine["checkin"].stand is Stand.MISSED
        assert not mine["checkin"].today
        assert mine["quiz"].today

    def test_is_seen_by_insiders_and_nobody_else(self, line, members):
        member = members[0]
        row = assignment(line, member, "quiz")
        for actor in insiders(line, member):
            assert len(queries.of_member(actor, member, line.pk)) == 3
            assert queries.one(actor, row.pk).task.key == "quiz"
        for actor in [*outsiders(line), own(members[1])]:
            assert queries.of_member(actor, member, line.pk) == []
            with pytest.raises(Assignment.DoesNotExist):
                queries.one(actor, row.pk)

    def test_costs_a_handful_of_statements(self, line, members):
        live_until(local(5, 8, 30))
        with CaptureQueriesContext(connection) as statements:
            queries.of_member(own(members[0]), members[0], line.pk)
        assert len(statements) <= 5


class TestResults:
    def test_count_opened_done_and_missed_by_task(self, line, members, move):
        live_until(local(4, 8, 31))
        ids = [(assignment(line, m, "quiz").pk, "quiz") for m in members[:2]]
        actions.complete(SYSTEM, ids)
        found = {result.task.key: result for result in queries.results(SYSTEM, line.pk)}
        assert list(found) == [
            "checkin",
            "name-shop",
            "quiz",
            "lock-fan",
            "post-moment",
            "own-words",
        ]
        quiz, checkin = found["quiz"], found["checkin"]
        assert (quiz.opened, quiz.done, quiz.missed, quiz.open) == (3, 2, 0, 1)
        assert (checkin.opened, checkin.done, checkin.missed, checkin.open) == (3, 0, 3, 0)
        assert queries.totals([line.pk]) == {line.pk: (18, 2)}
        assert queries.done(line.pk, members) == {members[0]: 1, members[1]: 1}
        assert queries.lines_of([*members, line.host_id]) == {line.pk: sorted(members)}

    def test_tell_who_started_who_is_stuck_how_long_it_takes_and_what_it_costs(self, line, members):
        fast, slow, idle = members
        live_until(local(3, 9, 30))
        actions.complete(SYSTEM, [(assignment(line, fast, "quiz").pk, "quiz")])
        live_until(local(3, 10, 30))
        actions.complete(SYSTEM, [(assignment(line, slow, "quiz").pk, "quiz")])
        found = {result.task.key: result for result in queries.results(SYSTEM, line.pk)}
        quiz = found["quiz"]
        assert (quiz.started, quiz.stuck, quiz.took) == (2, 0, timedelta(hours=1))
        assert quiz.cost == 2 * quiz.task.reward.money > 0
        assert (found["checkin"].took, found["checkin"].cost) == (None, 0)
        live_until(local(5, 9))
        found = {result.task.key: result for result in queries.results(SYSTEM, line.pk)}
        (stuck,) = queries.stuck(SYSTEM, line.pk)
        assert stuck.member == idle
        for result in found.values():
            stands = queries.stands(line.pk, result.task.key, result.nth).values()
            for name in ("started", "stuck", "done", "open", "missed"):
                assert getattr(result, name) == sum(name in one for one in stands)
        assert found["first-order"].stuck == 1

    def test_what_waits_for_a_look_at_its_picture_is_neither_missed_nor_stuck(self, line, members):
        live_until(local(5, 9))
        assert len(queries.stuck(SYSTEM, line.pk)) == 3
        sent = {row.pk for row in Assignment.objects.filter(member_id=members[0])}
        assert [one.member for one in queries.stuck(SYSTEM, line.pk, sent)] == members[1:]
        found = {r.task.key: r for r in queries.results(SYSTEM, line.pk, sent)}
        quiz = found["quiz"]  # its time is over
        assert (quiz.in_review, quiz.missed, quiz.open, quiz.started) == (1, 2, 0, 1)
        for result in found.values():
            stands = queries.stands(line.pk, result.task.key, result.nth, sent).values()
            for name in ("started", "stuck", "done", "open", "in_review", "missed"):
                stood = name.replace("_", "-")
                assert getattr(result, name) == sum(stood in one for one in stands)

    def test_what_was_taken_back_costs_nothing(self, line, members):
        live_until(local(5, 8, 31))
        one = sale(members[0])
        report(one)
        found = {result.task.key: result for result in queries.results(SYSTEM, line.pk)}
        assert found["first-order"].cost == found["first-order"].task.reward.money
        refund(one)
        found = {result.task.key: result for result in queries.results(SYSTEM, line.pk)}
        assert (found["first-order"].cost, found["first-order"].done) == (0, 0)

    def test_are_seen_by_who_runs_or_watches_the_line(self, line, members):
        for actor in insiders(line, members[0])[1:]:
            assert len(queries.results(actor, line.pk)) == 3
            assert queries.to_tick(actor, line.pk).count() == 3
        for actor in [*outsiders(line), own(members[0])]:
            assert queries.results(actor, line.pk) == []
            assert queries.stuck(actor, line.pk) == []
            assert not queries.to_tick(actor, line.pk).exists()


class TestStuck:
    def test_are_those_who_let_tasks_lie_for_two_days_the_longest_first(self, line, members, move):
        busy, slow, idle = members
        move(local(3, 9))
        kit.check_in(own(busy), line.pk)
        kit.check_in(own(slow), line.pk)
        live_until(local(4, 9))
        actions.complete(SYSTEM, [(assignment(line, busy, "quiz").pk, "quiz")])
        live_until(local(5, 8, 29))
        assert queries.stuck(SYSTEM, line.pk) == []
        live_until(local(5, 8, 30))
        (found,) = queries.stuck(own(line.host_id), line.pk)
        assert (found.member, found.since) == (idle, local(3, 8, 30))
        assert (found.done, found.open, found.missed) == (0, 6, 1)
        live_until(local(5, 9))
        assert [one.member for one in queries.stuck(SYSTEM, line.pk)] == [idle, slow]

    def test_nobody_is_once_they_left_or_the_line_is_over(self, line, members):
        live_until(local(5, 9))
        assert len(queries.stuck(SYSTEM, line.pk)) == 3
        lines.leave(SYSTEM, line.pk, members[0])
        assert len(queries.stuck(SYSTEM, line.pk)) == 2
        live_until(local(5, 22))
        assert queries.stuck(SYSTEM, line.pk) == []


class TestToTick:
    def test_lists_what_waits_for_a_persons_word(self, line, members, move):
        live_until(local(4, 9))
        waiting = [(row.task, row.member_id) for row in queries.to_tick(SYSTEM, line.pk)]
        tasks = ["name-shop", "own-words", "post-moment"]
        by_end = [(t, m) for t in tasks for m in members if t != "name-shop"]
        assert sorted(waiting) == sorted(by_end + [("name-shop", m) for m in members])
        assert [row.closes_at for row in queries.to_tick(SYSTEM, line.pk)] == sorted(
            row.closes_at for row in queries.to_tick(SYSTEM, line.pk)
        )
        actions.tick(own(line.host_id), [assignment(line, members[0], "own-words").pk])
        assert len(queries.to_tick(SYSTEM, line.pk)) == len(waiting) - 1
        lines.leave(SYSTEM, line.pk, members[0])
        assert members[0] not in {row.member_id for row in queries.to_tick(SYSTEM, line.pk)}
