"""Where a member stands: their seat in a line, its day, its call, the way they came so far."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse

from loop28.front.groups import queries as groups
from loop28.front.lines import queries as lines
from loop28.front.lines import rules, schedule
from loop28.front.lines import seats as line_seats
from loop28.front.lines.models import Enrollment, EnrollmentState, Line, OptIn, Phase
from loop28.front.tasks.queries import Mine
from loop28.front.tasks.rules import Stand
from loop28.kernel import clock
from loop28.kernel.access import Actor

Day = tuple[int, str, str]
"""Number, state and address of a day, as the path is drawn."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A member in a line at ``now``. ``day`` is 1 on the start day, below 1 before it.

    ``others`` are their seats in other lines, those they have not left.
    """

    seat: Enrollment
    now: datetime
    day: int
    phases: list[Phase]
    call_until: datetime | None
    opt_in: OptIn | None
    others: list[Enrollment]

    @property
    def line(self) -> Line:
        return self.seat.line

    @property
    def zone(self) -> str:
        return self.line.region.zone

    @property
    def seated(self) -> bool:
        return self.seat.state == EnrollmentState.JOINED

    @property
    def called(self) -> bool:
        """Whether the call is open and this member has not answered it."""
        open_ = self.call_until is not None and self.now <= self.call_until
        return open_ and self.seated and self.opt_in is None and not self.over

    @property
    def over(self) -> bool:
        return self.line.ended_at is not None

    @property
    def stayed_behind(self) -> bool:
        """Whether the line went on without this member, who had not answered the call."""
        return self.opt_in is None and self.phases[0].closed_at is not None and not self.over

    @property
    def day_shown(self) -> int:
        return min(max(self.day, 0), self.line.days)

    @property
    def days_to_go(self) -> int:
        """Days until the start day; 1 is tomorrow."""
        return 1 - self.day

    @property
    def group_ids(self) -> list[int]:
        return [phase.group_id for phase in self.phases]

    @property
    def hour(self) -> int:
        return self.now.astimezone(ZoneInfo(self.zone)).hour


def find(actor: Actor, line_id: int = 0) -> Standing | None:
    """The member's standing in this line, or in the one that matters most to them now.

    That is the newest line that goes on and that they have not left, then the newest one at all.
    """
    seats = list(line_seats.own(actor))
    chosen = [seat for seat in seats if seat.line_id == line_id] or sorted(seats, key=_weight)
    if not chosen:
        return None
    seat = chosen[0]
    held = [s for s in seats if s.state != EnrollmentState.LEFT]
    return _of(actor, seat, [other for other in held if other != seat])


def _of(actor: Actor, seat: Enrollment, others: list[Enrollment]) -> Standing:
    now = clock.now()
    return Standing(
        seat=seat,
        now=now,
        day=lines.today(seat.line, now),
        phases=lines.phases(seat.line_id),
        call_until=call_until(seat.line_id),
        opt_in=line_seats.own_opt_in(actor, seat.line_id),
        others=others,
    )


def call_until(line_id: int) -> datetime | None:
    """The last instant at which the line's call can be answered; None before it was made."""
    call = schedule.call_of(line_id)
    return call[0] + timedelta(seconds=call[1]) if call else None


def _weight(seat: Enrollment) -> tuple[bool, bool]:
    return seat.state == EnrollmentState.LEFT, seat.line.ended_at is not None


def active_days(actor: Actor, at: Standing) -> set[date]:
    """The days on which the member did something in any group of the line."""
    return groups.active_days(actor, at.group_ids)


def path(at: Standing, active: Collection[date], tasks: Sequence[Mine]) -> list[Day]:
    """The days of the line with how each one went; days to come have no address."""
    opened = tasks_by_day(at, tasks)
    states = [
        (number, _state(at, number, active, opened.get(number, [])))
        for number in range(1, at.line.days + 1)
    ]
    page = f"{reverse('path')}?line={at.line.pk}"
    return [(n, state, f"{page}#day-{n}" if n <= at.day else "") for n, state in states]


def streak(at: Standing, active: Collection[date]) -> int:
    """How many days running the member did something, today or yesterday being the last."""
    day = clock.local_day(at.now, ZoneInfo(at.zone))
    if day not in active:
        day -= timedelta(days=1)
    length = 0
    while day in active:
        day, length = day - timedelta(days=1), length + 1
    return length


def tasks_by_day(at: Standing, tasks: Sequence[Mine]) -> dict[int, list[Mine]]:
    """Tasks by the line's day on which they were opened; what came before stands on the first."""
    days: dict[int, list[Mine]] = {}
    for task in tasks:
        day = max(1, day_of(at.line, task.assignment.opened_at))
        days.setdefault(day, []).append(task)
    return days


def day_of(line: Line, moment: datetime) -> int:
    """The line's day at a moment."""
    return rules.day_number(line.start_day, clock.local_day(moment, ZoneInfo(line.region.zone)))


def _state(at: Standing, number: int, active: Collection[date], tasks: Sequence[Mine]) -> str:
    if number == at.day:
        return "today"
    if number > at.day or _not_there(at, number):
        return "ahead"
    was_active = at.line.start_day + timedelta(days=number - 1) in active
    if tasks and all(task.stand is Stand.DONE for task in tasks):
        return "done"
    if was_active or any(task.stand is Stand.DONE for task in tasks):
        return "part" if tasks else "done"
    return "missed"


def _not_there(at: Standing, number: int) -> bool:
    """Days before a member came, and days of a phase they are not in, are nobody's fault."""
    came = at.seat.joined_at
    before = came is None or number < day_of(at.line, came)
    return before or (at.opt_in is None and number > at.phases[0].last_day)
