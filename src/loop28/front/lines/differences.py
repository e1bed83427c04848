"""How a line differs from what its playbook says. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Generic, Protocol, TypeVar

from loop28.front.playbooks.timetable import Moment


class Standing(Protocol):
    """What a line has of a moment."""

    key: str
    part: int
    day: int
    due_at: datetime
    shifted: int
    payload: dict[str, Any]
    outcome: dict[str, Any]


T = TypeVar("T")
B = TypeVar("B", bound=Standing)


@dataclass(frozen=True, slots=True)
class Difference(Generic[T]):
    """One beat that is not as the playbook has it; the messages of a talk are its ``parts``.

    ``moments`` is what the playbook says of it, empty for one that was ``added``. ``moved`` does
    not mean the days by which a pause shifted all the rest.
    """

    moments: list[Moment]
    parts: list[T]
    moved: bool
    edited: bool
    taken_out: bool

    @property
    def added(self) -> bool:
        return not self.moments


def differences(
    moments: Iterable[Moment], beats: Sequence[B], start: date, zone: tzinfo
) -> list[Difference[B]]:
    """The beats of a line, in order, that were mended; ``start`` is its day 1."""
    planned: dict[str, list[Moment]] = {}
    for moment in moments:
        planned.setdefault(moment.key, []).append(moment)
    standing: dict[str, list[B]] = {}
    for beat in sorted(beats, key=lambda beat: beat.part):
        standing.setdefault(beat.key, []).append(beat)
    found = [_compared(planned.get(key, []), parts, start, zone) for key, parts in standing.items()]
    changed = [d for d in found if d.added or d.moved or d.edited or d.taken_out]
    return sorted(changed, key=lambda d: (d.parts[0].due_at, d.parts[0].key))


def _compared(moments: list[Moment], parts: list[B], start: date, zone: tzinfo) -> Difference[B]:
    pairs = list(zip(sorted(moments, key=lambda moment: moment.part), parts, strict=False))
    return Difference(
        moments=[moment for moment, _ in pairs],
        parts=parts,
        moved=any(_moved(moment, beat, start, zone) for moment, beat in pairs),
        edited=any(moment.payload != beat.payload for moment, beat in pairs),
        taken_out=any(beat.outcome.get("code") == "taken-out" for beat in parts),
    )


def _moved(moment: Moment, beat: Standing, start: date, zone: tzinfo) -> bool:
    local = beat.due_at.astimezone(zone)
    on = start + timedelta(days=moment.day + beat.shifted - 1)
    since_midnight = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
    return (local.date(), since_midnight) != (on, moment.at)
