"""Which groups need a hand, and why. Pure: what a group's figures mean, not where they are from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

WEEK_DAYS = 7
DAYS = 2 * WEEK_DAYS + 1
"""Days the rules look at: two whole weeks, and today, which is not over."""

QUESTION_WAITS = timedelta(hours=3)
"""A question that nobody answered for so long drives people away."""

HOST_SILENT = timedelta(hours=24)
"""A host who says nothing for so long is missed."""

ACTIVE_LEAST = 10
"""Activity below this in a week (a member and a day are one) falls and rises by chance."""

LEFT_LEAST, LEFT_PERCENT = 3, 10
"""So many leavers in a week, and more than this share of the group, are many."""


class Need(StrEnum):
    """Why a group needs a hand, the most urgent first."""

    QUESTIONS = "questions"
    HOST = "host"
    FELL = "fell"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Vitals:
    """What the rules need to know of a group.

    ``active`` counts members by day over the last `DAYS` days, today last; days before the group
    was opened are 0. ``asked`` are the times of questions nobody answered, ``left`` the people who
    left in the last seven days.
    """

    opened_at: datetime
    people: int
    active: Sequence[int]
    host_spoke_at: datetime | None
    asked: Sequence[datetime]
    left: int

    @property
    def this_week(self) -> int:
        """Activity of the last seven whole days."""
        return sum(self.active[-1 - WEEK_DAYS : -1])

    @property
    def week_before(self) -> int:
        """Activity of the seven days before those."""
        return sum(self.active[-DAYS : -1 - WEEK_DAYS])


def needs(of: Vitals, now: datetime) -> list[Need]:
    """What a group needs a hand for, the most urgent first; none for a healthy one."""
    return [need for need in Need if _RULES[need](of, now)]


def _questions(of: Vitals, now: datetime) -> bool:
    return any(now - at >= QUESTION_WAITS for at in of.asked)


def _host(of: Vitals, now: datetime) -> bool:
    return now - max(of.opened_at, of.host_spoke_at or of.opened_at) >= HOST_SILENT


def _fell(of: Vitals, now: datetime) -> bool:
    return of.week_before >= ACTIVE_LEAST and 2 * of.this_week <= of.week_before


def _left(of: Vitals, now: datetime) -> bool:
    before = of.people + of.left
    return of.left >= LEFT_LEAST and of.left * 100 > before * LEFT_PERCENT


_RULES = {
    Need.QUESTIONS: _questions,
    Need.HOST: _host,
    Need.FELL: _fell,
    Need.LEFT: _left,
}
