"""A standing group's weeks: laid out ahead, fired when due, done by hand, skipped when too late."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from loop28.front.circles import queries, rules
from loop28.front.circles.facts import WeekBeatByHand, WeekBeatDue, WeekBeatSkipped
from loop28.front.circles.models import Circle, WeekBeat
from loop28.front.groups import actions as groups
from loop28.front.groups.chat import Outbound
from loop28.front.lines import calendar
from loop28.front.lines.beats import WORDS
from loop28.front.lines.models import BeatState
from loop28.front.lines.refusals import BeatNotByHand
from loop28.front.lines.rules import late_seconds, still_wanted
from loop28.front.playbooks import queries as playbooks
from loop28.front.playbooks import rules as playbook_rules
from loop28.kernel import clock, journal, sql
from loop28.kernel.access import Actor
from loop28.kernel.text import clean

CIRCLES = 200
"""Groups that one transaction looks after."""

EASTERNMOST = timedelta(hours=14)
"""Where Monday begins first, before UTC."""


@journal.action
def plan(actor: Actor) -> int:
    """Lay out this week and the next wherever they are not; how many groups got one."""
    now = journal.now()
    next_week = rules.monday((now + EASTERNMOST).date()) + rules.WEEK
    wanting = Circle.objects.filter(planned_until__lte=next_week)
    locked = wanting.select_for_update(skip_locked=True, no_key=True, of=("self",))
    found = list(locked.select_related("group").order_by("id")[:CIRCLES])
    return sum(lay_out(circle, now) for circle in found)


def lay_out(circle: Circle, now: datetime) -> bool:
    """Write the beats of a locked group's next weeks; whether there were any weeks to write.

    What was due before the group opened is not part of it.
    """
    zone = ZoneInfo(circle.group.zone)
    weeks = rules.weeks_to_plan(circle.planned_until, clock.local_day(now, zone))
    write(circle, weeks, circle.opened_at)
    if weeks:
        circle.planned_until = weeks[-1] + rules.WEEK
        circle.save(update_fields=["planned_until"])
    return bool(weeks)


def write(circle: Circle, weeks: Sequence[date], after: datetime) -> None:
    """Write what is due after a moment in these weeks; what is there already stays as it is."""
    zone = ZoneInfo(circle.group.zone)
    rhythm = playbooks.weekly(circle.rhythm_id)
    rows: list[dict[str, Any]] = [
        {
            "circle_id": circle.pk,
            "week": week,
            "key": moment.key,
            "part": moment.part,
            "kind": moment.kind,
            "due_at": calendar.due(week, moment.day, moment.at, zone),
            "by_host": moment.by == "host",
            "grace": calendar.grace(moment),
            "payload": moment.payload,
            "state": BeatState.PLANNED.value,
        }
        for week in weeks
        for moment in playbook_rules.week(rhythm, rules.week_number(circle.first_week, week))
    ]
    ahead = [row for row in rows if row["due_at"] > after]
    sql.insert(WeekBeat, ahead, unique=("circle", "week", "key", "part"))


@journal.action
def fire_due(actor: Actor) -> int:
    """Send what is due, each group's beats in order, exactly once; how many were settled.

    The groups stay locked until the commit, so that a second worker takes others.
    """
    now = journal.now()
    wanting = Circle.objects.filter(id__in=queries.due_circles(now)[:CIRCLES])
    locked = wanting.select_for_update(skip_locked=True, no_key=True).order_by("id")
    held = list(locked.values_list("id", flat=True))
    # Read again under the lock: another worker may have sent them in between.
    due = WeekBeat.objects.filter(circle_id__in=held, state=BeatState.PLANNED, due_at__lte=now)
    beats = list(due.select_related("circle").order_by("due_at", "id"))
    late = [beat for beat in beats if not still_wanted(beat, now)]
    ready = [beat for beat in beats if still_wanted(beat, now) and not beat.by_host]
    _settle(late, BeatState.SKIPPED, now)
    _settle(ready, BeatState.DONE, now)
    groups.send(actor, [_message(beat) for beat in ready])
    journal.record(
        *(
            WeekBeatSkipped(circle=b.circle_id, beat=b.pk, late_seconds=late_seconds(b.due_at, now))
            for b in late
        ),
        *(WeekBeatDue(circle=b.circle_id, beat=b.pk, kind=b.kind) for b in ready),
    )
    return len(late) + len(ready)


@journal.action
def do_by_hand(actor: Actor, beat_id: int, text: str = "") -> None:
    """Whoever runs the group sends a beat that waits for the host, as it is or in other words.

    Refuses with BeatNotByHand, TextTooLong.
    """
    now = journal.now()
    text = clean(text, limit=WORDS, field="text", required=False)
    beat = WeekBeat.objects.select_related("circle").get(id=beat_id)
    queries.run_by(actor, beat.circle_id)
    if not beat.by_host or not still_wanted(beat, now):
        raise BeatNotByHand
    planned = WeekBeat.objects.filter(id=beat.pk, state=BeatState.PLANNED)
    if not planned.update(state=BeatState.DONE, done_at=now):
        raise BeatNotByHand
    groups.send(actor, [_message(beat, text)])
    journal.record(
        WeekBeatByHand(
            circle=beat.circle_id, beat=beat.pk, late_seconds=late_seconds(beat.due_at, now)
        )
    )


def _settle(beats: Sequence[WeekBeat], state: BeatState, now: datetime) -> None:
    sql.update(WeekBeat, [{"id": b.pk, "state": state.value, "done_at": now} for b in beats])


def _message(beat: WeekBeat, text: str = "") -> Outbound:
    """A question by itself is shown like the one that ends a talk."""
    return Outbound(
        key=f"week-beat:{beat.pk}",
        group=beat.circle.group_id,
        text=text or beat.payload["text"],
        planned_at=journal.now(),
        as_host=beat.by_host,
        kind="text" if beat.kind == "post" else "talk",
        ref=beat.pk,
    )
