"""The figures of many lines at once, in a constant number of statements."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from loop28.back.finance import queries as finance
from loop28.front.groups import queries as groups
from loop28.front.ladder import queries as ladder
from loop28.front.lines import queries as lines
from loop28.front.lines import schedule, seats
from loop28.front.lines.queries import Line, Phase
from loop28.front.packets import queries as packets
from loop28.front.rewards import queries as rewards
from loop28.front.tasks import queries as tasks
from loop28.insight.metrics import budgets
from loop28.insight.metrics.foresight import Foresight
from loop28.kernel import clock
from loop28.kernel.access import Actor
from loop28.middle.orders import queries as orders

WEEK = timedelta(days=7)
NOWHERE = (0, date.min)
"""No group on no day."""


class Stage(StrEnum):
    """Where a line stands in its life."""

    GATHERING = "gathering"
    RUNNING = "running"
    OVER = "over"


@dataclass(frozen=True)
class _Many:
    """What is known of lines that a page shows together: one statement or two for each kind of
    figure, when the page first asks for it, for all of them.
    """

    actor: Actor
    lines: Sequence[Line]
    now: datetime

    @cached_property
    def ids(self) -> list[int]:
        return [line.pk for line in self.lines]

    @cached_property
    def heads(self) -> dict[int, dict[str, int]]:
        return seats.head_counts(self.ids)

    @cached_property
    def this_week(self) -> dict[int, int]:
        return seats.opted_in_since(self.ids, self.now - WEEK)

    @cached_property
    def called(self) -> set[int]:
        return schedule.called(self.ids)

    @cached_property
    def places(self) -> dict[int, tuple[int, date]]:
        return _places(self.lines, self.now)

    @cached_property
    def places_before(self) -> dict[int, tuple[int, date]]:
        return _places(self.lines, self.now, back=1)

    @cached_property
    def active(self) -> dict[tuple[int, date], int]:
        return groups.active_on({*self.places.values(), *self.places_before.values()})

    @cached_property
    def there(self) -> dict[tuple[int, date], int]:
        return groups.there_on({*self.places.values(), *self.places_before.values()})

    @cached_property
    def tasks(self) -> dict[int, tuple[int, int]]:
        return tasks.totals(self.ids)

    @cached_property
    def first_orders(self) -> dict[int, int]:
        return first_orders(self.lines)

    @cached_property
    def made(self) -> dict[int, dict[str, int]]:
        return ladder.made_by_line(self.ids)

    @cached_property
    def funded(self) -> dict[int, int]:
        return finance.funded(self.actor, self.ids)

    @cached_property
    def left(self) -> dict[int, int]:
        return finance.budget_left(self.actor, self.ids)

    @cached_property
    def unfunded(self) -> dict[int, int]:
        return rewards.unfunded(self.ids)

    @cached_property
    def packets(self) -> dict[int, dict[str, int]]:
        return packets.totals(self.ids)

    @cached_property
    def foresight(self) -> dict[int, Foresight]:
        return budgets.foresee(self.lines, self.heads, self.called, self.left, self.now)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a page shows of one line. Money in fen.

    ``day`` is below 1 before the start. ``tasks_given`` counts what was opened for members, done or
    not.
    """

    line: Line
    day: int
    stage: Stage
    of: _Many

    @property
    def joined(self) -> int:
        return self.of.heads[self.line.pk]["joined"]

    @property
    def seated(self) -> int:
        return self.of.heads[self.line.pk]["seated"]

    @property
    def waiting(self) -> int:
        return self.of.heads[self.line.pk]["waiting"]

    @property
    def opted_in(self) -> int:
        return self.of.heads[self.line.pk]["opted_in"]

    @property
    def opted_in_this_week(self) -> int:
        return self.of.this_week.get(self.line.pk, 0)

    @property
    def called(self) -> bool:
        return self.line.pk in self.of.called

    @property
    def active_today(self) -> int:
        """Who of `there_today` did something today; 0 when the line is not running."""
        return self.of.active.get(self.of.places.get(self.line.pk, NOWHERE), 0)

    @property
    def there_today(self) -> int:
        """The people, the host among them, of the group in which the line lives today: in the
        warm-up, its last day included, everybody, afterwards those who passed; 0 when it is not
        running.
        """
        return self.of.there.get(self.of.places.get(self.line.pk, NOWHERE), 0)

    @property
    def group_today(self) -> int | None:
        """The group in which a running line lives today."""
        return self.of.places.get(self.line.pk, (None,))[0]

    @property
    def active_yesterday(self) -> int:
        """Who of `there_yesterday` did something then: the last whole day, which today, young as it
        may be, is measured by; 0 when the line was not running.
        """
        return self.of.active.get(self.of.places_before.get(self.line.pk, NOWHERE), 0)

    @property
    def there_yesterday(self) -> int:
        """The people of the group in which the line lived yesterday, as `there_today`."""
        return self.of.there.get(self.of.places_before.get(self.line.pk, NOWHERE), 0)

    @property
    def group_yesterday(self) -> int | None:
        """The group in which a running line lived yesterday: another one after the screening."""
        return self.of.places_before.get(self.line.pk, (None,))[0]

    @property
    def tasks_given(self) -> int:
        return self.of.tasks.get(self.line.pk, (0, 0))[0]

    @property
    def tasks_done(self) -> int:
        return self.of.tasks.get(self.line.pk, (0, 0))[1]

    @property
    def first_orders(self) -> int:
        return self.of.first_orders[self.line.pk]

    @property
    def owners(self) -> int:
        return self.of.made.get(self.line.pk, {}).get("owner", 0)

    @property
    def supervisors(self) -> int:
        return self.of.made.get(self.line.pk, {}).get("supervisor", 0)

    @property
    def funded_fen(self) -> int:
        return self.of.funded[self.line.pk]

    @property
    def left_fen(self) -> int:
        return self.of.left[self.line.pk]

    @property
    def unfunded_fen(self) -> int:
        return self.of.unfunded.get(self.line.pk, 0)

    @property
    def packets(self) -> dict[str, int]:
        return self.of.packets.get(self.line.pk, {"issued": 0, "claimed": 0, "returned": 0})

    @property
    def foresight(self) -> Foresight:
        return self.of.foresight[self.line.pk]

    @property
    def spent_fen(self) -> int:
        """What is out of the budget: paid, held for members, or in packets that are open."""
        return self.funded_fen - self.left_fen

    @property
    def days_to_go(self) -> int:
        """Days until the first one; 0 or less once it began."""
        return 1 - self.day

    @property
    def gap(self) -> int:
        """Seats that nobody has."""
        return max(0, self.line.size - self.seated)


