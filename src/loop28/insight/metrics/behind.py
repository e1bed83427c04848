"""The people behind the figures of several lines, found as those figures count them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum

from loop28.front.ladder import queries as ladder
from loop28.front.lines import seats
from loop28.front.lines.queries import Line
from loop28.front.tasks import queries as tasks
from loop28.insight.metrics import figures
from loop28.insight.metrics.figures import WEEK

Seats = set[tuple[int, int]]
"""(line, member)."""


class Who(StrEnum):
    """Which of the people of lines."""

    SEATED = ""
    JOINED = "joined"
    WAITING = "waiting"
    OPTED_IN = "opted-in"
    OPTED_IN_WEEK = "opted-in-week"
    DID_A_TASK = "did-a-task"
    SOLD = "sold"
    GRADUATES = "graduates"
    OWNERS = "owners"
    SUPERVISORS = "supervisors"


_SEATS: dict[Who, Callable[[Sequence[Line], datetime], Seats]] = {
    Who.SEATED: lambda of, _now: seats.with_a_seat(_ids(of)),
    Who.JOINED: lambda of, _now: seats.who_joined(_ids(of)),
    Who.WAITING: lambda of, _now: seats.who_wait(_ids(of)),
    Who.OPTED_IN: lambda of, _now: seats.who_opted_in(_ids(of)),
    Who.OPTED_IN_WEEK: lambda of, now: seats.who_opted_in(_ids(of), now - WEEK),
    Who.DID_A_TASK: lambda of, _now: tasks.who_did_a_task(_ids(of)),
    Who.SOLD: lambda of, _now: figures.sellers(of),
    Who.GRADUATES: lambda of, _now: ladder.graduates_of(_ids(of)),
    Who.OWNERS: lambda of, _now: ladder.made_of(_ids(of), "owner"),
    Who.SUPERVISORS: lambda of, _now: ladder.made_of(_ids(of), "supervisor"),
}


def people(of: Sequence[Line], who: Who, now: datetime) -> Seats:
    """Who of the people of these lines, which the actor may see, a figure counts."""
    return _SEATS[who](of, now)


def _ids(of: Sequence[Line]) -> list[int]:
    return [line.pk for line in of]
