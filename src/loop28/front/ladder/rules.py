"""Who has earned which level, by verified behaviour and by nothing else; who may host. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from loop28.front.playbooks.schema import Promotion, Threshold

OWNER = "owner"
SUPERVISOR = "supervisor"
LEVELS = (OWNER, SUPERVISOR)
"""From the lowest to the highest. A newcomer has none."""

LINES_AT_ONCE = {OWNER: 1, SUPERVISOR: 3}
"""How many lines a host runs at the same time. A line takes an owner's evenings; a supervisor has
owners to help. Guesses: replace them with what your own lines show."""

COMPLAINTS = 2
"""With more complaints that were found right a host pauses. A guess."""

COMPLAINTS_DAYS = 90
"""So long a complaint counts. A guess."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a member did in a line: tasks done, orders sold to others, paid and not refunded."""

    tasks: int
    orders: int


def earned(threshold: Threshold, tasks: int, orders: int) -> bool:
    """Whether both numbers reach the threshold. Nothing bought, nobody recruited plays a part."""
    return tasks >= threshold.tasks and orders >= threshold.orders


def threshold(promotion: Promotion, level: str) -> Threshold:
    """What a playbook asks for a level."""
    return promotion.owner if level == OWNER else promotion.supervisor


def record(threshold: Threshold, numbers: Numbers) -> dict[str, int | dict[str, int]]:
    """The numbers that decided beside those that were needed, as a promotion keeps them."""
    needs = {"tasks": threshold.tasks, "orders": threshold.orders}
    return {"tasks": numbers.tasks, "orders": numbers.orders, "needs": needs}


def highest(levels: Collection[str]) -> str:
    """The highest of at least one level."""
    return max(levels, key=LEVELS.index)


class Bar(StrEnum):
    """Why somebody may not host a line."""

    TRAINING = "training"
    COMPLAINTS = "complaints"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Run:
    """The days of a line, from its first on."""

    first: date
    days: int

    def meets(self, other: "Run") -> bool:
        """Whether there is a day on which both run."""
        return self.first < other._after() and other.first < self._after()

    def _after(self) -> date:
        return self.first + timedelta(days=self.days)


def bar(level: str | None, wanted: Run, runs: Iterable[Run], complaints: int) -> Bar | None:
    """Why somebody may not host the wanted line; None when they may.

    ``level`` is what they hold with their training over, ``runs`` the lines they are bound to.
    Gathering for the next line while this one still runs is no second line.
    """
    if level is None:
        return Bar.TRAINING
    if complaints > COMPLAINTS:
        return Bar.COMPLAINTS
    if sum(run.meets(wanted) for run in runs) >= LINES_AT_ONCE[level]:
        return Bar.BUSY
    return None
