"""Owners by the rule in the moment in which they reach it, by the numbers it asks for."""

from datetime import timedelta

import pytest

from loop28.front.ladder import actions
from loop28.front.ladder.models import Promotion
from loop28.front.lines import actions as lines
from loop28.front.tasks import actions as tasks
from loop28.front.tasks.models import Assignment
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from tests.front.ladder.kit import complain, does, level, sells
from tests.front.tasks.kit import open_line, passing, refund, report, sale
from tests.line_kit import local

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def move(at):
    return at


@pytest.fixture
def line():
    return open_line()


class TestOwners:
    def test_are_made_in_the_moment_in_which_the_last_number_is_reached(self, line):
        by_order, by_task = passing(line, 2)
        does(line, [by_order], 3)
        assert level(by_order) == [None]
        sells(by_order, by_task)
        assert level(by_order, by_task) == ["owner", None]
        does(line, [by_task], 2)
        assert level(by_task) == [None]
        does(line, [by_task], 1)
        assert level(by_task) == ["owner"]
        step = Promotion.objects.get(member_id=by_order)
        assert step.numbers == {"tasks": 3, "orders": 1, "needs": {"tasks": 3, "orders": 1}}
        assert (step.state, step.line_id, step.decided_by_id) == ("granted", line.pk, None)
        fact = Entry.objects.filter(kind="Promoted").first()
        assert fact.data == {
            "line": line.pk,
            "member": by_order,
            "level": "owner",
            "promotion": step.pk,
        }

    def test_are_made_once_and_stay_whatever_is_refunded(self, line):
        (member,) = passing(line, 1)
        does(line, [member], 3)
        one = sale(member)
        report(one)
        refund(one)
        report(sale(member))
        assert level(member) == ["owner"]
        assert Promotion.objects.count() == 1

    def test_own_refunded_and_foreign_orders_do_not_count(self, line, move):
        (member,) = passing(line, 1)
        does(line, [member], 3)
        gone = sale(member)
        before = sale(member, local(1, 0) - timedelta(seconds=1))
        after = sale(member, local(6, 0))
        report(sale(member, buyer=str(member)), before)
        report(gone)
        Promotion.objects.all().delete()
        refund(gone)
        move(local(6, 1))
        report(after)
        assert level(member) == [None]
        report(sale(member, local(5, 23, 59)))  # told late, sold in time
        assert level(member) == ["owner"]

    def test_who_left_or_never_passed_is_not_promoted(self, line):
        leaver, stays = passing(line, 2)
        does(line, [leaver, stays], 3)
        lines.leave(SYSTEM, line.pk, leaver)
        sells(leaver, stays, line.host_id)
        assert level(leaver, stays, line.host_id) == [None, "owner", None]

    def test_the_rule_is_the_products_own(self, line):
        with pytest.raises(NotAllowed):
            actions.promote(Actor(Role.ADMINISTRATOR, 1), {line.pk: []})
        with pytest.raises(NotAllowed):
            actions.graduate(Actor(Role.ADMINISTRATOR, 1), line.pk)


class TestOtherNumbers:
    """Lessons, complaints and refunds count where a playbook asks for them."""

    def test_a_lesson_taught_is_a_number_of_its_own(self):
        line = open_line(
            ("orders: 1", "orders: 0\n    lessons: 1"),
            ("orders: 2", "orders: 2\n    lessons: 1"),
            ("kind: name_shop", "kind: teach_lesson\n    target: 2"),
        )
        (member,) = passing(line, 1)
        lesson = Assignment.objects.get(member_id=member, kind="teach_lesson")
        others = Assignment.objects.filter(member_id=member).exclude(pk=lesson.pk)
        tasks.complete(SYSTEM, [(row.pk, "test") for row in others])
        assert level(member) == [None]
        tasks.complete(SYSTEM, [(lesson.pk, "test")])
        assert level(member) == ["owner"]
        kept = Promotion.objects.get(level="owner").numbers
        assert (kept["lessons"], kept["needs"]["lessons"]) == (1, 1)

    def test_complaints_that_were_found_right_bar_it(self, move):
        line = open_line(
            ("orders: 1", "orders: 1\n    complaints_max: 0"),
            ("orders: 2", "orders: 2\n    complaints_max: 0"),
        )
        good, unfounded, bad = passing(line, 3)
        for member, decision in ((unfounded, "unfounded"), (bad, "settled")):
            complain(line, member, good, decision)
        does(line, [good, unfounded, bad], 3)
        sells(good, unfounded, bad)
        assert level(good, unfounded, bad) == ["owner", "owner", None]

    def test_a_larger_share_of_refunds_bars_it_until_enough_is_sold(self):
        line = open_line(
            ("orders: 1", "orders: 1\n    refunded_percent_max: 25"),
            ("orders: 2", "orders: 2\n    refunded_percent_max: 25"),
        )
        (member,) = passing(line, 1)
        gone = sale(member)
        report(gone)
        refund(gone)
        sells(member, number=2)
        does(line, [member], 3)
        assert level(member) == [None]
        sells(member)
        assert level(member) == ["owner"]
        assert Promotion.objects.get().numbers["refunded_percent"] == 25
