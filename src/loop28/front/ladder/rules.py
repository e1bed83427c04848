"""Who has earned which level, by verified behaviour and by nothing else. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

from loop28.front.playbooks.schema import Promotion, Threshold

OWNER = "owner"
SUPERVISOR = "supervisor"
LEVELS = (OWNER, SUPERVISOR)
"""From the lowest to the highest. A newcomer has none."""


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
