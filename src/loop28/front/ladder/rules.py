"""Who has earned which level, by verified behaviour and by nothing else; who may host. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

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

IDLE_DAYS = 180
"""Who has a level and did nothing for so long is proposed to lose it. A guess."""

APPEAL_DAYS = 30
"""So long a decision about a level can be appealed."""


NUMBERS = ("tasks", "orders", "lessons", "complaints", "refunded_percent")
"""What decides about levels. Nothing that anybody spent, nobody they recruited."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a member did in a line: tasks done, orders sold to others, paid and not refunded.

    ``lessons`` are among the tasks; ``complaints`` about them were found right since it began;
    ``refunded`` orders come on top of ``orders``.
    """

    tasks: int
    orders: int
    lessons: int = 0
    complaints: int = 0
    refunded: int = 0

    @property
    def refunded_percent(self) -> int:
        """Which share of what they sold came back, rounded up."""
        return -(-100 * self.refunded // max(1, self.orders + self.refunded))


LIMITS = {"complaints": "complaints_max", "refunded_percent": "refunded_percent_max"}
"""Numbers that may not be larger than a field of the threshold says; all others not smaller."""


def earned(threshold: Threshold, did: Numbers) -> bool:
    """Whether all numbers keep the threshold. Nothing bought, nobody recruited plays a part."""
    return keeps(needs(threshold), as_kept(did))


def keeps(asks: Mapping[str, int], did: Mapping[str, int]) -> bool:
    """Whether numbers, by their names, keep what is asked of them."""
    return all(
        did[name] <= says if name in LIMITS else did[name] >= says for name, says in asks.items()
    )


def undone(kept: Mapping[str, Any], now: Numbers) -> bool:
    """Whether a record that earned a level no longer would, by what turned out since.

    Complaints are looked at by themselves: with time they cease to count.
    """
    asks = {name: says for name, says in kept.get("needs", {}).items() if name != "complaints"}
    return keeps(asks, kept) and not keeps(asks, as_kept(now))


def as_kept(did: Numbers) -> dict[str, int]:
    """All numbers by their names."""
    return {name: getattr(did, name) for name in NUMBERS}


def needs(threshold: Threshold) -> dict[str, int]:
    """What a threshold asks for, by the name of the number it is about."""
    says = {name: getattr(threshold, LIMITS.get(name, name)) for name in NUMBERS}
    return {name: number for name, number in says.items() if number is not None}


def asked(promotion: Promotion) -> set[str]:
    """The numbers that decide about any level."""
    return {*needs(promotion.owner), *needs(promotion.supervisor)}


def threshold(promotion: Promotion, level: str) -> Threshold:
    """What a playbook asks for a level."""
    return promotion.owner if level == OWNER else promotion.supervisor


def record(threshold: Threshold, numbers: Numbers) -> dict[str, int | dict[str, int]]:
    """The numbers that decided beside those that were needed, as a promotion keeps them."""
    return beside(needs(threshold), numbers)


def beside(asks: Mapping[str, int], did: Numbers) -> dict[str, int | dict[str, int]]:
    """Numbers beside what was asked of them."""
    return {**{name: getattr(did, name) for name in asks}, "needs": dict(asks)}


def highest(levels: Collection[str]) -> str:
    """The highest of at least one level."""
    return max(levels, key=LEVELS.index)


def up_to(level: str) -> tuple[str, ...]:
    """A level with those below it, which whoever holds it has as well."""
    return LEVELS[: LEVELS.index(level) + 1]


def above(level: str | None) -> str | None:
    """The next level; None for who has the highest."""
    following = LEVELS.index(level) + 1 if level else 0
    return LEVELS[following] if following < len(LEVELS) else None


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
