"""Many at once, and processes that end in the middle: one step up, one graduation, one decision."""

import time

import pytest

from loop28.front.ladder import actions, queries, standing
from loop28.front.ladder.models import Graduate, Promotion
from loop28.front.tasks import actions as tasks
from loop28.front.tasks.models import Assignment
from loop28.kernel.access import SYSTEM
from loop28.kernel.journal.models import Entry
from loop28.middle.orders import actions as orders
from tests.factories import staff
from tests.front.tasks.kit import open_line, passing, report, sale
from tests.line_kit import live_until, local, people
from tests.races import Died, dying_at, together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def move(at):
    return at


@pytest.fixture
def line():
    return open_line()


def completions(line, members, number):
    return [
        (row.pk, "test")
        for member in members
        for row in Assignment.objects.filter(line=line, member_id=member).order_by("id")[:number]
    ]


def test_the_last_task_and_the_first_order_at_once_make_an_owner(line):
    members = passing(line, 6)
    tasks.complete(SYSTEM, completions(line, members, 2))
    third = completions(line, members, 3)[2::3]
    sales = [sale(m) for m in members]
    together(
        *(lambda one=one: tasks.complete(SYSTEM, [one]) for one in third),
        *(lambda one=one: orders.report(SYSTEM, [one]) for one in sales),
    )
    assert queries.level(members) == dict.fromkeys(members, "owner")
    assert Promotion.objects.count() == len(members)


def test_of_two_facts_that_decide_together_the_later_sees_both(line, monkeypatch):
    (member,) = passing(line, 1)
    tasks.complete(SYSTEM, completions(line, [member], 2))
    monkeypatch.setattr(standing, "numbers", _slowly(standing.numbers))
    last, one = completions(line, [member], 3)[2:], sale(member)
    together(
        lambda: tasks.complete(SYSTEM, last),
        lambda: orders.report(SYSTEM, [one]),
    )
    assert queries.level([member]) == {member: "owner"}


def test_the_same_promotion_from_many_sides_is_one(line):
    members = passing(line, 4)
    tasks.complete(SYSTEM, completions(line, members, 3))
    together(
        *(lambda m=m: orders.report(SYSTEM, [sale(m), sale(m)]) for m in members),
        *(lambda way=w: actions.promote(SYSTEM, {line.pk: members[::way]}) for w in (1, -1)),
        lambda: actions.graduate(SYSTEM, line.pk),
        lambda: actions.graduate(SYSTEM, line.pk),
    )
    assert Promotion.objects.filter(level="owner").count() == 4
    assert Entry.objects.filter(kind="Promoted").count() == 4
    assert Graduate.objects.count() == 4
    assert sum(e.data["count"] for e in Entry.objects.filter(kind="Graduated")) == 4


def test_of_two_who_decide_at_once_one_is_heard(line):
    (member,) = passing(line, 1)
    step = Promotion.objects.create(
        member_id=member,
        level="supervisor",
        line=line,
        state="proposed",
        proposed_at=local(3, 9),
    )
    one, other = staff().actor, staff().actor
    answers = together(
        lambda: actions.decide(one, step.pk, True),
        lambda: actions.decide(other, step.pk, False, "还早"),
    )
    assert sum(isinstance(answer, Exception) for answer in answers) == 1
    facts = Entry.objects.filter(kind__in=["Promoted", "PromotionDeclined"])
    assert facts.count() == 1


def test_appointed_by_many_at_once_is_appointed_once(line):
    (member,) = people(1)
    bosses = [staff().actor for _ in range(4)]
    answers = together(
        *(lambda boss=boss: actions.appoint(boss, member, "owner", "首批店主") for boss in bosses)
    )
    assert len({answer.pk for answer in answers}) == 1
    assert Entry.objects.filter(kind="Promoted").count() == 1


def test_a_crash_in_a_promotion_leaves_nothing_and_the_same_fact_promotes(line):
    (member,) = passing(line, 1)
    tasks.complete(SYSTEM, completions(line, [member], 3))
    one = sale(member)
    statement = _until_it_ends(
        lambda: orders.report(SYSTEM, [one]), lambda: not Promotion.objects.exists()
    )
    assert statement > 10
    assert queries.level([member]) == {member: "owner"}


def test_a_crash_in_a_graduation_leaves_it_for_the_next_look(line, move):
    members = passing(line, 3)
    tasks.complete(SYSTEM, completions(line, members, 3))
    report(*(sale(m) for m in members))
    live_until(local(5, 20, 59))
    Promotion.objects.all().delete()

    def nothing():
        return not Graduate.objects.exists() and not Promotion.objects.exists()

    assert _until_it_ends(lambda: actions.graduate(SYSTEM, line.pk), nothing) > 10
    assert Graduate.objects.count() == Promotion.objects.count() == 3
    live_until(local(5, 21))
    assert Graduate.objects.count() == Promotion.objects.count() == 3


def _slowly(work):
    """The same, and then a while in which the other transaction can go wrong."""

    def run(*arguments):
        result = work(*arguments)
        time.sleep(0.3)
        return result

    return run


def _until_it_ends(work, untouched):
    statement = 0
    while True:
        statement += 1
        try:
            with dying_at(statement):
                work()
            return statement
        except Died:
            assert untouched()
