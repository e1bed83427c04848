"""When beats fall due: fired in a line's order, done by hand, or skipped when too late."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from loop28.front.groups import actions as groups
from loop28.front.groups.chat import Outbound
from loop28.front.lines import queries, rules, schedule
from loop28.front.lines.facts import BeatDue, BeatSkipped, HandBeatDone, PhaseClosed
from loop28.front.lines.models import Beat, BeatState, Line, Phase
from loop28.front.lines.outcomes import Outcome, outcome
from loop28.front.lines.refusals import BeatNotByHand, BeatNotFailed, LineStandsStill
from loop28.kernel import journal, sql
from loop28.kernel.access import Actor
from loop28.kernel.text import clean

LINES = 200
"""Lines whose beats are fired in one transaction."""

WORDS = 1000
"""Characters a host may write instead of a beat's own text."""


@journal.action
def fire_due(actor: Actor, only: Collection[int] | None = None) -> int:
    """Fire what is due, each line's beats in order, exactly once; how many were settled.

    Of these lines, or of all. They stay locked until the commit, so that a second worker takes
    other lines. Beats that wait for the host are only looked at to be skipped when they are too
    late. What follows a packet comes with the next call.
    """
    now = journal.now()
    wanting = schedule.due_lines(now) if only is None else sorted(only)
    lines = Line.objects.select_for_update(skip_locked=True, no_key=True).filter(
        id__in=wanting[:LINES], paused_at=None
    )
    held = [line.pk for line in lines.order_by("id")]
    # Read again under the lock: another worker may have fired them in between.
    due = Beat.objects.filter(line_id__in=held, state=BeatState.PLANNED, due_at__lte=now)
    rows = due.select_related("phase").order_by("due_at", "id")
    by_line: dict[int, list[Beat]] = {line: [] for line in held}
    for beat in rows:
        by_line[beat.line_id].append(beat)
    return _fire(
        actor,
        [b for beats in by_line.values() for b in rules.ready(beats, _call_until(beats), now)],
        now,
    )


def _fire(actor: Actor, ready: Sequence[Beat], now: datetime) -> int:
    """Fire beats of any lines, in the given order."""
    late = [b for b in ready if not rules.still_wanted(b, now)]
    fire = [b for b in ready if rules.still_wanted(b, now) and not b.by_host]
    _settle(late, BeatState.SKIPPED, now)
    _settle(fire, BeatState.DONE, now)
    journal.record(
        *(
            BeatSkipped(line=b.line_id, beat=b.pk, late_seconds=rules.late_seconds(b.due_at, now))
            for b in late
        ),
        *(BeatDue(line=b.line_id, beat=b.pk, kind=b.kind) for b in fire),
    )
    _say(actor, fire)
    for beat in fire:
        if beat.kind == "close":
            _close(actor, beat, now)
    return len(late) + len(fire)


def _call_until(beats: Iterable[Beat]) -> datetime | None:
    """Until when an open call keeps a phase from closing; asked only when a close is due."""
    close = next((b for b in beats if b.kind == "close"), None)
    call = schedule.call_of(close.line_id) if close else None
    return call[0] + timedelta(seconds=call[1]) if call else None


def _settle(beats: Sequence[Beat], state: BeatState, now: datetime) -> None:
    sql.update(Beat, [{"id": b.pk, "state": state.value, "done_at": now} for b in beats])


def _say(actor: Actor, beats: Sequence[Beat]) -> None:
    """Send what the beats say in their groups. A packet speaks for itself when it is issued."""
    groups.send(actor, [_message(b) for b in beats if b.kind != "packet" and b.payload["text"]])


_SPOKEN_AS = {"post": "text", "talk": "talk", "call": "call", "tasks": "tasks", "close": "notice"}


def _message(beat: Beat, text: str = "", *, as_host: bool = False) -> Outbound:
    return Outbound(
        key=f"beat:{beat.pk}",
        group=beat.phase.group_id,
        text=text or beat.payload["text"],
        planned_at=journal.now(),
        as_host=as_host,
        kind=_SPOKEN_AS[beat.kind],
        ref=beat.pk,
    )


