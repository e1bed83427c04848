"""Too much for oneself, too fast for hands: what clicks come by that no people made. Pure.

No rule knows an address or a network: people behind one honest Wi-Fi are people. Each threshold
says why it is where it is. To trip one is no verdict: a person decides, and nothing is lost until
then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

VELOCITY, HANDS = "velocity", "hands"
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
