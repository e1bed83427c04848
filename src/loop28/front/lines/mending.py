"""What staff change in a running line's calendar: move, edit, take out, add. Always with a reason.

The published playbook stays as it is: only rows of this line change, and only those still to come.
The line is locked first, as when the clock fires its beats, so a beat is either mended or done.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from loop28.back.finance import queries as finance
from loop28.front.lines import placing, queries, refusals
from loop28.front.lines.calendar import due
from loop28.front.lines.facts import BeatAdded, BeatEdited, BeatMoved, BeatTakenOut
from loop28.front.lines.models import Beat, BeatState, Line, Mend, MendKind, Phase
from loop28.front.lines.outcomes import Outcome, outcome
from loop28.front.lines.placing import Misfit, Room, Slot
from loop28.front.playbooks import queries as playbooks
from loop28.front.playbooks.schema import Task
from loop28.kernel import journal, money, sql
from loop28.kernel.access import SYSTEM, Actor, Role, require
from loop28.kernel.refusals import Refusal
from loop28.kernel.text import clean, clean_line

REASON = 200
TEXT = 1000
MESSAGE = 200
"""Characters of one message of a talk."""
TITLE = 60
MUST_SPEAK = ("post", "talk", "call")

_NO: dict[Misfit, type[Refusal]] = {
    Misfit.PAST: refusals.PastTime,
    Misfit.MIDNIGHT: refusals.PastMidnight,
    Misfit.SAME_MINUTE: refusals.SameMinute,
    Misfit.TALKS: refusals.TalksOverlap,
    Misfit.LINE_END: refusals.PastLineEnd,
    Misfit.CLOSE: refusals.PastTheClose,
}


def hold(actor: Actor, line_id: int) -> Line:
    """The line, locked, for staff who change its course.

    Refuses with NotAllowed and LineIsOver; raises Line.DoesNotExist for a line they do not see.
    """
    require(actor, Role.ADMINISTRATOR, Role.REGION_MANAGER)
    queries.run_by(actor, line_id)
    rows = Line.objects.select_for_update(no_key=True, of=("self",)).select_related("region")
    line = rows.get(id=line_id)
    if line.ended_at is not None:
        raise refusals.LineIsOver
    return line


def note(actor: Actor, line: Line, kind: MendKind, reason: str, beat: Beat | None = None) -> Mend:
    """Write down who changed what and why, not yet saved."""
    return Mend(
        line=line,
        kind=kind,
        beat=beat,
        reason=clean_line(reason, limit=REASON, field="reason"),
        at=journal.now(),
        by_id=actor.id or None,
    )


@journal.action
def move_beat(actor: Actor, beat_id: int, day: int, at: time, reason: str) -> None:
    """Give a beat another day of its phase or another time; a talk moves as a whole.

    Refuses with BeatBegun, LineIsOver, and as the checks of a playbook would: see `Misfit`.
    """
    line, parts = _to_come(actor, beat_id)
    mend = note(actor, line, MendKind.MOVED, reason, parts[0])
    start = due(line.start_day, day, since_midnight(at), ZoneInfo(line.region.zone))
    shift = start - parts[0].due_at
    if not shift:
        raise refusals.NothingChanged(field="at")
    _place(line, parts, start, day, parts[0].phase)
    sql.update(Beat, [{"id": b.pk, "day": day, "due_at": b.due_at + shift} for b in parts])
    mend.save()
    journal.record(BeatMoved(line=line.pk, beat=parts[0].pk, mend=mend.pk))


@journal.action
def reword(actor: Actor, beat_id: int, texts: Sequence[str], reason: str) -> None:
    """Change what a beat says: one text for each of its messages, in order.

    Refuses with BeatBegun, NothingChanged, TextMissing, TextTooLong.
    """
    line, parts = _to_come(actor, beat_id)
    mend = note(actor, line, MendKind.EDITED, reason, parts[0])
    said = [_words(beat, text) for beat, text in zip(parts, texts, strict=True)]
    if said == [beat.payload["text"] for beat in parts]:
        raise refusals.NothingChanged(field="text")
    rows = [
        {"id": beat.pk, "payload": beat.payload | {"text": text}}
        for beat, text in zip(parts, said, strict=True)
    ]
    sql.update(Beat, rows)
    mend.save()
    journal.record(BeatEdited(line=line.pk, beat=parts[0].pk, mend=mend.pk))


@journal.action
def change_packet(
    actor: Actor, beat_id: int, *, title: str, total: int, shares: int, reason: str
) -> None:
    """Change a packet that is still to come; ``total`` in fen.

    Refuses with BeatBegun, NothingChanged, PacketTerms, BudgetTooSmall.
    """
    line, (beat,) = _to_come(actor, beat_id)
    mend = note(actor, line, MendKind.EDITED, reason, beat)
    terms = _terms(title, total, shares)
    if terms.items() <= beat.payload.items():
        raise refusals.NothingChanged(field="total")
    _refuse_unpaid(line, total, before=beat.payload["total"])
    beat.payload |= terms
    beat.save(update_fields=["payload"])
    mend.save()
    journal.record(BeatEdited(line=line.pk, beat=beat.pk, mend=mend.pk))


@journal.action
def take_out(actor: Actor, beat_id: int, reason: str) -> None:
    """Leave a beat out. Refuses with BeatBegun, and BeatStays for the call and the closes."""
    line, parts = _to_come(actor, beat_id)
    if stays(parts[0]):
        raise refusals.BeatStays
    mend = note(actor, line, MendKind.TAKEN_OUT, reason, parts[0])
    leave_out(parts, Outcome.TAKEN_OUT)
    mend.save()
    journal.record(BeatTakenOut(line=line.pk, beat=parts[0].pk, mend=mend.pk))


@journal.action
def add_post(
    actor: Actor, line_id: int, *, day: int, at: time, text: str, by_host: bool, reason: str
) -> Beat:
    """Add a message to the group of the day's phase, sent by itself or by the host's hand."""
    payload = {"text": clean(text, limit=TEXT, field="text")}
    return _add(actor, line_id, "post", day, at, payload, by_host=by_host, reason=reason)


@journal.action
def add_packet(
    actor: Actor,
    line_id: int,
    *,
    day: int,
    at: time,
    title: str,
    total: int,
    shares: int,
    hours: int,
    reason: str,
) -> Beat:
    """Add a red packet of ``total`` fen in random shares, open for so many ``hours``.

    Refuses with PacketTerms and BudgetTooSmall besides what any beat is refused with.
    """
    terms = _terms(title, total, shares) | {"split": "random", "expires": hours * 3600}
    line = hold(actor, line_id)
    _refuse_unpaid(line, total)
    return _add(actor, line_id, "packet", day, at, terms, by_host=False, reason=reason)


def stays(beat: Beat) -> bool:
    """Whether a line comes to no end without this beat; a second call is not needed for that."""
    return beat.kind == "close" or (beat.kind == "call" and not beat.key.startswith("+"))


def leave_out(beats: Sequence[Beat], why: Outcome) -> None:
    """Mark planned beats as not to be done."""
    settled = {
        "state": BeatState.SKIPPED.value,
        "done_at": journal.now(),
        "outcome": outcome(why),
    }
    sql.update(Beat, [{"id": beat.pk} | settled for beat in beats])


def _to_come(actor: Actor, beat_id: int) -> tuple[Line, list[Beat]]:
    """The line, locked, and the beat with all its messages, none of which has begun."""
    named = Beat.objects.only("line_id", "key").get(id=beat_id)
    line = hold(actor, named.line_id)
    rows = Beat.objects.filter(line=line, key=named.key).select_related("phase")
    parts = list(rows.order_by("part"))
    if any(b.state != BeatState.PLANNED or b.due_at <= journal.now() for b in parts):
        raise refusals.BeatBegun
    return line, parts


def _add(
    actor: Actor,
    line_id: int,
    kind: str,
    day: int,
    at: time,
    payload: Mapping[str, object],
    *,
    by_host: bool,
    reason: str,
) -> Beat:
    line = hold(actor, line_id)
    phase = line.phases.filter(first_day__lte=day, last_day__gte=day, closed_at=None).first()
    if phase is None:
        raise refusals.OutsidePhase(field="day", first=_open_from(line), last=line.days)
    start = due(line.start_day, day, since_midnight(at), ZoneInfo(line.region.zone))
    beat = Beat(
        line=line,
        phase=phase,
        # No playbook can name a beat like this; counted under the line's lock.
        key=f"+{1 + Beat.objects.filter(line=line, key__startswith='+').count()}",
        kind=kind,
        day=day,
        due_at=start,
        by_host=by_host,
        payload=dict(payload),
    )
    _place(line, [beat], start, day, phase)
    mend = note(actor, line, MendKind.ADDED, reason)
    beat.save()
    mend.beat = beat
    mend.save()
    journal.record(BeatAdded(line=line.pk, beat=beat.pk, mend=mend.pk))
    return beat


def _open_from(line: Line) -> int:
    first = line.phases.filter(closed_at=None).order_by("number").first()
    return first.first_day if first else line.days


def _place(line: Line, parts: Sequence[Beat], start: datetime, day: int, phase: Phase) -> None:
    """Refuse where the beat cannot begin at ``start``."""
    zone = ZoneInfo(line.region.zone)
    tasks = {task.key: task for task in playbooks.playbook(line.playbook_id).tasks}

    def midnight(of_day: int) -> datetime:
        return due(line.start_day, of_day, timedelta(), zone)

    rest = Beat.objects.filter(line=line, phase=phase).exclude(key=parts[0].key)
    rest = rest.exclude(state=BeatState.SKIPPED)
    slot = _slot(parts, tasks, zone)
    why = placing.misfit(
        Slot(slot.kind, start, start + (slot.end - slot.start)),
        Room(
            since=midnight(phase.first_day),
            until=midnight(phase.last_day + 1),
            midnight=midnight(day + 1),
            line_end=midnight(line.days + 1),
        ),
        [_slot(beats, tasks, zone) for beats in _by_key(rest)],
        journal.now(),
    )
    if why is Misfit.PHASE:
        raise refusals.OutsidePhase(field="day", first=phase.first_day, last=phase.last_day)
    if why:
        raise _NO[why](field="at")


def _by_key(beats: Iterable[Beat]) -> list[list[Beat]]:
    found: dict[str, list[Beat]] = {}
    for beat in beats:
        found.setdefault(beat.key, []).append(beat)
    return list(found.values())


def _slot(parts: Sequence[Beat], tasks: Mapping[str, Task], zone: ZoneInfo) -> Slot:
    first, last = min(b.due_at for b in parts), max(b.due_at for b in parts)
    told = parts[0].payload
    match parts[0].kind:
        case "call":
            last = first + timedelta(seconds=told["window"])
        case "packet":
            last = first + timedelta(seconds=told["expires"])
        case "tasks":
            last = max(tasks[key].closes(first, zone) for key in told["tasks"])
    return Slot(parts[0].kind, first, last)


def since_midnight(at: time) -> timedelta:
    """A time of day as the offset from local midnight."""
    return timedelta(hours=at.hour, minutes=at.minute)


def _words(beat: Beat, text: str) -> str:
    limit = MESSAGE if beat.kind == "talk" and not beat.payload["question"] else TEXT
    return clean(text, limit=limit, field="text", required=beat.kind in MUST_SPEAK)


def _terms(title: str, total: int, shares: int) -> dict[str, object]:
    title = clean_line(title, limit=TITLE, field="title")
    if not 1 <= shares <= 500 or total < shares:
        raise refusals.PacketTerms(field="shares")
    return {"title": title, "total": total, "shares": shares}


def _refuse_unpaid(line: Line, total: int, before: int = 0) -> None:
    """A packet may not grow beyond what the budget has beside the other planned packets."""
    if total <= before:
        return
    planned = Beat.objects.filter(line=line, kind="packet", state=BeatState.PLANNED)
    taken = sum(payload["total"] for payload in planned.values_list("payload", flat=True)) - before
    left = finance.budget_left(SYSTEM, [line.pk])[line.pk] - taken
    if total > left:
        raise refusals.BudgetTooSmall(field="total", left=f"¥{money.yuan(max(0, left))}")
