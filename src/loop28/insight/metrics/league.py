"""The league table: what came of lines, summed up by region, by host and by city tier."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from loop28.back.finance import queries as finance
from loop28.front.groups import moderated
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
    COMPLAINTS = "complaints"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one line.

    ``passing`` is (joined, opted in) by city tier, ``owners`` counts the shop owners it made by the
    tier they joined from. ``groups`` are those of all its phases, ``training`` the first and last
    day of its training so far, by group: whole days only. `with_people` adds by tier the days on
    which members were active in it, and what they complained of their host and were right, each
    with the first complaint about it.
    """

    line: Line
    called: bool
    passing: dict[int | None, tuple[int, int]]
    owners: Counter[int | None]
    spent_fen: int
    groups: Sequence[int] = ()
    training: dict[int, tuple[date, date]] = field(default_factory=dict)
    active: Counter[int | None] = field(default_factory=Counter)
    complaints: dict[int | None, dict[str, int]] = field(default_factory=dict)

    @property
    def over(self) -> bool:
        return self.line.ended_at is not None

    @property
    def training_days(self) -> int:
        """Whole ones so far; today's would look worse than it is."""
        return sum((last - first).days + 1 for first, last in self.training.values())

    @property
    def mostly(self) -> int | None:
        """The city tier most of those who joined come from; None while none of them is known."""
        known = [(of[0], -tier) for tier, of in self.passing.items() if tier is not None and of[0]]
        return -max(known)[1] if known else None


@dataclass(frozen=True, slots=True)
class Standing:
    """Lines that belong together, with their figures. A rate is two numbers: so many of so many.

    Pass rate: opted in / joined, over lines whose call was made. Active in training: members active
    on a whole training day / members who passed, over all such days (Result). Owners per line and
    cost per owner: over lines that ended; the cost is all that left their budgets, in fen.
    Complaints per line: over lines somebody joined. With a ``tier`` only its people count: who
    joined, was active, became an owner, complained. Money is booked by line: there the lines count
    whose people come mostly from it.
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
    def paid(self) -> list[Result]:
        """The lines over which the cost of an owner is counted."""
        return [r for r in self.ended if not self.of_tier or r.mostly == self.tier]

    @property
    def joined(self) -> int:
        return sum(self._passing(result)[0] for result in self.called)

    @property
    def passed(self) -> int:
        return sum(self._passing(result)[1] for result in self.called)

    @property
    def active(self) -> int:
        return sum(self._count(result.active) for result in self.results)

    @property
    def expected(self) -> int:
        return sum(self._passing(result)[1] * result.training_days for result in self.results)

    @property
    def trained(self) -> int:
        """Lines that have had a whole training day with somebody in it."""
        return sum(self._passing(r)[1] * r.training_days > 0 for r in self.results)

    @property
    def owners(self) -> int:
        return sum(self._count(result.owners) for result in self.ended)

    @property
    def owners_per_line(self) -> float | None:
        return self.owners / len(self.ended) if self.ended else None

    @property
    def fen_per_owner(self) -> int | None:
        """None without an owner, too: there is nothing to divide by."""
        made = sum(result.owners.total() for result in self.paid)
        return sum(result.spent_fen for result in self.paid) // made if made else None

    @property
    def complaints(self) -> list[int]:
        """One complaint for each thing people complained of and were right about."""
        return [number for result in self.results for number in self._complaints(result).values()]

    @property
    def lived(self) -> list[Result]:
        """Lines somebody joined: where nobody was, nobody complains."""
        return [result for result in self.results if self._passing(result)[0]]

    @property
    def complaints_per_line(self) -> float | None:
        return len(self.complaints) / len(self.lived) if self.lived else None

    def value(self, measure: Measure) -> float | None:
        """What to rank by, the larger the better; None for too few lines to rank."""
        counted, value = _MEASURES[measure](self)
        return value if counted >= RANKED_FROM else None

    def _passing(self, result: Result) -> tuple[int, int]:
        if self.of_tier:
            return result.passing.get(self.tier, (0, 0))
        counts = result.passing.values()
        return sum(joined for joined, _ in counts), sum(passed for _, passed in counts)

    def _count(self, by_tier: Counter[int | None]) -> int:
        return by_tier[self.tier] if self.of_tier else by_tier.total()

    def _complaints(self, result: Result) -> dict[str, int]:
        if self.of_tier:
            return result.complaints.get(self.tier, {})
        found: dict[str, int] = {}
        for of in result.complaints.values():
            found = of | found
        return found


_MEASURES: dict[Measure, Callable[[Standing], tuple[int, float | None]]] = {
    Measure.PASSING: lambda s: (len(s.called), s.passed / s.joined if s.joined else None),
    Measure.ACTIVE: lambda s: (s.trained, s.active / s.expected if s.expected else None),
    Measure.OWNERS: lambda s: (len(s.ended), s.owners_per_line),
    Measure.COST: lambda s: (len(s.paid), -s.fen_per_owner if s.fen_per_owner else None),
    Measure.COMPLAINTS: lambda s: (len(s.lived), -(s.complaints_per_line or 0.0)),
}


def results(actor: Actor, chosen: Sequence[Line], now: datetime) -> list[Result]:
    """What came of these lines, which the actor may see, in a constant number of statements."""
    ids = [line.pk for line in chosen]
    passing, called = seats.passing(ids), schedule.called(ids)
    owners, spent = _owners(ids), finance.spent(actor, ids)
    phases = lines.phases_by_line(ids)
    return [
        Result(
            line=line,
            called=line.pk in called,
            passing=passing[line.pk],
            owners=owners[line.pk],
            spent_fen=spent[line.pk],
            groups=[phase.group_id for phase in phases[line.pk]],
            training=_training(line, phases[line.pk][1:], lines.today(line, now)),
        )
        for line in chosen
    ]


def _training(line: Line, phases: Sequence[Phase], today: int) -> dict[int, tuple[date, date]]:
    """By group, the first and last of the training days that are over."""
    over = line.days if line.ended_at else today - 1
    return {
        phase.group_id: (_date(line, phase.first_day), _date(line, min(phase.last_day, over)))
        for phase in phases
        if phase.first_day <= over
    }


def _date(line: Line, day: int) -> date:
    return line.start_day + timedelta(days=day - 1)


def with_people(of: Sequence[Result]) -> list[Result]:
    """The same results with what is told by person: who was active, who complained.

    Who has no seat in the line, such as its host, is not counted among its active people.
    """
    line_of = {group: result.line.pk for result in of for group in result.groups}
    days = groups.days_active({g: span for result in of for g, span in result.training.items()})
    made = moderated.against_hosts(line_of)
    tiers = seats.tiers_of(
        {(line_of[group], member) for group, member in days}
        | {(line_of[group], by) for group, by, *_ in made if by}
    )
    active: dict[int, Counter[int | None]] = defaultdict(Counter)
    for (group, member), count in days.items():
        seat = (line_of[group], member)
        if seat in tiers:
            active[seat[0]][tiers[seat]] += count
    complaints: dict[int, dict[int | None, dict[str, int]]] = defaultdict(dict)
    for group, by, what, number in made:
        line = line_of[group]
        complaints[line].setdefault(tiers.get((line, by or 0)), {}).setdefault(what, number)
    return [
        replace(result, active=active[result.line.pk], complaints=complaints[result.line.pk])
        for result in of
    ]


def _owners(ids: Sequence[int]) -> dict[int, Counter[int | None]]:
    made = ladder.made_of(ids, "owner")
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
