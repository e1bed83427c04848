"""What the best lines of a playbook did differently from the rest. It compares and claims no cause:
a host who answers more may have had the easier group."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean, pstdev
from zoneinfo import ZoneInfo

from loop28.front.groups import queries as groups
from loop28.front.ladder import queries as ladder
from loop28.front.lines import queries as lines
from loop28.front.lines import schedule, seats
from loop28.front.lines.queries import Line
from loop28.front.playbooks import queries as playbooks
from loop28.kernel import clock
from loop28.kernel.access import Actor

ENOUGH = 6
"""Lines that are needed for a comparison: two against four."""

LATEST = 72
"""Lines that are looked at: those of the last twelve weeks where six regions open one a week."""

EVENING = range(18, 23)
"""Local hours in which people are at home: from six in the evening until eleven."""


class Habit(StrEnum):
    """What is looked at in a line; all of it is known when its call is made."""

    SUPERVISOR = "supervisor"
    """Its host is a supervisor (1) or not (0)."""
    INVITERS = "inviters"
    """Owners who brought at least one person."""
    JOINED = "joined"
    """People who ever had a seat."""
    EVENING = "evening"
    """Of the messages people wrote in the warm-up, those of the evening, in percent."""
    WROTE = "wrote"
    """Messages the host wrote in person in the warm-up."""
    GATHERED = "gathered"
    """Days from the opening to the start."""
    SKIPPED = "skipped"
    """Beats that were skipped."""
    ADDED = "added"
    """Beats that are not in the playbook."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A line with its pass rate (joined, opted in) and its habits."""

    line: Line
    joined: int
    passed: int
    habits: dict[Habit, float]

    @property
    def rate(self) -> float:
        return self.passed / self.joined if self.joined else 0.0


@dataclass(frozen=True, slots=True)
class Difference:
    """The average of a habit among the best lines and among the rest.

    It ``stands_out`` when the averages are further apart than the lines are among themselves: more
    than one standard deviation of all of them.
    """

    habit: Habit
    best: float
    rest: float
    stands_out: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """The best third of a playbook's lines beside the rest; no differences while there are few."""

    best: list[Watched]
    rest: list[Watched]
    differences: list[Difference]


def compare(watched: Sequence[Watched]) -> Comparison:
    """Split lines by their pass rate and average their habits, the largest differences first."""
    ranked = sorted(watched, key=lambda one: (-one.rate, one.line.pk))
    third = len(ranked) // 3
    best, rest = ranked[:third], ranked[third:]
    if len(ranked) < ENOUGH:
        return Comparison(best, rest, [])
    found = sorted((_gap(habit, best, rest) for habit in Habit), key=lambda row: -row[0])
    return Comparison(best, rest, [difference for _, difference in found])


def _gap(
    habit: Habit, best: Sequence[Watched], rest: Sequence[Watched]
) -> tuple[float, Difference]:
    """How many standard deviations the averages are apart, and the averages."""
    ours, others = ([one.habits[habit] for one in side] for side in (best, rest))
    spread = pstdev([*ours, *others])
    apart = abs(fmean(ours) - fmean(others)) / spread if spread else 0.0
    return apart, Difference(habit, fmean(ours), fmean(others), stands_out=apart > 1)


def of_playbook(actor: Actor, version: int) -> Comparison:
    """The actor's latest lines of one version whose call was made."""
    chosen = list(
        lines.lines(actor).filter(playbook=version).order_by("-start_day", "-id")[:LATEST]
    )
    called = schedule.called([line.pk for line in chosen])
    return compare(_watch([line for line in chosen if line.pk in called], version))


def _watch(chosen: Sequence[Line], version: int) -> list[Watched]:
    ids = [line.pk for line in chosen]
    heads, levels = seats.head_counts(ids), ladder.level(line.host_id for line in chosen)
    brought, skipped = seats.inviters(ids), schedule.skipped(ids)
    added = schedule.beside(ids, {beat.key for beat in playbooks.playbook(version).beats})
    group = {number: of[0].group_id for number, of in lines.phases_by_line(ids).items()}
    hours = groups.written_by_hour(list(group.values()))
    wrote = groups.written_by({line.host_id for line in chosen})
    measure: dict[Habit, Callable[[Line], float]] = {
        Habit.SUPERVISOR: lambda line: float(levels.get(line.host_id) == "supervisor"),
        Habit.INVITERS: lambda line: brought.get(line.pk, 0),
        Habit.JOINED: lambda line: heads[line.pk]["joined"],
        Habit.EVENING: lambda line: _evening(hours, group[line.pk]),
        Habit.WROTE: lambda line: wrote.get((group[line.pk], line.host_id), 0),
        Habit.GATHERED: _gathered,
        Habit.SKIPPED: lambda line: skipped.get(line.pk, 0),
        Habit.ADDED: lambda line: added.get(line.pk, 0),
    }
    return [
        Watched(
            line,
            heads[line.pk]["joined"],
            heads[line.pk]["opted_in"],
            {habit: value(line) for habit, value in measure.items()},
        )
        for line in chosen
    ]


def _evening(hours: Mapping[tuple[int, int], int], group: int) -> float:
    """Percent of a group's messages that were written in the evening; 0 of none."""
    total = sum(hours.get((group, hour), 0) for hour in range(24))
    return 100 * sum(hours.get((group, hour), 0) for hour in EVENING) / total if total else 0.0


def _gathered(line: Line) -> int:
    return (line.start_day - clock.local_day(line.opened_at, ZoneInfo(line.region.zone))).days
