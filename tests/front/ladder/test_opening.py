"""A level opens tasks: at once, once, for who reaches it and for who has it already."""

from functools import partial

import pytest

from loop28.front.ladder import actions, demoting
from loop28.front.ladder.models import Promotion
from loop28.front.lines import actions as lines
from loop28.front.tasks import actions as tasks
from loop28.front.tasks import intake
from loop28.front.tasks.models import Assignment
from loop28.front.tasks.rules import Happened
from loop28.kernel import clock as clocks
from loop28.kernel.access import SYSTEM
from tests.front.tasks.kit import open_line, passing, report, sale
from tests.line_kit import live_until, local, people, seated
from tests.races import together

WITH_LEVELS = (
    ("[lock-fan, post-moment, own-words]", "[lock-fan]"),
    ("kind: post_moment\n", "kind: post_moment\n    level: owner\n"),
    ("kind: tick\n", "kind: tick\n    level: supervisor\n"),
)
COUNTED = (
    "kind: post_moment\n",
    "kind: measured\n    measure: {fact: visit, at_least: 1}\n",
)


@pytest.fixture(autouse=True)
def move(at):
    return at


@pytest.fixture
def line():
    return open_line(*WITH_LEVELS)


def opened(member, *levels):
    """When what comes with these levels opened for a member."""
    rows = Assignment.objects.filter(member_id=member, opening__in=[f"level:{n}" for n in levels])
    return list(rows.order_by("opening").values_list("task", "opened_at"))


def rises(line, member):
    """Does what makes an owner: three tasks and one sale."""
    rows = Assignment.objects.filter(line=line, member_id=member, done_at=None).order_by("id")
    tasks.complete(SYSTEM, [(row.pk, "test") for row in rows[:3]])
    report(sale(member))


def test_who_becomes_an_owner_gets_what_opens_with_it_in_that_instant(line):
    me, other = passing(line, 2)
    live_until(local(3, 10))
    rises(line, me)
    assert opened(me, "owner", "supervisor") == [("post-moment", local(3, 10))]
    assert opened(other, "owner") == []


def test_a_supervisor_has_what_owners_have_and_a_level_opens_once(line):
    (me,) = passing(line, 1)
    actions.appoint(SYSTEM, me, "supervisor", "带过三条线")
    both = [("post-moment", local(3, 8, 30)), ("own-words", local(3, 8, 30))]
    assert opened(me, "owner", "supervisor") == both
    live_until(local(3, 10))
    actions.appoint(SYSTEM, me, "owner", "补一笔")
    assert opened(me, "owner", "supervisor") == both


def test_who_has_a_level_before_gets_it_when_the_training_begins_or_they_come_into_it(line):
    first, late, newcomer = seated(line, 3)
    for one in (first, late):
        actions.appoint(SYSTEM, one, "owner", "老店主")
    live_until(local(2, 20, 1))
    lines.let_in(SYSTEM, line.pk, [first, newcomer])
    assert opened(first, "owner") == []
    live_until(local(3, 8, 30))
    assert opened(first, "owner") == [("post-moment", local(3, 8, 30))]
    live_until(local(3, 11))
    lines.let_in(SYSTEM, line.pk, [late])
    assert opened(late, "owner") == [("post-moment", local(3, 11))]
    assert opened(newcomer, "owner") == []


def test_what_a_lost_level_opened_stays_and_reaching_it_again_opens_nothing_twice(line):
    (me,) = passing(line, 1)
    actions.appoint(SYSTEM, me, "owner", "老店主")
    before = opened(me, "owner")
    demoting.demote(SYSTEM, Promotion.objects.get(member=me).pk, "先停一停")
    live_until(local(3, 10))
    actions.appoint(SYSTEM, me, "owner", "回来了")
    assert opened(me, "owner") == before
    row = Assignment.objects.get(member=me, task="post-moment")
    assert tasks.complete(SYSTEM, [(row.pk, "test")]) == [True]


def test_a_line_that_is_over_and_people_outside_of_training_get_nothing(line):
    (me,), (outside,) = passing(line, 1), people(1)
    live_until(local(5, 22))
    for one in (me, outside):
        actions.appoint(SYSTEM, one, "owner", "老店主")
    assert opened(me, "owner") == opened(outside, "owner") == []


@pytest.mark.django_db(transaction=True)
def test_what_happened_in_the_same_instant_counts_and_may_bring_the_next_level():
    line = open_line(
        *WITH_LEVELS[:1],
        COUNTED,
        ("kind: measured\n", "kind: measured\n    level: owner\n"),
        ("kind: tick\n", "kind: tick\n    after: post-moment\n"),
    )
    (me,) = passing(line, 1)
    intake.receive(SYSTEM, [Happened("v", me, "visit", clocks.now())])
    actions.appoint(SYSTEM, me, "owner", "老店主")
    done = Assignment.objects.get(member=me, task="post-moment")
    assert done.done_at == clocks.now()
    assert Assignment.objects.filter(
        member=me, task="own-words", opening="after:level:owner"
    ).exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_grant_a_level_in_the_same_instant_open_its_tasks_once(line):
    (me,) = passing(line, 1)
    grant = partial(actions.appoint, SYSTEM, me, "owner", "老店主")
    answers = together(grant, grant, partial(rises, line, me))
    assert not [one for one in answers if isinstance(one, Exception)]
    assert len(opened(me, "owner")) == 1
