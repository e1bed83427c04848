"""Which task is the next one to do, as in a game's first levels."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from loop28.front.tasks import programme, rules
from loop28.front.tasks.programme import Programme
from loop28.front.tasks.queries import Mine
from loop28.front.tasks.rules import Stand
from loop28.kernel import clock


class Choice(NamedTuple):
    """An open task that somebody can do now, as far as the choice depends on it.

    ``by_day`` is the day of the region after which it, or what counts of it today, is over.
    ``elsewhere`` it is done where only a fact of it is heard: a sale, a visit.
    """

    number: int
    by_day: date
    takes: timedelta
    elsewhere: bool = False


def next_up(mine: Sequence[Mine], waiting: Collection[int] = ()) -> Mine | None:
    """The one of a member's tasks to do next; ``waiting`` are those that wait for somebody else.

    What counts by the day is over with today, and done for today once it has counted.
    """
    lines = programme.of_lines(one.assignment.line_id for one in mine)
    now = clock.now()
    open_ = [one for one in mine if one.stand is Stand.OPEN and not one.counted_today]
    best = choose([_choice(one, lines[one.assignment.line_id], now) for one in open_], waiting)
    return next((one for one in mine if one.assignment.pk == best), None)


def choose(choices: Iterable[Choice], waiting: Collection[int] = ()) -> int | None:
    """The one to show first: what is over soonest, by days; of these what is done right here, and
    the easiest.

    ``waiting`` are those with which somebody else has to do something. None when nothing is left.
    """
    open_ = [one for one in choices if one.number not in waiting]
    best = min(open_, key=_pressing, default=None)
    return best.number if best else None


def _choice(one: Mine, of: Programme, now: datetime) -> Choice:
    until = now if one.by_day else one.assignment.closes_at
    elsewhere = one.task.kind == rules.MEASURED
    return Choice(one.assignment.pk, of.local_day(until), one.task.takes, elsewhere)


def _pressing(one: Choice) -> tuple[date, bool, timedelta, int]:
    return one.by_day, one.elsewhere, one.takes, one.number
