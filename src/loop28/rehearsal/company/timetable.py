"""Who does what when, in the fourteen weeks of the rehearsed company."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from loop28.front.groups.models import Cause, GroupKind
from loop28.rehearsal.cast import BROADLY
from loop28.rehearsal.company import (
    circles,
    course,
    disputes,
    events,
    lines,
    routine,
    sayings,
    talks,
)
from loop28.rehearsal.company.lines import Next
from loop28.rehearsal.company.office import Company
from loop28.rehearsal.stage import Script

BEGINS = -98
"""The day on which the company is founded, counted from the last."""

FIRST = [  # over for the sixty days after which their part in the loop is known
    Next(0, -90, 32, hours=BROADLY),
    Next(1, -90, 32, hours=BROADLY),
    Next(2, -90, 32, hours=BROADLY),
    Next(3, -90, 32, hours=BROADLY),
]
WHOLE = Next(0, -32, 320)
"""A line from end to end, the company's largest; its graduates open the next one of the region."""

RUNNING = [
    Next(1, -24, 120, declined=True),
    Next(2, -17, 120),
    Next(3, -11, 120),
    Next(0, -9, 150),
    Next(4, -6, 150),
    Next(5, -2, 120),
]
GATHERING = Next(0, 2, 200, declined=True)
LINES = [*FIRST, WHOLE, *RUNNING, GATHERING]


def scripts(company: Company, until: datetime) -> Iterator[Script]:
    """Everything that is lived beside the people of the lines, until a moment of the last day."""
    yield from (lines.next_line(company, wanted) for wanted in LINES)
    yield lines.unanswered_offer(company, Next(1, 4, 150), offered=-9)
    yield lines.unanswered_offer(company, Next(0, 9, 300), offered=-1)
    yield routine.answers(company, since=BEGINS)
    yield routine.decisions(company, since=BEGINS)
    yield routine.pay_day(company, day=-2)
    yield course.paused_line(company, 2, -17, day=-8)
    yield course.moved_post(company, 0, -9, day=-2)
    for region in (0, 3):
        yield circles.standing_group(company, region, GroupKind.INTEREST, opens=-40)
        yield circles.standing_group(company, region, GroupKind.HEAD, opens=-36)
    yield from (events.meeting(company, of) for of in [events.PAST, *events.COMING])
    yield talks.library(company, day=BEGINS + 2)
    yield talks.bookings(company, day=-18)
    yield disputes.house_rules(company, day=BEGINS + 2)
    yield disputes.late_noise(company, 0, -9, company.at(-2, "20:30"))
    yield disputes.advertiser(company, 0, -9, until - timedelta(hours=20))
    left = until - timedelta(hours=30)
    yield disputes.waiting_complaint(company, 0, -9, left, Cause.INSULT, sayings.QUARREL)
    fresh = until - timedelta(hours=4)
    yield disputes.waiting_complaint(company, 0, -9, fresh, Cause.MONEY, sayings.BORROWING)
