"""Who is stuck gets a word once, when the region's pace allows it."""

from datetime import time

import pytest

from loop28.front.groups import notices
from loop28.front.groups.models import Notice
from loop28.front.lines import care, course
from loop28.front.tasks import actions, nudging, queries
from loop28.front.tasks.models import Assignment
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from loop28.middle.members import actions as members_
from tests.factories import staff
from tests.front.tasks.kit import assignment, open_line, own, passing
from tests.line_kit import live_until, local
from tests.races import together

pytestmark = pytest.mark.django_db
STUCK = local(5, 8, 31)
"""Whoever did nothing is stuck since a minute, and the last task is open."""


@pytest.fixture(autouse=True)
def move(at):
    return at


@pytest.fixture
def line():
    return open_line()


def told(member):
    rows = Notice.objects.filter(member=member, key__startswith="nudge:").order_by("id")
    return list(rows.values_list("text", flat=True))


@pytest.mark.django_db(transaction=True)
def test_who_is_stuck_reads_which_task_waits_with_the_first_beat_of_the_day(line):
    busy, idle = passing(line, 2)
    live_until(local(4, 9))
    actions.complete(SYSTEM, [(assignment(line, busy, "quiz").pk, "quiz")])
    live_until(local(5, 12))
    (words,) = told(idle)
    assert "第一单" in words
    assert told(busy) == []
    assert Entry.objects.get(kind="Nudged").member == idle


def test_nobody_is_nudged_twice_in_one_spell_and_again_in_the_next(line):
    (member,) = passing(line, 1)
    live_until(STUCK)
    assert nudging.nudge(SYSTEM, line.pk, []) == 1
    assert nudging.nudge(SYSTEM, line.pk, []) == 0
    Assignment.objects.filter(line=line).update(opened_at=local(3, 8, 29))  # another spell
    assert nudging.nudge(SYSTEM, line.pk, []) == 1
    assert len(told(member)) == 2


def test_quiet_hours_hold_and_the_cockpit_knows_when_it_left(line, move):
    (member,) = passing(line, 1)
    notices.set_pace(SYSTEM, line.region_id, time(8), time(10), 5)
    live_until(STUCK)
    nudging.nudge(SYSTEM, line.pk, [])
    stuck = queries.stuck(SYSTEM, line.pk)
    assert len(told(member)) == 1
    assert nudging.nudged(line.pk, stuck) == {}
    move(local(5, 10))
    notices.deliver(SYSTEM)
    assert nudging.nudged(line.pk, stuck) == {member: local(5, 10)}


def test_who_wants_no_notices_was_spoken_to_or_can_do_nothing_is_left_in_peace(line, move):
    silent, withdrew, spoken, nudged = passing(line, 4)
    notices.stop(SYSTEM, [silent], None)
    members_.withdraw_consent(own(withdrew), withdrew)
    live_until(STUCK)
    care.note_word(own(line.host_id), line.pk, [spoken])
    assert nudging.nudge(SYSTEM, line.pk, []) == 1
    assert [len(told(m)) for m in (silent, withdrew, spoken, nudged)] == [0, 0, 0, 1]


def test_nobody_while_the_line_stands_still(line, move):
    passing(line, 1)
    live_until(STUCK)
    course.pause(staff().actor, line.pk, "下大雪")
    assert nudging.nudge(SYSTEM, line.pk, []) == 0


def test_the_playbook_may_say_the_words(move):
    line = open_line(("language: zh-hans", "language: zh-hans\nnudge: 慢慢来，我在呢。"))
    (member,) = passing(line, 1)
    live_until(STUCK)
    nudging.nudge(SYSTEM, line.pk, [])
    (words,) = told(member)
    assert words.startswith("慢慢来，我在呢。")
    assert "第一单" in words


def test_the_rule_is_the_products_own(line):
    with pytest.raises(NotAllowed):
        nudging.nudge(Actor(Role.ADMINISTRATOR, 1), line.pk, [])


@pytest.mark.django_db(transaction=True)
def test_nudged_from_many_sides_is_nudged_once(line, move):
    (member,) = passing(line, 1)
    live_until(STUCK)
    together(*(lambda: nudging.nudge(SYSTEM, line.pk, []) for _ in range(4)))
    assert len(told(member)) == 1
    assert Entry.objects.filter(kind="Nudged").count() == 1
