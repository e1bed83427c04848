"""A second call, made once, among those who did not answer the first."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from loop28.front.lines import refusals
from loop28.front.lines.calendar import due
from loop28.front.lines.facts import BeatAdded
from loop28.front.lines.mending import TEXT, hold, note, since_midnight
from loop28.front.lines.models import Beat, BeatState, Line, MendKind, Phase
from loop28.kernel import journal
from loop28.kernel.access import Actor
from loop28.kernel.text import clean

AGAIN = "+call"
"""The key of the second call's beat: no playbook can name one like this, and a line has one."""


@journal.action
def call_again(
    actor: Actor, line_id: int, *, day: int, at: time, hours: int, text: str, reason: str
) -> Beat:
    """Plan the second call: sent into the group of the first, open for ``hours``.

    Who answers it enters the next group late, like whoever is let in by hand. Refuses with
    FirstCallOpen, CalledAgain, PastTime, PastTheClose; one that was taken out is planned anew.
    """
    line = hold(actor, line_id)
    first = _first_call(line)
    words = clean(text, limit=TEXT, field="text")
    start = due(line.start_day, day, since_midnight(at), ZoneInfo(line.region.zone))
    window = timedelta(hours=hours)
    _refuse_time(line, first, start, start + window)
    beat = Beat.objects.filter(line=line, key=AGAIN).first() or Beat(line=line, key=AGAIN)
    if beat.pk and beat.state != BeatState.SKIPPED:
        raise refusals.CalledAgain
    mend = note(actor, line, MendKind.ADDED, reason)
    beat.phase, beat.kind, beat.by_host = first.phase, "call", False
    beat.day, beat.due_at = day, start
    beat.payload = first.payload | {"text": words, "window": hours * 3600}
    beat.state, beat.done_at, beat.outcome = BeatState.PLANNED, None, {}
    beat.save()
    mend.beat = beat
    mend.save()
    journal.record(BeatAdded(line=line.pk, beat=beat.pk, mend=mend.pk))
    return beat


def _first_call(line: Line) -> Beat:
    calls = Beat.objects.filter(line=line, kind="call", state=BeatState.DONE)
    first = calls.select_related("phase").first()  # by id, so never the second
    if first is None or _end(first) >= journal.now():
        raise refusals.FirstCallOpen
    return first


def _end(call: Beat) -> datetime:
    assert call.done_at is not None  # noqa: S101  (it was done)
    return call.done_at + timedelta(seconds=call.payload["window"])


def _refuse_time(line: Line, first: Beat, start: datetime, end: datetime) -> None:
    """Who answers must find the next phase open, up to the last instant of the window."""
    if start <= journal.now():
        raise refusals.PastTime(field="at")
    target: Phase = line.phases.get(number=first.payload["opens"])
    closes = Beat.objects.filter(line=line, kind="close", payload__closes=target.number)
    if target.closed_at is not None or closes.filter(due_at__lt=end).exists():
        raise refusals.PastTheClose(field="at")
