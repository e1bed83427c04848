"""What is wrong just now: each finding names its line, its cause and the numbers that show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from loop28.back.compliance import queries as compliance
from loop28.back.finance import queries as finance
from loop28.front.groups import moderated
from loop28.front.groups import queries as groups
from loop28.front.ladder import queries as ladder
from loop28.front.lines import queries as lines
from loop28.front.lines import schedule
from loop28.front.lines.queries import Beat, Line
from loop28.insight.metrics.figures import Figures, Stage
from loop28.kernel.access import Actor, Role

STUCK = timedelta(minutes=2)
"""A message that waits longer in the outbox is not on its way any more."""

MENDABLE = timedelta(hours=24)
"""A beat that failed longer ago is history: its hour is over, and its day page still shows it."""

STARTS_SOON = 2
"""Days before its start in which a line with many free seats is a red item."""

GAP_PERCENT = 40
"""More free seats than this are many."""


class Cause(StrEnum):
    """Why something is red, the gravest first."""

    SHORT = "short"
    FAILED = "failed"
    LATE = "late"
    STUCK = "stuck"
    CARDS = "cards"
    GAP = "gap"
    COMPLAINTS = "complaints"
    PROPOSALS = "proposals"
    APPEALS = "appeals"
    HOLDS = "holds"
    PAYOUTS = "payouts"


@dataclass(frozen=True, slots=True)
class Red:
    """One finding. ``line`` is None for what belongs to no line; ``beat`` is the first of its kind.

    ``count`` says how many beats, messages, seats or people, ``fen`` how much money is missing.
    """

    cause: Cause
    line: Line | None = None
    beat: Beat | None = None
    since: datetime | None = None
    count: int = 0
    fen: int = 0


def items(actor: Actor, figures: Sequence[Figures], now: datetime) -> list[Red]:
    """Everything that is red in these lines, and among what the actor decides; gravest first."""
    return _sorted([*of_lines(figures, now), *_decisions(actor, now)], now)


def of_lines(figures: Sequence[Figures], now: datetime) -> list[Red]:
    """Everything that is red in these lines, gravest first."""
    alive = [f for f in figures if f.stage is not Stage.OVER]
    ids = [f.line.pk for f in alive]
    late = schedule.late(ids, now)
    stuck = _stuck(ids, now)
    found = [
        red
        for f in alive
        for red in (
            *_money(f),
            *_beats(f.line, late.get(f.line.pk, []), now),
            *_outbox(f.line, stuck),
            *_gap(f),
        )
    ]
    return _sorted(found, now)


def _sorted(found: Sequence[Red], now: datetime) -> list[Red]:
    order = list(Cause)
    return sorted(found, key=lambda red: (order.index(red.cause), red.since or now))


def _money(f: Figures) -> list[Red]:
    short = f.foresight.soon_short_fen
    if short:
        return [Red(Cause.SHORT, f.line, since=f.foresight.empty_at, fen=short)]
    if f.unfunded_fen > f.left_fen:
        return [Red(Cause.SHORT, f.line, fen=f.unfunded_fen - f.left_fen)]
    return []


def _beats(line: Line, late: Sequence[Beat], now: datetime) -> list[Red]:
    kinds: dict[Cause, list[Beat]] = {}
    for beat in late:
        if beat.state == "failed":
            if now - beat.due_at <= MENDABLE:
                kinds.setdefault(Cause.FAILED, []).append(beat)
        else:
            kinds.setdefault(Cause.CARDS if beat.by_host else Cause.LATE, []).append(beat)
    return [
        Red(cause, line, beats[0], since=beats[0].due_at, count=len(beats))
        for cause, beats in kinds.items()
    ]


def _stuck(line_ids: Sequence[int], now: datetime) -> dict[int, tuple[int, datetime]]:
    """By line, how many messages are stuck and since when."""
    of = {p.group_id: p.line_id for ps in lines.phases_by_line(line_ids).values() for p in ps}
    found: dict[int, tuple[int, datetime]] = {}
    for group, (count, oldest) in groups.stuck(list(of), now - STUCK).items():
        more, since = found.get(of[group], (0, oldest))
        found[of[group]] = (more + count, min(since, oldest))
    return found


def _outbox(line: Line, stuck: Mapping[int, tuple[int, datetime]]) -> list[Red]:
    if line.pk not in stuck:
        return []
    count, since = stuck[line.pk]
    return [Red(Cause.STUCK, line, since=since, count=count)]


def _gap(f: Figures) -> list[Red]:
    soon = f.stage is Stage.GATHERING and 1 - f.day <= STARTS_SOON
    if soon and f.gap * 100 > f.line.size * GAP_PERCENT:
        return [Red(Cause.GAP, f.line, count=f.gap)]
    return []


def _decisions(actor: Actor, now: datetime) -> list[Red]:
    """What waits for a person's yes or no, for those whose yes or no it is."""
    found = []
    if actor.role in {Role.ADMINISTRATOR, Role.REGION_MANAGER}:
        count, oldest = moderated.complaints_with_region(actor, now)
        if count:
            found.append(Red(Cause.COMPLAINTS, count=count, since=oldest))
        waiting = ladder.proposals(actor).count()
        if waiting:
            found.append(Red(Cause.PROPOSALS, count=waiting))
        appeals = ladder.open_appeals(actor).count()
        if appeals:
            found.append(Red(Cause.APPEALS, count=appeals))
    if actor.role in {Role.ADMINISTRATOR, Role.FINANCE}:
        held = compliance.to_decide(actor)
        if held:
            found.append(Red(Cause.HOLDS, count=held))
        asked = finance.payouts(actor, "asked").count()
        if asked:
            found.append(Red(Cause.PAYOUTS, count=asked))
    return found