def _close(actor: Actor, beat: Beat, now: datetime) -> None:
    number = beat.payload["closes"]
    phase = Phase.objects.select_related("line").get(line_id=beat.line_id, number=number)
    phase.closed_at = now
    phase.save(update_fields=["closed_at"])
    groups.unpin(actor, phase.group_id)
    last = not phase.line.phases.filter(number__gt=number).exists()
    if last:
        Line.objects.filter(id=beat.line_id).update(ended_at=now)
    journal.record(PhaseClosed(line=beat.line_id, phase=phase.pk, last=last))


@journal.action
def do_by_hand(actor: Actor, beat_id: int, text: str = "") -> None:
    """Whoever runs the line sends a beat that waits for the host, as it is or in their own words.

    Early and late both count, until the beat's grace is over. Refuses with BeatNotByHand,
    LineStandsStill, TextTooLong.
    """
    text = clean(text, limit=WORDS, field="text", required=False)
    beat = _taken_in_hand(actor, beat_id)
    if beat.kind == "packet":  # speaks for itself, like one that is issued by the clock
        journal.record(BeatDue(line=beat.line_id, beat=beat.pk, kind=beat.kind))
    elif text or beat.payload["text"]:
        groups.send(actor, [_message(beat, text, as_host=True)])
    if beat.kind == "close":
        _close(actor, beat, journal.now())


@journal.action
def mark_sent(actor: Actor, beat_id: int) -> None:
    """Whoever runs the line says that they sent a beat's words themselves; nothing more is sent.

    Only of beats that are nothing but words. Refuses with BeatNotByHand, LineStandsStill.
    """
    if Beat.objects.get(id=beat_id).kind not in rules.ONLY_WORDS:
        raise BeatNotByHand
    beat = _taken_in_hand(actor, beat_id)
    Beat.objects.filter(id=beat.pk).update(outcome=outcome(Outcome.SENT_BY_HOST))


def _taken_in_hand(actor: Actor, beat_id: int) -> Beat:
    """A beat that waits for the host, settled and told; refuses with BeatNotByHand otherwise."""
    now = journal.now()
    beat = Beat.objects.select_related("phase").get(id=beat_id)
    queries.run_by(actor, beat.line_id)
    if not beat.by_host or not rules.still_wanted(beat, now):
        raise BeatNotByHand
    # As when the clock fires it: nobody joins or passes while a phase closes or tasks open.
    _held(beat.line_id)
    if not _planned(beat).update(state=BeatState.DONE, done_at=now):
        raise BeatNotByHand
    late = rules.late_seconds(beat.due_at, now)
    journal.record(HandBeatDone(line=beat.line_id, beat=beat.pk, late_seconds=late))
    return beat


@journal.action
def try_again(actor: Actor, beat_id: int) -> None:
    """Whoever runs the line has a beat that failed done once more, now that its cause is mended.

    Refuses with BeatNotFailed, LineStandsStill. What comes of it the beat says again.
    """
    now = journal.now()
    beat = Beat.objects.get(id=beat_id)
    queries.run_by(actor, beat.line_id)
    _held(beat.line_id)
    failed = Beat.objects.filter(id=beat.pk, state=BeatState.FAILED)
    if not failed.update(state=BeatState.DONE, done_at=now, outcome={}):
        raise BeatNotFailed
    journal.record(BeatDue(line=beat.line_id, beat=beat.pk, kind=beat.kind))


def _held(line_id: int) -> Line:
    """The line, locked; refuses with LineStandsStill while nothing of it is done."""
    line = Line.objects.select_for_update(no_key=True).get(id=line_id)
    if line.paused_at or line.stopped_at:
        raise LineStandsStill
    return line


def _planned(beat: Beat) -> QuerySet[Beat]:
    return Beat.objects.filter(id=beat.pk, state=BeatState.PLANNED)


@journal.action
def beats_done(actor: Actor, outcomes: Sequence[tuple[int, dict[str, Any]]]) -> None:
    """The modules that did beats say what came of each."""
    sql.update(Beat, [{"id": beat, "outcome": outcome} for beat, outcome in outcomes])


@journal.action
def beats_failed(actor: Actor, outcomes: Sequence[tuple[int, dict[str, Any]]]) -> None:
    """Beats that could not be done, with the reason an operator reads."""
    sql.update(
        Beat,
        [{"id": beat, "state": BeatState.FAILED.value, "outcome": why} for beat, why in outcomes],
    )
