"""What is worth a person's look: too much for oneself, too fast for hands, fans who do nothing,
chains of people who are paid. Pure.

No rule knows an address or a network: people behind one honest Wi-Fi are people. Each threshold
says why it is where it is. To trip one is no verdict: a person decides, and nothing is lost until
then.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from loop28.back.compliance.rules import SHARING

VELOCITY, HANDS, IDLE_FANS, STRUCTURE = "velocity", "hands", "idle-fans", "structure"
"""The codes of what is noticed."""

BUSY = 50
"""Clicks a day below which nobody's day is measured: one post in one group brings as many."""

PAST_DAYS = 28
"""How far one's own past goes back: a line."""

KNOWN_DAYS = 5
"""Days with clicks that make a past. Who begins has none, and a first good day is no offence."""

LEAP = 5
"""Times one's own best day: a second group doubles a day, it does not make five of one."""

CROWD = 50
"""Clicks on one link within a second. Five hundred people in a group read and tap at their own
pace; a hall that is told to scan now still needs several seconds for so many.
"""
AT_ONCE = timedelta(seconds=1)

ROW = 20
"""Clicks one after the other that come as evenly as a clock ticks. People do not: the spread of the
distances between them is about as large as their mean. That it is under a fifth of it for nineteen
in a row comes less than once in a million.
"""
EVENNESS = 5

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


def is_leap(clicks: int, past: Sequence[int]) -> bool:
    """Whether a day's clicks are far beyond one's own best day; ``past`` are those of the days
    before it on which there were any.
    """
    return clicks >= BUSY and len(past) >= KNOWN_DAYS and clicks > LEAP * max(past)


@dataclass(frozen=True, slots=True)
class Run:
    """Clicks on one link in a row: how many, in how many seconds, whether ``even`` as a clock."""

    clicks: int
    seconds: int
    even: bool


def beyond_hands(moments: Sequence[datetime]) -> Run | None:
    """The first run of clicks, given in their order, that no hands made: a crowd at once, or a
    clock's ticks.
    """
    return _at_once(moments) or _even(moments)


def _at_once(moments: Sequence[datetime]) -> Run | None:
    for first, last in zip(moments, moments[CROWD - 1 :], strict=False):
        if last - first < AT_ONCE:
            return Run(CROWD, 1, False)
    return None


def _even(moments: Sequence[datetime]) -> Run | None:
    """By whole numbers: the variance of n distances d is (n·Σd² - (Σd)²) / n²."""
    tick = timedelta(microseconds=1)
    distances = [(later - sooner) // tick for sooner, later in pairwise(moments)]
    n = ROW - 1
    for start in range(len(distances) - n + 1):
        run = distances[start : start + n]
        whole = sum(run)
        if EVENNESS**2 * (n * sum(d * d for d in run) - whole**2) < whole**2:
            return Run(ROW, whole // 1_000_000, True)
    return None


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
