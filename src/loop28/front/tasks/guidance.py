"""Which task is the next one to do, as in a game's first levels. Pure but for what it is shown."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import NamedTuple


class Choice(NamedTuple):
    """An open task that somebody can do now, as far as the choice depends on it.

    ``by_day`` is the day of the region after which it, or what counts of it today, is over.
    ``elsewhere`` it is done where only a fact of it is heard: a sale, a visit.
    """

    number: int
    by_day: date
    takes: timedelta
    elsewhere: bool = False


def next_up(choices: Iterable[Choice], waiting: Collection[int] = ()) -> int | None:
    """The one to show first: what is over soonest, by days; of these what is done right here, and
    the easiest.

    ``waiting`` are those with which somebody else has to do something. None when nothing is left.
    """
    open_ = [one for one in choices if one.number not in waiting]
    best = min(open_, key=_pressing, default=None)
    return best.number if best else None


def _pressing(one: Choice) -> tuple[date, bool, timedelta, int]:
    return one.by_day, one.elsewhere, one.takes, one.number
