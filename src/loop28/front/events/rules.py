"""When an event is open to whom, without looking at the clock."""

from datetime import datetime, timedelta
from enum import StrEnum

DOORS_BEFORE = timedelta(hours=3)
DOORS_AFTER = timedelta(hours=6)
LONGEST = timedelta(hours=24)


class Stage(StrEnum):
    """Where an event stands."""

    COMING = "coming"
    ON = "on"
    OVER = "over"
    CANCELLED = "cancelled"


def stage(starts_at: datetime, ends_at: datetime, cancelled: bool, now: datetime) -> Stage:
    """An event is on from its start up to, but not at, its end."""
    if cancelled:
        return Stage.CANCELLED
    if now < starts_at:
        return Stage.COMING
    return Stage.ON if now < ends_at else Stage.OVER


def doors_open(starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Whether people can be checked in: somewhat before the start, and late entries after it."""
    return starts_at - DOORS_BEFORE <= now <= doors_close(ends_at)


def doors_close(ends_at: datetime) -> datetime:
    """The last instant at which somebody can be checked in, and a ticket is good."""
    return ends_at + DOORS_AFTER


def possible(starts_at: datetime, ends_at: datetime) -> bool:
    """Whether an event can last like this."""
    return timedelta(0) < ends_at - starts_at <= LONGEST
