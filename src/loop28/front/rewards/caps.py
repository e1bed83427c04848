"""Which caps a reward counts against, and which one cuts it off. Pure.

A cap is a counter of a line: what is granted counts, what is taken back counts no more. A reward is
granted whole or not at all, so that what a task promises is never paid in part.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

VALUABLE = frozenset({"money", "points", "coupon"})
"""Kinds of which a task gives one at most; honours are for everybody who did it."""

Limits = Mapping[str, int]
"""The most by kind of cap: fen, and how many for ``first``; what is not named is not limited."""


class Counted(NamedTuple):
    """What caps need to know of a reward; ``amount`` in fen or points, ``day`` is its local one."""

    line: int
    member: int
    kind: str
    amount: int
    task: str
    budget: str
    day: date | None


class Need(NamedTuple):
    """What a reward takes of one cap: ``kind`` of cap, its name in the line, how much."""

    kind: str
    name: str
    takes: int


def counts(of: Counted) -> Iterator[Need]:
    """What the reward of a task takes of every cap that could count it, the narrowest first.

    Money counts by its fen. Of the first who come, whatever is worth something takes one place.
    """
    if not of.task:
        return
    if of.kind in VALUABLE:
        yield Need("first", f"first:{of.task}", 1)
    if of.kind != "money":
        return
    yield Need("task", f"task:{of.task}", of.amount)
    if of.budget:
        yield Need("budget", f"budget:{of.budget}", of.amount)
    if of.day:
        yield Need("day", f"day:{of.member}:{of.day.isoformat()}", of.amount)
    yield Need("member", f"member:{of.member}", of.amount)
    yield Need("line", "line", of.amount)


def needs(of: Counted, limits: Limits) -> list[Need]:
    """What it needs of the caps that are limited.

    A policy comes first: where it forbids what is worth something it has room for none, ever, so
    that nothing counts there.
    """
    worth = of.task and of.kind in VALUABLE
    policy = [Need("policy", f"policy:{of.task}", 1)] if worth else []
    return [need for need in (*policy, *counts(of)) if need.kind in limits]


Key = tuple[int, str]
"""A cap's line and name."""


def decide(rewards: Sequence[tuple[int, Sequence[Need]]], room: dict[Key, int]) -> list[str]:
    """For each (line, needs), in the given order: which kind of cap cuts it off, or "".

    What passes takes its ``room``.
    """
    answers = []
    for line, wanted in rewards:
        over = next((need.kind for need in wanted if room[line, need.name] < need.takes), "")
        if not over:
            for need in wanted:
                room[line, need.name] -= need.takes
        answers.append(over)
    return answers