def stage(line: Line, day: int) -> Stage:
    """A line runs from its start day until its last phase is closed."""
    if line.ended_at is not None:
        return Stage.OVER
    return Stage.RUNNING if day >= 1 else Stage.GATHERING


def of_lines(actor: Actor, chosen: Sequence[Line], now: datetime) -> list[Figures]:
    """The figures of these lines, which the actor may see, in their order.

    Each kind costs as much for many lines as for one, and nothing until it is asked for.
    """
    many = _Many(actor, chosen, now)
    return [Figures(line, day := lines.today(line, now), stage(line, day), many) for line in chosen]


def first_orders(chosen: Sequence[Line]) -> dict[int, int]:
    """By line: how many members sold something, as `sellers` finds them."""
    counts = Counter(line for line, _member in sellers(chosen))
    return {line.pk: counts[line.pk] for line in chosen}


def sellers(chosen: Sequence[Line]) -> set[tuple[int, int]]:
    """(line, member) of who passed and sold something to somebody else while the line ran."""
    if not chosen:
        return set()
    spans = {line.pk: span(line) for line in chosen}
    since, until = min(first for first, _ in spans.values()), max(end for _, end in spans.values())
    paid = orders.sales(since, until)
    passed = seats.passed_among(list(spans), paid)
    return {
        (line.pk, member)
        for line in chosen
        for member in passed[line.pk]
        if any(spans[line.pk][0] <= at < spans[line.pk][1] for at in paid[member])
    }


def span(line: Line) -> tuple[datetime, datetime]:
    """From a line's first local midnight up to, not at, the one after its last day."""
    zone = ZoneInfo(line.region.zone)
    after = line.start_day + timedelta(days=line.days)
    return clock.at_local(line.start_day, 0, 0, zone), clock.at_local(after, 0, 0, zone)


def active_by_day(chosen: Sequence[Line], now: datetime) -> dict[int, list[int | None]]:
    """By line, how many members were active on each of its days; None for days to come.

    Each day is counted in the group of its own phase: that is where the line lives that day.
    """
    phases = lines.phases_by_line([line.pk for line in chosen])
    counts = groups.active_by_day([phase.group_id for of in phases.values() for phase in of])
    found = {}
    for line in chosen:
        last = lines.today(line, now) if line.ended_at is None else line.days
        found[line.pk] = [
            counts.get((_group_on(phases[line.pk], day), _date(line, day)), 0)
            if day <= last
            else None
            for day in range(1, line.days + 1)
        ]
    return found


def _places(chosen: Sequence[Line], now: datetime, *, back: int = 0) -> dict[int, tuple[int, date]]:
    """(group, local day) in which the lines that run live today, or so many days ``back``; a line
    after its last day waits to be closed.
    """
    days = {line: lines.today(line, now) - back for line in chosen if line.ended_at is None}
    running = {line: day for line, day in days.items() if 1 <= day <= line.days}
    phases = lines.phases_by_line([line.pk for line in running])
    return {
        line.pk: (_group_on(phases[line.pk], day), _date(line, day))
        for line, day in running.items()
    }


def _group_on(phases: Sequence[Phase], day: int) -> int:
    return next(p.group_id for p in phases if p.first_day <= day <= p.last_day)


def _date(line: Line, day: int) -> date:
    return line.start_day + timedelta(days=day - 1)


def hours(actor: Actor, line_id: int, now: datetime) -> list[list[int]]:
    """Messages people wrote: a list for each day of the line so far, with its 24 local hours."""
    line = lines.line(actor, line_id)
    by_hour = groups.by_hour([phase.group_id for phase in lines.phases(line_id)])
    last = min(max(lines.today(line, now), 0), line.days)
    counts = [[0] * 24 for _ in range(last)]
    for (_, on, hour), messages in by_hour.items():
        row = (on - line.start_day).days
        if 0 <= row < last:
            counts[row][hour] += messages
    return counts
