"""What staff change in a running line as a whole: pause, resume, stop, another host."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from loop28.front.groups import actions as groups
from loop28.front.groups.chat import Outbound
from loop28.front.lines import placing, refusals
from loop28.front.lines.facts import HostReplaced, LinePaused, LineResumed, LineStopped
from loop28.front.lines.mending import TEXT, hold, leave_out, note
from loop28.front.lines.models import Beat, BeatState, Invitation, Line, MendKind, Phase
from loop28.front.lines.outcomes import Outcome
from loop28.front.playbooks import queries as playbooks
from loop28.kernel import journal, sql
from loop28.kernel.access import Actor
from loop28.kernel.text import clean
from loop28.middle.members import queries as members

ALWAYS_DONE = ("call", "close")
"""Kinds without which a line comes to no end: a pause delays them, but never swallows them."""


@dataclass(frozen=True, slots=True)
class Ways:
    """What either way of resuming would do: ``days`` by which the rest moves, beats left out."""

    days: int
    moved: int
    skipped: int


@journal.action
def pause(actor: Actor, line_id: int, reason: str) -> None:
    """Let a line stand still: none of its beats is done, by the clock or by hand.

    The chat stays open, and so do tasks, packets and a call that is open already: what people were
    promised goes on. A line that is paused already stays so.
    """
    line = hold(actor, line_id)
    if line.paused_at is not None:
        return
    mend = note(actor, line, MendKind.PAUSED, reason)
    line.paused_at = journal.now()
    line.save(update_fields=["paused_at"])
    mend.save()
    journal.record(LinePaused(line=line.pk, mend=mend.pk))


@journal.action
def resume(actor: Actor, line_id: int, *, shift: bool, reason: str) -> int:
    """Let a line go on; by how many days the rest was shifted.

    With ``shift`` everything that was due after the pause began comes whole days later, as few as
    let nothing be late, and the line gets longer by them. Without, what fell into the pause is left
    out, but for a call or a close: they are done now. Refuses with NotPaused.
    """
    line = hold(actor, line_id)
    if line.paused_at is None:
        raise refusals.NotPaused
    mend = note(actor, line, MendKind.RESUMED, reason)
    missed = list(_missed(line, journal.now()))
    days = _days(line, missed, journal.now()) if shift else 0
    swallowed = [] if shift else [beat for beat in missed if beat.kind not in ALWAYS_DONE]
    if days:
        _shift(line, days)
    leave_out(swallowed, Outcome.PAUSED)
    since, line.paused_at = line.paused_at, None
    line.save(update_fields=["paused_at", "days"])
    mend.days = days
    mend.save()
    journal.record(
        LineResumed(line=line.pk, paused_at=since, days=days, skipped=len(swallowed), mend=mend.pk)
    )
    return days


def ways(line: Line, now: datetime) -> Ways:
    """What resuming a paused line now would do."""
    missed = list(_missed(line, now))
    days = _days(line, missed, now)
    return Ways(
        days=days,
        moved=_after_the_pause(line).count() if days else 0,
        skipped=sum(beat.kind not in ALWAYS_DONE for beat in missed),
    )


@journal.action
def stop(actor: Actor, line_id: int, message: str, reason: str) -> int:
    """End a line before its time, with a last word to its groups; how many beats are left out.

    Nobody graduates, nobody joins any more. Tasks and packets that people have stay theirs until
    their own time is over; what the budget then has left is for `tasks` to give back.
    """
    line = hold(actor, line_id)
    mend = note(actor, line, MendKind.STOPPED, reason)
    message = clean(message, limit=TEXT, field="message")
    rest = list(Beat.objects.filter(line=line, state=BeatState.PLANNED))
    leave_out(rest, Outcome.STOPPED)
    _say_goodbye(actor, line.phases.filter(closed_at=None), message)
    line.phases.filter(closed_at=None).update(closed_at=journal.now())
    line.paused_at = None
    line.stopped_at = line.ended_at = journal.now()
    line.save(update_fields=["paused_at", "stopped_at", "ended_at"])
    mend.save()
    journal.record(LineStopped(line=line.pk, skipped=len(rest), mend=mend.pk))
    return len(rest)


@journal.action
def hand_over(actor: Actor, line_id: int, host: int, reason: str) -> None:
    """Another member runs the line: its groups and cards are theirs, and an invitation.

    The former host stays in the groups as one of many, and whom they brought stays theirs. Whether
    somebody may host at all is known further up. Refuses with SameHost and HostIsBusy.
    """
    line = hold(actor, line_id)
    former = line.host_id
    if host == former:
        raise refusals.SameHost(field="host")
    if Line.objects.filter(host_id=host, start_day=line.start_day).exists():
        raise refusals.HostIsBusy(field="host")
    mend = note(actor, line, MendKind.HOST, reason)
    Line.objects.filter(id=line.pk).update(host_id=host)
    own = {"line_id": line.pk, "inviter_id": host}
    sql.insert(Invitation, [own], unique=("line", "inviter"))
    phases = list(line.phases.order_by("number"))
    groups.change_host(actor, [phase.group_id for phase in phases], host)
    mend.former_id, mend.host_id = former, host
    mend.save()
    _introduce(actor, line, [p for p in phases if p.closed_at is None], mend.pk, host, former)
    journal.record(HostReplaced(line=line.pk, host=host, former=former, mend=mend.pk))


def _after_the_pause(line: Line) -> QuerySet[Beat]:
    """Everything still planned that was due after the pause began."""
    return Beat.objects.filter(line=line, state=BeatState.PLANNED, due_at__gt=line.paused_at)


def _missed(line: Line, now: datetime) -> QuerySet[Beat]:
    """What fell into the pause."""
    return _after_the_pause(line).filter(due_at__lte=now).order_by("due_at", "id")


def _days(line: Line, missed: Sequence[Beat], now: datetime) -> int:
    first = missed[0].due_at if missed else None
    return placing.days_to_shift(first, now, ZoneInfo(line.region.zone))


def _shift(line: Line, days: int) -> None:
    """Move the rest, and with it the ends of the phases it lies in and the line's own.

    The phase that the first of it lies in gets longer; those after it begin later.
    """
    zone = ZoneInfo(line.region.zone)
    rest = list(_after_the_pause(line).order_by("due_at", "id"))
    first = min(beat.day for beat in rest)
    rows = [
        {
            "id": beat.pk,
            "day": beat.day + days,
            "due_at": placing.later(beat.due_at, days, zone),
            "shifted": beat.shifted + days,
        }
        for beat in rest
    ]
    sql.update(Beat, rows)
    line.phases.filter(last_day__gte=first).update(last_day=F("last_day") + days)
    line.phases.filter(first_day__gt=first).update(first_day=F("first_day") + days)
    line.days += days


def _say_goodbye(actor: Actor, phases: QuerySet[Phase], message: str) -> None:
    living = list(phases)
    groups.send(actor, [_notice(phase, f"stop:{phase.line_id}", message) for phase in living])
    for phase in living:
        groups.unpin(actor, phase.group_id)


def _introduce(
    actor: Actor, line: Line, phases: Sequence[Phase], mend: int, host: int, former: int
) -> None:
    """Everybody in the groups hears it, the new host and the former one among them."""
    names = members.names([host, former])
    with translation.override(playbooks.playbook(line.playbook_id).language):
        text = _(
            "From today %(host)s runs this group. Thank you, %(former)s, for all you did."
            " Nothing else changes: ask %(host)s whatever you would have asked."
        ) % {"host": names[host], "former": names[former]}
    groups.send(actor, [_notice(phase, f"host:{mend}", text) for phase in phases])


def _notice(phase: Phase, key: str, text: str) -> Outbound:
    return Outbound(
        key=f"{key}:{phase.pk}",
        group=phase.group_id,
        text=text,
        planned_at=journal.now(),
        kind="notice",
    )
