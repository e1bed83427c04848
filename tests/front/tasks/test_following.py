"""What is done opens what comes after it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from loop28.front.lines import course
from loop28.front.rewards.models import Entitlement
from loop28.front.tasks import actions, intake, standstill
from loop28.front.tasks.giving import Given
from loop28.front.tasks.models import Assignment
from loop28.kernel.access import SYSTEM, Actor, Role
from tests.factories import staff
from tests.front.tasks import kit
from tests.front.tasks.kit import assignment, open_line, own, passing
from tests.front.tasks.test_facts import HOUR, NOON, VISITS, line_with, visit
from tests.line_kit import live_until, local, people

DAY = timedelta(days=1)
CHAIN = {
    "visits": VISITS._replace(bar=1),
    "more": VISITS._replace(after="visits", hours=2),
    "last": VISITS._replace(after="more", bar=1),
}


@pytest.fixture(autouse=True)
def move(at):
    return at


@pytest.fixture
def line(db):
    return line_with(CHAIN)


@pytest.fixture
def member(line):
    (number,) = people(1)
    actions.give(SYSTEM, line, [Given(number, "visits", "hand:1", NOON)])
    return number


def of(task, opening="after:hand:1"):
    return Assignment.objects.get(task=task, opening=opening)


def visits(member, *hours):
    return [visit(member, f"at:{hour}", NOON + hour * HOUR) for hour in hours]


class TestFacts:
    def test_the_next_task_opens_in_the_instant_in_which_one_is_done(self, line, member):
        intake.receive(SYSTEM, visits(member, 1))
        assert (of("more").opened_at, of("more").closes_at) == (NOON + HOUR, NOON + 3 * HOUR)
        assert not Assignment.objects.filter(task="last").exists()

    def test_what_completed_a_task_counts_for_the_next_one_and_what_came_before_does_not(
        self, line, member
    ):
        intake.receive(SYSTEM, [visit(member, "before", NOON - HOUR), *visits(member, 1, 2)])
        assert of("more").done_at == NOON + 2 * HOUR
        assert of("last").opened_at == of("last").done_at == NOON + 2 * HOUR
        assert Entitlement.objects.count() == 3

    def test_an_earlier_fact_that_is_told_late_moves_the_window(self, line, member):
        intake.receive(SYSTEM, visits(member, 5, 4))
        assert of("more").opened_at == NOON + 4 * HOUR
        intake.receive(SYSTEM, visits(member, 1))
        assert (of("more").opened_at, of("more").closes_at) == (NOON + HOUR, NOON + 3 * HOUR)

    def test_what_was_done_in_a_window_that_moved_stays_done(self, line, member):
        intake.receive(SYSTEM, visits(member, 4, 5))
        intake.receive(SYSTEM, visits(member, 1))
        assert (of("more").progress, of("more").done_at) == (1, NOON + 5 * HOUR)
        assert Entitlement.objects.count() == 3

    def test_each_opening_of_the_first_task_has_a_chain_of_its_own(self, line, member):
        again = Given(member, "visits", "hand:2", NOON)
        actions.give(SYSTEM, line, [again])
        intake.receive(SYSTEM, visits(member, 1, 2))
        assert of("last").opened_at == of("last", "after:hand:2").opened_at == NOON + 2 * HOUR
        assert Assignment.objects.count() == 6

    def test_a_fact_that_turns_out_not_to_hold_closes_nothing_that_it_opened(self, line, member):
        intake.receive(SYSTEM, visits(member, 1))
        intake.reverse(SYSTEM, ["at:1"])
        assert of("more").opened_at == NOON + HOUR
        intake.receive(SYSTEM, visits(member, 2))
        assert of("more").opened_at == NOON + HOUR
        assert Assignment.objects.count() == 2

    def test_a_task_that_is_given_late_opens_the_next_one_as_if_it_had_been_there(self, line):
        (late,) = people(1)
        intake.receive(SYSTEM, visits(late, 1, 2))
        actions.give(SYSTEM, line, [Given(late, "visits", "hand:1", NOON)])
        assert of("last").done_at == NOON + 2 * HOUR

    def test_after_the_end_of_a_line_nothing_opens(self, line, member):
        course.stop(Actor(Role.ADMINISTRATOR, staff().pk), line, "再见", "nobody came")
        intake.receive(SYSTEM, visits(member, 1))
        assert of("visits", "hand:1").done_at == NOON + HOUR
        assert Assignment.objects.count() == 1

    def test_a_chain_costs_no_more_statements_for_many_than_for_one(self, line):
        assert _statements(line, 20) == _statements(line, 1)
        assert not Assignment.objects.filter(done_at=None).exists()


def _statements(line, count):
    comers = people(count)
    actions.give(SYSTEM, line, [Given(m, "visits", "hand:1", NOON) for m in comers])
    facts = [visit(m, f"{m}:{hour}", NOON + hour * HOUR) for m in comers for hour in (1, 2)]
    with CaptureQueriesContext(connection) as asked:
        intake.receive(SYSTEM, facts)
    return len(asked)


class TestPeople:
    def test_what_a_member_does_themselves_opens_the_next_one_at_once(self, db):
        line = open_line(
            ("[checkin, name-shop, quiz]", "[checkin]"),
            ("kind: name_shop\n", "kind: name_shop\n    after: quiz\n"),
            ("kind: quiz\n", "kind: quiz\n    after: checkin\n"),
        )
        (member,) = passing(line, 1)
        kit.check_in(own(member), line.pk)
        quiz = Assignment.objects.get(member=member, task="quiz")
        assert quiz.opening == "after:beat:1"
        actions.answer_quiz(own(member), quiz.pk, [2])
        shop = Assignment.objects.get(member=member, task="name-shop")
        assert (shop.opened_at, shop.opening) == (local(3, 8, 30), "after:beat:1")
        live_until(local(5, 9))
        assert Assignment.objects.filter(member=member, task="quiz").count() == 1
        assert assignment(line, member, "checkin").done_at == local(3, 8, 30)
        assert shop.closes_at - shop.opened_at == timedelta(days=2)


def test_what_begins_earlier_keeps_the_days_for_which_its_line_stood_still(line, member):
    actions.give(SYSTEM, line, [Given(member, "visits", "hand:1", NOON)])
    intake.receive(SYSTEM, [visit(member, "at:4", NOON + 4 * HOUR)])
    standstill.extend(SYSTEM, line, NOON + 5 * HOUR, 2)
    intake.receive(SYSTEM, [visit(member, "at:3", NOON + 3 * HOUR)])
    more = Assignment.objects.get(task="more")
    assert (more.opened_at, more.closes_at) == (NOON + 3 * HOUR, NOON + 5 * HOUR + 2 * DAY)
