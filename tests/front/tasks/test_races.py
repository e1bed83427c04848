"""Many at once, and processes that end in the middle: given once, done once, paid once."""

import threading

import pytest

from loop28.back.finance import actions as finance
from loop28.back.finance import queries as finance_queries
from loop28.front.lines import actions as lines
from loop28.front.lines import beats, course
from loop28.front.rewards.models import Entitlement
from loop28.front.tasks import actions, standstill
from loop28.front.tasks.models import Assignment, Step
from loop28.front.tasks.rules import Opening
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.kernel.journal.models import Entry
from loop28.middle.orders import actions as orders
from tests.factories import staff
from tests.front.tasks import kit
from tests.front.tasks.kit import (
    assignment,
    held,
    open_line,
    own,
    passing,
    refund,
    report,
    sale,
    stands,
    wallet,
)
from tests.line_kit import live_until, local, seated
from tests.races import Died, dying_at, together

pytestmark = pytest.mark.django_db(transaction=True)
OPEN = local(5, 8, 30)


@pytest.fixture(autouse=True)
def move(at):
    return at


@pytest.fixture
def line():
    return open_line()


def until_it_ends(work, untouched):
    """Let it die before each of its statements; after every death nothing may have happened."""
    statement = 0
    while True:
        statement += 1
        try:
            with dying_at(statement):
                work()
            return statement
        except Died:
            untouched()


class TestRaces:
    def test_two_beats_and_late_opt_ins_give_everybody_everything_once(self, line, move):
        early, late = seated(line, 4), []
        live_until(local(2, 20, 1))
        late = early[2:]
        lines.let_in(SYSTEM, line.pk, early[:2])
        live_until(local(3, 8, 29))
        move(local(3, 8, 30))
        together(
            lambda: beats.fire_due(SYSTEM),
            *(lambda m=m: lines.let_in(SYSTEM, line.pk, [m]) for m in late),
            lambda: beats.fire_due(SYSTEM),
        )
        beats.fire_due(SYSTEM)
        found = Assignment.objects.values_list("member_id", "task", "opening")
        assert len(found) == len(set(found)) == 3 * len(early)

    def test_the_same_openings_in_another_order_are_given_once(self, line):
        members = passing(line, 10)
        new = [Opening("checkin", "beat:2"), Opening("quiz", "beat:2")]
        opened = together(
            *(
                lambda way=way: actions.open_tasks(SYSTEM, line.pk, new[::way], members[::way])
                for way in (1, -1, 1, -1)
            )
        )
        assert sum(opened) == 20
        assert Assignment.objects.filter(opening="beat:2").count() == 20

    def test_the_same_completions_at_once_pay_once(self, line):
        members = passing(line, 10)
        ids = [(assignment(line, m, "quiz").pk, "quiz") for m in members]
        answers = together(
            *(lambda way=way: actions.complete(SYSTEM, ids[::way]) for way in (1, -1, 1, -1))
        )
        assert sum(map(sum, answers)) == 10
        assert [wallet(m) for m in members] == [100] * 10
        assert Entry.objects.filter(kind="TaskCompleted").count() == 10

    def test_ten_taps_on_the_check_in_count_once(self, line):
        (member,) = passing(line, 1)
        answers = together(*[lambda: kit.check_in(own(member), line.pk)] * 10)
        assert [answer.counted for answer in answers] == [1] * 10
        assert sum(len(answer.done) for answer in answers) == 1
        assert (Step.objects.count(), wallet(member)) == (1, 50)

    def test_orders_and_their_refunds_at_once_leave_a_task_done_by_what_stands(self, line):
        (member,) = passing(line, 1, OPEN)
        gone, stays = sale(member), sale(member)
        report(gone)
        together(
            lambda: refund(gone),
            lambda: orders.report(SYSTEM, [stays]),
            lambda: orders.report(SYSTEM, [stays]),
            lambda: refund(gone),
        )
        (number,) = report(stays)
        row = assignment(line, member, "first-order")
        assert row.evidence == f"order:{number}"
        assert held(line) == 500
        live = Entitlement.objects.exclude(state="void")
        assert live.count() == 1


class TestCrashes:
    def test_in_a_task_beat_leave_it_for_the_next_look(self, line, move):
        members = passing(line, 3, local(3, 8, 29))
        move(local(3, 8, 30))
        last = until_it_ends(
            lambda: beats.fire_due(SYSTEM), lambda: assert_none(Assignment.objects)
        )
        assert last > 10
        assert Assignment.objects.count() == 3 * len(members)

    def test_in_a_check_in_pay_nothing_and_the_next_tap_pays(self, line):
        (member,) = passing(line, 1)

        def untouched():
            assert_none(Step.objects, Entitlement.objects)
            assert stands(line, [member], "checkin") == [False]

        assert until_it_ends(lambda: kit.check_in(own(member), line.pk), untouched) > 10
        assert wallet(member) == 50

    def test_in_an_order_count_nothing_and_the_same_report_counts(self, line):
        (member,) = passing(line, 1, OPEN)
        one = sale(member)

        def untouched():
            assert_none(Step.objects, Entitlement.objects)

        assert until_it_ends(lambda: orders.report(SYSTEM, [one]), untouched) > 10
        assert held(line) == 500

    def test_in_a_refund_take_nothing_back_and_the_same_report_does(self, line):
        (member,) = passing(line, 1, OPEN)
        one = sale(member)
        report(one)

        def untouched():
            assert stands(line, [member], "first-order") == [True]
            assert (held(line), Step.objects.count()) == (500, 1)

        assert until_it_ends(lambda: refund(one), untouched) > 10
        assert held(line) == 0
        assert stands(line, [member], "first-order") == [False]


def assert_none(*managers):
    assert not any(manager.exists() for manager in managers)


def test_what_is_done_while_the_rest_goes_back_is_owed_or_paid(line, monkeypatch, move):
    (member, *_) = passing(line, 3)
    admin = Actor(Role.ADMINISTRATOR, staff().pk)
    course.stop(admin, line.pk, "再见", "没有人来")
    finance.fund(SYSTEM, line.pk, 1_000, "more")
    quiz = assignment(line, member, "quiz")
    owed, asked = standstill._owed, threading.Event()

    def slow(*of):
        asked.wait(0.5)  # the other one is done by now, or waits
        return owed(*of)

    def answer():
        actions.answer_quiz(own(member), quiz.pk, [2])
        asked.set()

    monkeypatch.setattr(standstill, "_owed", slow)
    move(later := local(3, 8, 31))
    rest, done = together(lambda: standstill.give_back_rest(SYSTEM, line.pk, ()), answer)
    assert (rest > 0, done) == (True, None)
    left = finance_queries.budget_left(SYSTEM, [line.pk])[line.pk]
    assert left == owed(line.pk, later, ())
