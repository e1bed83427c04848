"""What a standing group's week means, and how large it may grow. Pure."""

from datetime import date, timedelta

WEEK = timedelta(days=7)

LIMITS = {"interest": 2000, "head": 200}
"""People in a group of each kind at most.

An interest group has no cohort to keep together; beyond 2,000 nobody finds a word of theirs again.
Head users are few: everybody is answered.
"""


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def week_number(first_week: date, week: date) -> int:
    """Which week of the group begins on this Monday; 1 is the first."""
    return (week - first_week) // WEEK + 1


def weeks_to_plan(planned_until: date, today: date) -> list[date]:
    """The Mondays of the weeks to lay out now: this one and the next, as far as they are not yet.

    Weeks that passed while nothing ran are over: a rhythm goes on, it does not catch up.
    """
    this = monday(today)
    return [week for week in (this, this + WEEK) if week >= planned_until]
