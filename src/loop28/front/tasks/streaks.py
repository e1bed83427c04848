"""Days in a row: how a member's streak stands, and the make-up cards that fill missed days."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple, TypeVar

from loop28.front.lines.rules import day_number
from loop28.front.tasks import following, programme, progress, rules
from loop28.front.tasks.completion import locked, refuse_late
from loop28.front.tasks.facts import MakeUpPlayed
from loop28.front.tasks.models import Assignment, Happening, MakeUp, Step
from loop28.front.tasks.programme import Programme
from loop28.front.tasks.progress import Contribution
from loop28.front.tasks.queries import Mine
from loop28.front.tasks.refusals import NoMakeUpLeft, NotAMissedDay
from loop28.front.tasks.rules import Stand
from loop28.kernel import clock, journal, sql
from loop28.kernel.access import Actor, NotAllowed, Role

T = TypeVar("T")


class Day(NamedTuple):
    """A day of a streak's window: done, made_up, missed, today (which may still count) or ahead."""

    date: date
    state: str


@dataclass(frozen=True, slots=True)
class Streak:
    """How a streak stands: ``running`` days up to now; cards to fill the days that were missed."""

    mine: Mine
    days: list[Day]
    running: int
    cards: int

    @property
    def missed(self) -> list[date]:
        """The days that a card can fill, the latest first; none without a card."""
        days = [day.date for day in self.days if day.state == "missed"]
        return days[::-1] if self.cards else []


@journal.action
def make_up(actor: Actor, assignment_id: int, day: date) -> bool:
    """The acting member plays a make-up card for a missed day of a streak; False if it was before.

    The day is over, in the window, and nothing counted on it; the window is still open. Refuses
    with NotAllowed, TaskClosed, NoMakeUpLeft, NotAMissedDay; raises Assignment.DoesNotExist for
    somebody else's.
    """
    if actor.role is not Role.MEMBER:
        raise NotAllowed
    if not Assignment.objects.filter(id=assignment_id, member_id=actor.id).exists():
        raise Assignment.DoesNotExist
    sql.alone(Happening)
    row = locked([assignment_id])[assignment_id]
    played = set(MakeUp.objects.filter(assignment=row).values_list("day", flat=True))
    if day in played:
        return False
    lines = programme.of_lines([row.line_id])
    of = lines[row.line_id]
    task, now = of.tasks[row.task], journal.now()
    refuse_late([row], lines)
    if len(played) >= task.makeups:
        raise NoMakeUpLeft(task=task.name)
    counted = set(Step.objects.filter(assignment=row).values_list("subject", flat=True))
    if day not in rules.missed(row.opened_at, row.closes_at, counted, now, of.zone):
        raise NotAMissedDay(field="day")
    sql.insert(MakeUp, [{"assignment_id": row.pk, "day": day, "at": now}])
    card = progress.made_up(row, day, now)
    done = progress.add([Contribution(row, card.what, card.key, 0, now)], lines)
    following.follow(done, lines)
    journal.record(
        MakeUpPlayed(
            line=row.line_id,
            member=row.member_id,
            task=row.task,
            assignment=row.pk,
            day=day_number(of.line.start_day, day),
        )
    )
    return True


def running(mine: Sequence[Mine]) -> list[Streak]:
    """Those of a member's tasks that are open and ask for days in a row, as they stand."""
    open_ = [one for one in mine if one.task.streak and one.stand is Stand.OPEN]
    if not open_:
        return []
    rows = [one.assignment for one in open_]
    lines = programme.of_lines(row.line_id for row in rows)
    steps = Step.objects.filter(assignment__in=rows).values_list("assignment_id", "subject")
    cards = MakeUp.objects.filter(assignment__in=rows).values_list("assignment_id", "day")
    counted, played = _gathered(steps), _gathered(cards)
    return [
        _streak(one, counted[one.assignment.pk], played[one.assignment.pk], lines) for one in open_
    ]


def _gathered(pairs: Iterable[tuple[int, T]]) -> dict[int, set[T]]:
    found: dict[int, set[T]] = defaultdict(set)
    for number, what in pairs:
        found[number].add(what)
    return found


def _streak(
    mine: Mine, counted: set[str], played: set[date], lines: Mapping[int, Programme]
) -> Streak:
    row = mine.assignment
    of = lines[row.line_id]
    today = of.local_day(clock.now())
    first, last = of.local_day(row.opened_at), of.local_day(row.closes_at)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    newest = today if today.isoformat() in counted else today - timedelta(days=1)
    run = rules.run(counted, newest.isoformat()) if newest.isoformat() in counted else 0
    states = [Day(day, _state(day, counted, played, today)) for day in days]
    return Streak(mine, states, run, mine.task.makeups - len(played))


def _state(day: date, counted: set[str], played: set[date], today: date) -> str:
    if day in played:
        return "made_up"
    if day.isoformat() in counted:
        return "done"
    if day < today:
        return "missed"
    return "today" if day == today else "ahead"
