"""A running line pauses and goes on, later or without what fell into the pause."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loop28.front.groups import queries as groups
from loop28.front.lines import (
    actions,
    beats,
    course,
    mending,
    placing,
    queries,
    refusals,
    schedule,
)
from loop28.front.lines.differences import differences
from loop28.front.lines.models import Beat, Mend, Phase
from loop28.front.playbooks import queries as playbooks
from loop28.front.playbooks.timetable import timeline
from loop28.front.tasks.models import Assignment
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from tests.front.lines.course_kit import WHY, beat, said, states
from tests.front.tasks import kit
from tests.line_kit import (
    START,
    ZONE,
    group,
    live_until,
    local,
    open_line,
    people,
    seated,
)
from tests.races import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("at")]


class TestPausing:
    def test_nothing_is_done_while_the_chat_stays_open_and_other_lines_go_on(self, line, manager):
        other = open_line(code="HN")
        live_until(local(1, 10))
        course.pause(manager, line.pk, WHY)
        live_until(local(2, 13))
        assert states(line, "d1-packet", "d1-talk", "d2-packet") == ["planned"] * 3
        assert states(other, "d1-packet", "d1-talk", "d2-packet") == ["done"] * 3
        assert schedule.late([line.pk], local(2, 13)) == {}
        assert schedule.due_lines(local(2, 13)) == []
        (comer,) = seated(line, 1)
        assert groups.present(group(line), [comer]) == {comer}

    def test_no_card_is_sent_by_hand_either(self, line, manager):
        live_until(local(2, 18))
        course.pause(manager, line.pk, WHY)
        with pytest.raises(refusals.LineStandsStill):
            beats.do_by_hand(Actor(Role.MEMBER, line.host_id), beat(line, "d2-evening").pk)
        assert schedule.waiting_for_host(SYSTEM, [line.pk]) == []

    def test_pausing_twice_is_pausing_once(self, line, manager):
        for _ in range(2):
            course.pause(manager, line.pk, WHY)
        assert Mend.objects.count() == 1

    def test_only_what_is_paused_is_resumed(self, line, manager):
        with pytest.raises(refusals.NotPaused):
            course.resume(manager, line.pk, shift=True, reason=WHY)


class TestResumingWithAShift:
    def test_everything_comes_whole_days_later_and_the_line_gets_longer(self, line, manager):
        live_until(local(1, 10))
        course.pause(manager, line.pk, WHY)
        live_until(local(3, 11))
        line.refresh_from_db()
        assert course.ways(line, local(3, 11)) == course.Ways(days=2, moved=20, skipped=4 + 7)
        assert course.resume(manager, line.pk, shift=True, reason=WHY) == 2
        line.refresh_from_db()
        assert (line.days, line.paused_at) == (7, None)
        assert [(p.first_day, p.last_day) for p in queries.phases(line.pk)] == [(1, 4), (5, 7)]
        packet = beat(line, "d1-packet")
        assert (packet.day, packet.due_at, packet.shifted) == (3, local(3, 12, 30), 2)
        assert beat(line, "d1-hello").day == 1
        live_until(local(3, 13))
        assert states(line, "d1-packet", "d1-talk") == ["done", "planned"]
        live_until(local(8, 1))
        line.refresh_from_db()
        assert line.ended_at == local(7, 21)

    def test_a_beat_that_would_be_late_waits_for_the_next_day(self, line, manager):
        live_until(local(1, 10))
        course.pause(manager, line.pk, WHY)
        live_until(local(1, 14))
        assert course.resume(manager, line.pk, shift=True, reason=WHY) == 1
        assert beat(line, "d1-packet").due_at == local(2, 12, 30)

    def test_a_pause_that_swallowed_nothing_shifts_nothing(self, line, manager):
        live_until(local(1, 10))
        course.pause(manager, line.pk, WHY)
        live_until(local(1, 12))
        assert course.resume(manager, line.pk, shift=True, reason=WHY) == 0
        live_until(local(1, 12, 30))
        assert states(line, "d1-packet") == ["done"]

    def test_a_pause_between_two_phases_makes_the_second_one_longer(self, line, manager):
        live_until(local(2, 23, 45))
        course.pause(manager, line.pk, WHY)
        live_until(local(4, 8))
        course.resume(manager, line.pk, shift=True, reason=WHY)
        assert [(p.first_day, p.last_day) for p in queries.phases(line.pk)] == [(1, 2), (3, 6)]

    def test_tasks_that_were_open_stay_open_as_much_longer(self, line, manager):
        (member,) = seated(line, 1)
        live_until(local(2, 21))
        actions.let_in(SYSTEM, line.pk, [member])
        live_until(local(3, 9))
        before = Assignment.objects.get(task="checkin").closes_at
        course.pause(manager, line.pk, WHY)
        live_until(local(5, 9))
        course.resume(manager, line.pk, shift=True, reason=WHY)
        assert Assignment.objects.get(task="checkin").closes_at == before + timedelta(days=2)
        assert kit.check_in(Actor(Role.MEMBER, member), line.pk).counted == 1

    def test_the_shift_is_no_move_of_each_beat(self, line, manager):
        live_until(local(1, 10))
        course.pause(manager, line.pk, WHY)
        live_until(local(3, 11))
        course.resume(manager, line.pk, shift=True, reason=WHY)
        moments = timeline(playbooks.playbook(line.playbook_id))
        assert differences(moments, schedule.calendar(SYSTEM, line.pk), START, ZONE) == []

    def test_it_may_be_paused_and_shifted_again(self, line, manager):
        for day in (1, 3):
            live_until(local(day, 10))
            course.pause(manager, line.pk, WHY)
            live_until(local(day + 1, 11))
            course.resume(manager, line.pk, shift=True, reason=WHY)
        assert beat(line, "d5-close").due_at == local(7, 21)
        assert [m.days for m in queries.mends(manager, line.pk) if m.kind == "resumed"] == [1, 1]


class TestResumingWithASkip:
    def test_what_fell_into_the_pause_is_left_out_and_the_rest_keeps_its_time(self, line, manager):
        live_until(local(1, 10))
        course.pause(manager, line.pk, WHY)
        live_until(local(2, 13))
        course.resume(manager, line.pk, shift=False, reason=WHY)
        assert states(line, "d1-packet", "d1-talk", "d2-packet") == ["skipped"] * 3
        assert beat(line, "d1-packet").outcome == {"code": "paused"}
        assert beat(line, "d2-call").due_at == local(2, 20)
        assert Entry.objects.get(kind="LineResumed").data["skipped"] == 9

    def test_a_call_and_a_close_are_done_now(self, line, manager):
        live_until(local(2, 10))
        course.pause(manager, line.pk, WHY)
        live_until(local(3, 7))
        course.resume(manager, line.pk, shift=False, reason=WHY)
        live_until(local(3, 7, 1))
        assert states(line, "d2-packet", "d2-call", "d2-close") == ["skipped", "done", "planned"]
        live_until(local(3, 10, 5))  # the call came late, and people get their whole window
        assert states(line, "d2-close") == ["done"]


class TestWhoMay:
    @pytest.mark.parametrize("role", [Role.FINANCE, Role.AUDITOR, Role.MIDDLE, Role.MEMBER])
    def test_only_those_who_run_lines(self, line, role):
        actor = Actor(role, line.host_id)
        for change in (
            lambda: course.pause(actor, line.pk, WHY),
            lambda: course.stop(actor, line.pk, "再见", WHY),
            lambda: course.hand_over(actor, line.pk, people(1)[0], WHY),
        ):
            with pytest.raises(NotAllowed):
                change()


class TestTogether:
    def test_a_beat_is_done_before_the_pause_or_not_at_all(self, line, manager, at):
        at(local(1, 9))
        together(
            lambda: course.pause(manager, line.pk, WHY),
            lambda: beats.fire_due(SYSTEM),
            lambda: beats.fire_due(SYSTEM),
        )
        done = states(line, "d1-hello") == ["done"]
        assert len(said(line)) == int(done)
        beats.fire_due(SYSTEM)
        assert (states(line, "d1-hello") == ["done"]) == done

    def test_two_who_resume_resume_once(self, line, manager, at):
        at(local(1, 8))
        course.pause(manager, line.pk, WHY)
        at(local(2, 10))
        answers = together(
            *(lambda: course.resume(manager, line.pk, shift=True, reason=WHY) for _ in range(2))
        )
        assert sorted(str(type(a).__name__) for a in answers) == ["NotPaused", "int"]
        assert beat(line, "d1-hello").shifted == 2

    def test_a_stop_and_a_mend_leave_no_beat_behind(self, line, manager):
        together(
            lambda: course.stop(manager, line.pk, "再见", WHY),
            lambda: mending.take_out(manager, beat(line, "d1-talk").pk, WHY),
        )
        assert not Beat.objects.filter(line=line, state="planned").exists()
        assert not Phase.objects.filter(line=line, closed_at=None).exists()


@given(
    first=st.datetimes(timezones=st.just(ZONE)),
    waited=st.timedeltas(min_value=timedelta(), max_value=timedelta(days=90)),
)
def test_a_shift_is_the_fewest_days_that_leave_nothing_late(first, waited):
    now = first + waited
    days = placing.days_to_shift(first, now, ZONE)
    assert placing.later(first, days, ZONE) > now
    assert days == 0 or placing.later(first, days - 1, ZONE) <= now


def test_a_shift_keeps_the_clocks_time_over_a_change_of_the_clocks():
    berlin = ZoneInfo("Europe/Berlin")
    before = datetime(2026, 3, 28, 9, 30, tzinfo=berlin)
    assert placing.later(before, 1, berlin).astimezone(berlin).date() == date(2026, 3, 29)
    assert placing.later(before, 1, berlin).astimezone(berlin).hour == 9


def test_a_day_of_twenty_five_hours_is_one_day():
    berlin = ZoneInfo("Europe/Berlin")
    missed = datetime(2026, 10, 24, 9, 30, tzinfo=berlin).astimezone(UTC)
    now = datetime(2026, 10, 25, 9, 15, tzinfo=berlin).astimezone(UTC)
    assert placing.days_to_shift(missed, now, berlin) == 1
