"""The quota board: which lines the regions owe, week by week, and which of them are there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from loop28.back.people import queries as people
from loop28.back.people.queries import Region
from loop28.front.ladder import queries as ladder
from loop28.front.ladder.queries import Offer
from loop28.front.lines import queries as lines
from loop28.front.lines.queries import Line
from loop28.kernel import clock
from loop28.kernel.access import Actor

SIX_DAYS = timedelta(days=6)
WEEK = timedelta(days=7)


class State(StrEnum):
    """How one owed line stands."""

    FILLED = "filled"
    """It has started."""
    OPENING = "opening"
    """It is open and gathers people."""
    PROMISED = "promised"
    """A host accepted it; it is to be opened yet."""
    LATE = "late"
    """Its week has begun without it."""
    AHEAD = "ahead"
    """Its week is still to come."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One line of a region's week; ``line`` is None while it is owed.

    ``promise`` is the offer by which a host took the line that is owed.
    """

    region: Region
    week: date
    state: State
    line: Line | None = None
    promise: Offer | None = None


@dataclass(frozen=True, slots=True)
class Week:
    """A region's slots of the week that begins on ``first``.

    ``missed`` says that it is over: what is late in it cannot be opened any more. A week before the
    region's first line has no slots.
    """

    first: date
    slots: list[Slot]
    missed: bool

    @property
    def owed(self) -> list[Slot]:
        """The lines that can still be opened."""
        return [] if self.missed else [slot for slot in self.slots if slot.line is None]


@dataclass(frozen=True, slots=True)
class Row:
    """A region's weeks."""

    region: Region
    weeks: list[Week]

    @property
    def slots(self) -> list[Slot]:
        return [slot for week in self.weeks for slot in week.slots]

    @property
    def quota(self) -> int:
        """Lines owed in these weeks."""
        return self.region.weekly_lines * sum(bool(week.slots) for week in self.weeks)

    def count(self, state: State) -> int:
        return sum(slot.state is state for slot in self.slots)

    @property
    def there(self) -> int:
        """Lines that have started or gather people, those beyond the quota as well."""
        return sum(slot.line is not None for slot in self.slots)


@dataclass(frozen=True, slots=True)
class Board:
    """All regions an actor sees, over the same weeks, each named by its Monday."""

    weeks: list[date]
    rows: list[Row]

    @property
    def first(self) -> date:
        return self.weeks[0]

    @property
    def last(self) -> date:
        return self.weeks[-1] + SIX_DAYS

    @property
    def quota(self) -> int:
        return sum(row.quota for row in self.rows)

    @property
    def filled(self) -> int:
        return sum(row.count(State.FILLED) for row in self.rows)

    @property
    def opening(self) -> int:
        return sum(row.count(State.OPENING) for row in self.rows)

    @property
    def late(self) -> list[Slot]:
        """What is late: first what can still be opened, then the weeks that are lost."""
        found = [slot for row in self.rows for slot in row.slots if slot.state is State.LATE]
        return sorted(found, key=lambda slot: slot.week, reverse=True)

    def owed(self, week: date) -> list[Slot]:
        """The lines of a week that can still be opened, by region."""
        return [s for row in self.rows for w in row.weeks if w.first == week for s in w.owed]


def month_of(day: date) -> date:
    """The first day of the month to which a day's week counts: that of its Thursday."""
    return (clock.monday(day) + timedelta(days=3)).replace(day=1)


def weeks_of(month: date) -> list[date]:
    """The Mondays of a month's weeks: four or five, each week in the month of most of its days."""
    first = month.replace(day=1)
    monday = clock.monday(first + timedelta(days=3))
    found = [monday + WEEK * n for n in range(6)]
    return [m for m in found if month_of(m) == first]


def board(actor: Actor, weeks: Sequence[date], now: datetime, region: int | None = None) -> Board:
    """What the regions an actor sees owe in these weeks, in four statements.

    A region owes from the week of its first line on, or from this week while it has none: nobody
    is late for the time before they began. What a host accepted fills a slot until its day is over.
    """
    places = [place for place in people.regions(actor) if region in {None, place.pk}]
    began = lines.first_days(actor)
    rows = lines.not_called_off(actor).filter(start_day__range=(weeks[0], weeks[-1] + SIX_DAYS))
    opened: dict[tuple[int, date], list[Line]] = {}
    for line in rows.order_by("start_day", "id"):
        opened.setdefault((line.region_id, clock.monday(line.start_day)), []).append(line)
    promised: dict[tuple[int, date], list[Offer]] = {}
    for offer in ladder.promised(actor):
        promised.setdefault((offer.region_id, clock.monday(offer.start_day)), []).append(offer)
    found = []
    for place in places:
        today = clock.local_day(now, ZoneInfo(place.zone))
        since = clock.monday(min(began.get(place.pk, today), today))
        of_weeks = []
        for first in weeks:
            to_come = [o for o in promised.get((place.pk, first), []) if o.start_day >= today]
            of = opened.get((place.pk, first), [])
            of_weeks.append(week(place, first, of, today, since, to_come))
        found.append(Row(place, of_weeks))
    return Board(list(weeks), found)


def week(
    region: Region,
    first: date,
    opened: Sequence[Line],
    today: date,
    since: date,
    promised: Sequence[Offer] = (),
) -> Week:
    """One week of a region: its lines, then what it still owes, what hosts accepted first."""
    slots = [Slot(region, first, _state_of(line, today), line) for line in opened]
    if first >= since:
        owed = max(0, region.weekly_lines - len(opened))
        state = State.LATE if first <= today else State.AHEAD
        taken = [Slot(region, first, State.PROMISED, promise=one) for one in promised[:owed]]
        slots += [*taken, *[Slot(region, first, state)] * (owed - len(taken))]
    return Week(first, slots, missed=first + SIX_DAYS < today)


def _state_of(line: Line, today: date) -> State:
    return State.FILLED if line.start_day <= today else State.OPENING
