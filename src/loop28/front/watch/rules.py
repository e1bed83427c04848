"""What is worth a person's look: fans who do nothing, chains of people who are paid. Pure.

No rule knows an address or a network: people behind one honest Wi-Fi are people. Each threshold
says why it is where it is. To trip one is no verdict: a person decides, and nothing is lost until
then.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from loop28.back.compliance.rules import SHARING

IDLE_FANS, STRUCTURE = "idle-fans", "structure"
"""The codes of what is noticed."""

SETTLED = timedelta(days=7)
"""Fans younger than a warm-up may still begin."""

IDLE_JOINED, JOINED_PERCENT = 20, 5
"""Fans who joined: half of them do something within a week. That of twenty none or one does comes
once in fifty thousand.
"""

IDLE_FANS_ALL, FANS_PERCENT = 150, 1
"""Fans who only touched a link: few come back, but of a hundred and fifty more than one does."""

BRINGING = SHARING - {"post_moment"}
"""Kinds of tasks that are done by people one brings: their fee is pay on account of them."""

AMBER_LEVELS, AMBER_PEOPLE = 2, 20
RED_LEVELS, RED_PEOPLE = 3, 30
"""The measures of product.md: three levels and thirty people are where Chinese courts begin."""

MORE_PEOPLE = 10
"""A chain that somebody released is looked at again with a level or so many people more."""


@dataclass(frozen=True, slots=True)
class Fans:
    """How many fans somebody locked long enough ago, and how many of them ever did anything."""

    fans: int = 0
    active: int = 0


def is_idle(everybody: Fans, joined: Fans) -> bool:
    """Whether fans are there and do nothing: those who joined, or all who touched a link."""
    return _few(joined, IDLE_JOINED, JOINED_PERCENT) or _few(everybody, IDLE_FANS_ALL, FANS_PERCENT)


def _few(of: Fans, least: int, percent: int) -> bool:
    return of.fans >= least and 100 * of.active <= percent * of.fans


@dataclass(frozen=True, slots=True)
class Chain:
    """People who are paid for bringing, from one of them downwards: how deep, how many, both with
    the person at the top.
    """

    levels: int
    people: int

    @property
    def colour(self) -> str:
        """``red``, ``amber`` or empty."""
        if self.levels >= RED_LEVELS or self.people >= RED_PEOPLE:
            return "red"
        return "amber" if self.levels >= AMBER_LEVELS or self.people >= AMBER_PEOPLE else ""

    def has_grown(self, since: Mapping[str, int]) -> bool:
        """Whether it is larger than the one with these numbers that somebody has looked at."""
        return self.levels > since["levels"] or self.people >= since["people"] + MORE_PEOPLE


def chains(brought: Iterable[tuple[int, int]], paid: Collection[int]) -> dict[int, Chain]:
    """The chain below each of the ``paid``; ``brought`` are pairs of who brought whom.

    Level by level for all of them at once. Who turns up again, as after two records became one, is
    counted where they stand first.
    """
    below: dict[int, set[int]] = defaultdict(set)
    for top, one in brought:
        if top in paid and one in paid and top != one:
            below[top].add(one)
    seen = {top: {top} for top in paid}
    levels = dict.fromkeys(paid, 1)
    edge = {top: {top} for top in below}
    while edge:
        reached = {
            top: {one for person in people for one in below.get(person, ())} - seen[top]
            for top, people in edge.items()
        }
        edge = {top: people for top, people in reached.items() if people}
        for top, people in edge.items():
            seen[top] |= people
            levels[top] += 1
    return {top: Chain(levels[top], len(seen[top])) for top in paid}
