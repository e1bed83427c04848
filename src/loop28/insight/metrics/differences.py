"""What the best lines of a playbook did differently from the rest. It compares and claims no cause:
a host who answers more may have had the easier group."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from math import comb
from random import Random
from statistics import fmean
from zoneinfo import ZoneInfo

from loop28.front.groups import queries as groups
from loop28.front.ladder import queries as ladder
from loop28.front.lines import queries as lines
from loop28.front.lines import schedule, seats
from loop28.front.lines.queries import Line
from loop28.front.playbooks import queries as playbooks
from loop28.kernel import clock
from loop28.kernel.access import Actor

ENOUGH = 9
"""Lines that are needed for a comparison: three against six. Of fewer lines even the best possible
split comes about by chance too often to say anything."""

RARE = 0.05
"""What stands out comes about by chance in at most one of twenty comparisons."""

SPLITS = 1000
"""Random splits that tell how often; where there are fewer, each of them once."""

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
class Side:
    """A habit among lines that belong together: the average, from the least to the most."""

    average: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Difference:
    """A habit among the best lines and among the rest.

    ``by_chance`` is how often the averages are as far apart when the same lines are split at random
    into groups of these sizes.
    """

    habit: Habit
    best: Side
    rest: Side
    by_chance: float

    @property
    def stands_out(self) -> bool:
        return self.by_chance <= RARE


@dataclass(frozen=True, slots=True)
class Comparison:
    """The best third of a playbook's lines beside the rest; no differences while there are few."""

    best: list[Watched]
    rest: list[Watched]
    differences: list[Difference]


def compare(watched: Sequence[Watched]) -> Comparison:
    """Split lines by their pass rate and compare their habits, the rarest difference first."""
    ranked = sorted(watched, key=lambda one: (-one.rate, one.line.pk))
    third = len(ranked) // 3
    best, rest = ranked[:third], ranked[third:]
    if len(ranked) < ENOUGH:
        return Comparison(best, rest, [])
    splits = _splits(len(ranked), third)
    found = [_difference(habit, best, rest, splits) for habit in Habit]
    return Comparison(best, rest, sorted(found, key=lambda one: one.by_chance))


def _splits(lines_: int, best: int) -> list[tuple[int, ...]]:
    """Places of the best in splits at random; always the same ones, so that a page stays itself."""
    if comb(lines_, best) <= SPLITS:
        return list(combinations(range(lines_), best))
    chance = Random(lines_)  # noqa: S311
    return [tuple(chance.sample(range(lines_), best)) for _ in range(SPLITS)]


def _difference(
    habit: Habit,
    best: Sequence[Watched],
    rest: Sequence[Watched],
    splits: Sequence[tuple[int, ...]],
) -> Difference:
    """Fisher's permutation test of two averages."""
    ours, others = ([one.habits[habit] for one in side] for side in (best, rest))
    both, together = [*ours, *others], sum(ours) + sum(others)

    def apart(of_best: float) -> float:
        return abs(of_best / len(ours) - (together - of_best) / len(others))

    seen = apart(sum(ours)) - 1e-9
    as_far = sum(apart(sum(both[place] for place in split)) >= seen for split in splits)
    return Difference(habit, _side(ours), _side(others), as_far / len(splits))


def _side(values: Sequence[float]) -> Side:
    return Side(fmean(values), min(values), max(values))


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
