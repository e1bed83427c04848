"""Where a beat of a running line may stand, and how far a pause shifts the rest. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum


class Misfit(StrEnum):
    """Why a beat cannot stand at a time: what a playbook is checked for, as far as it still holds.

    The playbook's own checks read a file; these read a line that has been mended before.
    """

    PAST = "past"
    PHASE = "phase"
    MIDNIGHT = "midnight"
    SAME_MINUTE = "same-minute"
    TALKS = "talks"
    LINE_END = "line-end"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Slot:
    """A beat in time.

    ``end`` is when a talk, a call, a packet or the longest task it opens is over; that of other
    kinds is their start.
    """

    kind: str
    start: datetime
    end: datetime

    @property
    def speaks_until(self) -> datetime:
        """How long it needs the phase to be open: packets and tasks live on after that."""
        return self.end if self.kind in {"talk", "call"} else self.start


@dataclass(frozen=True, slots=True)
class Room:
    """What is around a slot.

    Its phase from its first midnight up to the one after it, the end of the slot's own day, the end
    of the line.
    """

    since: datetime
    until: datetime
    midnight: datetime
    line_end: datetime


def misfit(slot: Slot, room: Room, others: Sequence[Slot], now: datetime) -> Misfit | None:
    """Why a slot cannot be there, or None. ``others`` are the rest of its phase."""
    if slot.start <= now:
        return Misfit.PAST
    if not room.since <= slot.start < room.until:
        return Misfit.PHASE
    if slot.kind == "talk" and slot.end >= room.midnight:
        return Misfit.MIDNIGHT
    if any(o.kind == slot.kind and o.start == slot.start for o in others):
        return Misfit.SAME_MINUTE
    if slot.kind == "talk" and any(_overlap(slot, o) for o in others if o.kind == "talk"):
        return Misfit.TALKS
    if slot.end > room.line_end:
        return Misfit.LINE_END
    return Misfit.CLOSE if _beyond_the_close(slot, others) else None


def _overlap(one: Slot, other: Slot) -> bool:
    return one.start <= other.end and other.start <= one.end


def _beyond_the_close(slot: Slot, others: Iterable[Slot]) -> bool:
    """Nothing of a phase begins at or after its close, and a call's window is over by then."""
    if slot.kind == "close":
        return any(o.speaks_until > slot.start or o.start >= slot.start for o in others)
    closes = [o.start for o in others if o.kind == "close"]
    return any(slot.speaks_until > at or slot.start >= at for at in closes)


def later(moment: datetime, days: int, zone: tzinfo) -> datetime:
    """The same time of day so many days later, by the clocks of ``zone``."""
    return (moment.astimezone(zone) + timedelta(days=days)).astimezone(UTC)


def days_to_shift(first_missed: datetime | None, now: datetime, zone: tzinfo) -> int:
    """The fewest whole days by which the rest moves so that nothing of it is late.

    ``first_missed`` is the earliest beat that fell into the pause; without one nothing moves.
    """
    if first_missed is None:
        return 0
    days = max(0, (now - first_missed).days)
    return days if later(first_missed, days, zone) > now else days + 1
