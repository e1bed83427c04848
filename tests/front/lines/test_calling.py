"""Those who did not answer the call are called again, once."""

from datetime import time

import pytest

from loop28.front.groups import actions as groups
from loop28.front.groups import queries as group_queries
from loop28.front.groups.models import Message
from loop28.front.lines import actions, calling, course, mending, refusals, schedule, seats
from loop28.front.lines.models import Beat, Line, Mend, OptIn
from loop28.front.tasks.models import Assignment
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from tests.line_kit import (
    group,
    live_until,
    local,
    says,
    seated,
)
from tests.races import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("at")]

WHY = "上回多半没看见"


def call(actor: Actor, line: Line, day: int = 3, at: time = time(10), hours: int = 2) -> Beat:
    return calling.call_again(
        actor, line.pk, day=day, at=at, hours=hours, text="再问一回，想来的打个 1", reason=WHY
    )


def test_who_answers_comes_late_and_gets_what_was_opened(line, manager):
    first, second, late = seated(line, 3)
    live_until(local(2, 21))
    groups.receive(SYSTEM, [says(line, first, "1", local(2, 21))])
    live_until(local(3, 9))
    call(manager, line)
    live_until(local(3, 10, 30))
    said = Message.objects.filter(group_id=group(line), kind="call").order_by("id")
    assert [message.text for message in said][1:] == ["再问一回，想来的打个 1"]
    groups.receive(SYSTEM, [says(line, second, "1", local(3, 10, 30))])
    actions.opt_in(Actor(Role.MEMBER, late), line.pk)
    assert group_queries.present(group(line, 2), [first, second, late]) == {first, second, late}
    for member in (second, late):
        assert Assignment.objects.filter(member_id=member).count() == 3
    again = schedule.second_calls([line.pk])[line.pk]
    assert again == local(3, 10)
    ((_, joined, passed),) = seats.passing_by_inviter(SYSTEM, line.pk)
    ((_, _, passed_late),) = seats.passing_by_inviter(SYSTEM, line.pk, again)
    assert (joined, passed, passed_late) == (3, 3, 2)


def test_an_answer_between_the_calls_or_after_both_does_not_count(line, manager):
    early, tardy = seated(line, 2)
    live_until(local(3, 9))
    call(manager, line)
    groups.receive(SYSTEM, [says(line, early, "1", local(3, 9))])
    live_until(local(3, 13))
    groups.receive(SYSTEM, [says(line, tardy, "1", local(3, 12, 1))])
    assert not OptIn.objects.exists()


def test_a_line_is_not_called_again_before_the_first_call_is_over(line, manager):
    for moment in (local(1, 12), local(2, 23)):
        live_until(moment)
        with pytest.raises(refusals.FirstCallOpen):
            call(manager, line)


@pytest.mark.parametrize(
    ("day", "begins", "hours", "no"),
    [
        (3, time(9), 2, refusals.PastTime),
        (5, time(20), 2, refusals.PastTheClose),
        (6, time(9), 1, refusals.PastTheClose),
    ],
)
def test_its_window_lies_in_what_is_left_of_the_next_phase(line, manager, day, begins, hours, no):
    live_until(local(3, 9))
    with pytest.raises(no) as refusal:
        call(manager, line, day, begins, hours)
    assert refusal.value.field == "at"


def test_there_is_one_second_call_but_one_that_was_taken_out_is_planned_anew(line, manager):
    live_until(local(3, 9))
    planned = call(manager, line, day=5, at=time(19))  # up to the last instant of the phase
    assert planned.payload["window"] == 2 * 60 * 60
    assert Mend.objects.get().beat == planned
    assert Entry.objects.filter(kind="BeatAdded").count() == 1
    with pytest.raises(refusals.CalledAgain):
        call(manager, line, at=time(15))
    mending.take_out(manager, planned.pk, "先等等")
    assert call(manager, line, at=time(15)).pk == planned.pk
    live_until(local(3, 15))
    assert list(schedule.second_calls([line.pk]).values()) == [local(3, 15)]
    with pytest.raises(refusals.CalledAgain):
        call(manager, line, day=4)


def test_two_who_call_at_once_call_once(line, manager):
    live_until(local(3, 9))
    answers = together(*(lambda: call(manager, line) for _ in range(3)))
    assert sorted(type(a).__name__ for a in answers) == ["Beat", "CalledAgain", "CalledAgain"]
    assert Beat.objects.filter(kind="call").count() == 2


def test_a_pause_moves_it_with_the_rest(line, manager):
    live_until(local(3, 9))
    call(manager, line)
    course.pause(manager, line.pk, WHY)
    live_until(local(4, 9, 30))
    course.resume(manager, line.pk, shift=True, reason=WHY)
    assert Beat.objects.get(key=calling.AGAIN).due_at == local(4, 10)


def test_only_who_runs_lines_calls_again(line):
    live_until(local(3, 9))
    for actor in (Actor(Role.AUDITOR, 1), Actor(Role.MEMBER, line.host_id)):
        with pytest.raises(NotAllowed):
            call(actor, line)
