"""What a line's calendar means. Pure."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

ON_TIME = 60
"""Seconds after its due time within which a beat counts as on time."""

ONLY_WORDS = frozenset({"post", "talk"})
"""Beats that are nothing but words: a host can send them in a chat of their own."""

SILENT_DAYS = 2
"""From so many days without a sign a person gets a friendly word. A guess."""

REST_DAYS = 3
"""So many days whoever was spoken to has time to come back. A guess."""


class Planned(Protocol):
    """What the rules need to know of a beat."""

    kind: str
    due_at: datetime
    by_host: bool
    grace: int | None


B = TypeVar("B", bound=Planned)


def day_number(start: date, today: date) -> int:
    """The line's day, 1 on its start day; zero or less while it gathers."""
    return (today - start).days + 1


def late_seconds(due: datetime, now: datetime) -> int:
    """How late ``now`` is, in whole seconds; never negative."""
    return max(0, (now - due) // timedelta(seconds=1))


def still_wanted(beat: Planned, now: datetime) -> bool:
    """Whether a due beat is done (True) or skipped (False), by its own grace.

    A phase is closed however late it is: without that its line would never end.
    """
    if beat.grace is None or beat.kind == "close":
        return True
    return late_seconds(beat.due_at, now) <= max(beat.grace, ON_TIME)


def call_open(done_at: datetime, window_seconds: int, moment: datetime) -> bool:
    """Whether an opt-in at ``moment`` answers a call done at ``done_at``; both ends count."""
    return done_at <= moment <= done_at + timedelta(seconds=window_seconds)


def ready(due: Iterable[B], call_until: datetime | None, now: datetime) -> list[B]:
    """Those of a line's due beats that may fire now, in order.

    A phase is not closed under an open call: after a downtime the call is late, and people get
    their whole window. What comes after that close waits with it. A call among the due beats has no
    window yet, so the close behind it waits for the next look. So does what follows a packet: the
    module that issues it shows it after everything else of this look has been said.
    """
    calling = call_until is not None and call_until >= now
    fire: list[B] = []
    kinds: set[str] = set()
    for beat in due:
        if beat.kind == "close" and (calling or "call" in kinds):
            break
        if beat.kind != "packet" and "packet" in kinds:
            break
        fire.append(beat)
        waits_for_host = beat.by_host and beat.kind == "packet"
        if still_wanted(beat, now) and not waits_for_host:
            kinds.add(beat.kind)
    return fire


def silent_days(seen: date, today: date) -> int:
    """For how many days nothing was seen of a person; 0 while that needs no word yet."""
    days = (today - seen).days
    return days if days >= SILENT_DAYS else 0


def resting(spoken: date, today: date) -> bool:
    """Whether somebody was spoken to so lately that they are left in peace."""
    return today < spoken + timedelta(days=REST_DAYS)
