"""The league table: what came of lines, summed up by region, by host and by city tier."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from loop28.back.finance import queries as finance
from loop28.front.groups import queries as groups
from loop28.front.ladder import queries as ladder
from loop28.front.lines import queries as lines
from loop28.front.lines import schedule, seats
from loop28.front.lines.queries import Line, Phase
from loop28.kernel.access import Actor

K = TypeVar("K", bound=Hashable)

RANKED_FROM = 2
"""Lines a place in the table needs: one line says more about its week than about who ran it."""


class Measure(StrEnum):
    """What the table is ordered by."""

    PASSING = "passing"
    ACTIVE = "active"
    OWNERS = "owners"
    COST = "cost"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one line.

    ``passing`` is (joined, opted in) by city tier, ``owners`` counts the shop owners it made by the
    tier they joined from. ``active`` adds up the active members of every whole training day,
    ``expected`` the members who could have been: those who passed, once for each such day.
    """

    line: Line
    called: bool
    passing: dict[int | None, tuple[int, int]]
    owners: Counter[int | None]
    active: int
    expected: int
    spent_fen: int

    @property
    def over(self) -> bool:
        return self.line.ended_at is not None


@dataclass(frozen=True, slots=True)
class Standing:
    """Lines that belong together, with their figures. A rate is two numbers: so many of so many.

    Pass rate: opted in / joined, over lines whose call was made. Active in training: members active
    on a whole training day / members who passed, over all such days (Result). Owners per line and
    cost per owner: over lines that ended; the cost is all that left their budgets, in fen. With a
    ``tier`` only its people count, and what cannot be told by person is None: activity is counted
    by group, money by line.
    """

    results: list[Result]
    tier: int | None = None
    of_tier: bool = False

    @property
    def called(self) -> list[Result]:
        return [result for result in self.results if result.called]

    @property
    def ended(self) -> list[Result]:
        return [result for result in self.results if result.over]

    @property
    def joined(self) -> int:
        return sum(self._passing(result)[0] for result in self.called)

    @property
    def passed(self) -> int:
        return sum(self._passing(result)[1] for result in self.called)

    @property
    def active(self) -> int | None:
        return None if self.of_tier else sum(result.active for result in self.results)

    @property
    def expected(self) -> int | None:
        return None if self.of_tier else sum(result.expected for result in self.results)

    @property
    def trained(self) -> int:
        """Lines that have had a whole training day."""
        return sum(result.expected > 0 for result in self.results)

    @property
    def owners(self) -> int:
        return sum(self._owners(result) for result in self.ended)

    @property
    def owners_per_line(self) -> float | None:
        return self.owners / len(self.ended) if self.ended else None

    @property
    def spent_fen(self) -> int | None:
        return None if self.of_tier else sum(result.spent_fen for result in self.ended)

    @property
    def fen_per_owner(self) -> int | None:
        """None without an owner, too: there is nothing to divide by."""
        return self.spent_fen // self.owners if self.spent_fen is not None and self.owners else None

    def value(self, measure: Measure) -> float | None:
        """What to rank by, the larger the better; None for too few lines to rank."""
        counted, value = _MEASURES[measure](self)
        return value if counted >= RANKED_FROM else None

    def _passing(self, result: Result) -> tuple[int, int]:
        if self.of_tier:
            return result.passing.get(self.tier, (0, 0))
        counts = result.passing.values()
        return sum(joined for joined, _ in counts), sum(passed for _, passed in counts)

    def _owners(self, result: Result) -> int:
        return result.owners[self.tier] if self.of_tier else result.owners.total()


_MEASURES: dict[Measure, Callable[[Standing], tuple[int, float | None]]] = {
    Measure.PASSING: lambda s: (len(s.called), s.passed / s.joined if s.joined else None),
    Measure.ACTIVE: lambda s: (
        s.trained,
        s.active / s.expected if s.active is not None and s.expected else None,
    ),
    Measure.OWNERS: lambda s: (len(s.ended), s.owners_per_line),
    Measure.COST: lambda s: (len(s.ended), -s.fen_per_owner if s.fen_per_owner else None),
}


def results(actor: Actor, chosen: Sequence[Line], now: datetime) -> list[Result]:
    """What came of these lines, which the actor may see, in a constant number of statements."""
    ids = [line.pk for line in chosen]
    passing, called = seats.passing(ids), schedule.called(ids)
    owners, spent = _owners(ids), finance.spent(actor, ids)
    training = {number: of[1:] for number, of in lines.phases_by_line(ids).items()}
    days = groups.active_by_day([phase.group_id for of in training.values() for phase in of])
    found = []
    for line in chosen:
        whole = _whole_days(line, training[line.pk], lines.today(line, now))
        passed = sum(opted_in for _, opted_in in passing[line.pk].values())
        active = [
            days.get((group, line.start_day + timedelta(days=day - 1)), 0) for group, day in whole
        ]
        found.append(
            Result(
                line=line,
                called=line.pk in called,
                passing=passing[line.pk],
                owners=owners[line.pk],
                active=sum(active),
                expected=passed * len(whole),
                spent_fen=spent[line.pk],
            )
        )
    return found


def _whole_days(line: Line, training: Sequence[Phase], today: int) -> list[tuple[int, int]]:
    """(group, day) of the training days that are over; today's would look worse than it is."""
    last = line.days if line.ended_at else today - 1
    return [
        (phase.group_id, day)
        for phase in training
        for day in range(phase.first_day, min(phase.last_day, last) + 1)
    ]


def _owners(ids: Sequence[int]) -> dict[int, Counter[int | None]]:
    made = ladder.owners_of(ids)
    tiers = seats.tiers_of(made)
    found: dict[int, Counter[int | None]] = defaultdict(Counter)
    for seat in made:
        found[seat[0]][tiers.get(seat)] += 1
    return found


def by(
    of: Sequence[Result],
    key: Callable[[Line], K],
    *,
    tier: int | None = None,
    of_tier: bool = False,
) -> dict[K, Standing]:
    """Results gathered by something of their lines, such as its region or its host."""
    found: dict[K, list[Result]] = defaultdict(list)
    for result in of:
        found[key(result.line)].append(result)
    return {name: Standing(members, tier, of_tier) for name, members in found.items()}


def by_tier(of: Sequence[Result]) -> dict[int | None, Standing]:
    """The same lines once for each city tier their people come from, the largest cities first."""
    tiers = {tier for result in of for tier in result.passing}
    order = sorted(tiers, key=lambda tier: (tier is None, tier or 0))
    return {tier: Standing(list(of), tier, of_tier=True) for tier in order}


def ranked(of: dict[K, Standing], measure: Measure) -> list[tuple[int | None, K, Standing]]:
    """(place, name, standing): the best first; those with too few lines behind, without a place.

    Equals share a place.
    """
    valued = [(standing.value(measure), name, standing) for name, standing in of.items()]
    better = [value for value, *_ in valued if value is not None]
    places = [
        (None if value is None else 1 + sum(other > value for other in better), name, standing)
        for value, name, standing in valued
    ]
    return sorted(places, key=lambda row: (row[0] is None, row[0] or 0))
