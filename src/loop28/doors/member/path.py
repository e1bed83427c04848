"""The way of 28 days: what was, what is today, what comes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from loop28.doors import gate
from loop28.doors.member import frame, guide, standing
from loop28.doors.member.standing import Standing
from loop28.front.evidence import queries as evidence
from loop28.front.playbooks import queries as playbooks
from loop28.front.playbooks.costs import comings
from loop28.front.playbooks.schema import Playbook, Task
from loop28.front.playbooks.timetable import Moment, timeline
from loop28.front.tasks import queries as tasks
from loop28.front.tasks import rules, streaks
from loop28.front.tasks.queries import Mine
from loop28.front.tasks.rules import Earned, Stand
from loop28.kernel.access import Actor
from loop28.kernel.text import number_in

_ICONS = {"packet": "packet", "talk": "group", "call": "flag", "tasks": "task"}


class Ahead(NamedTuple):
    """A task that is to come, by finishing the one ``after`` names or by reaching ``level``."""

    task: Task
    after: str = ""
    level: str = ""

    @property
    def earned(self) -> list[Earned]:
        """What it will bring."""
        return rules.rewards(self.task)


@dataclass
class Day:
    """One day of the way. ``tasks`` are one's own, ``coming`` those that are not open yet."""

    number: int
    date: date
    state: str
    packets: list[time] = field(default_factory=list)
    talks: list[tuple[time, str]] = field(default_factory=list)
    calls: list[time] = field(default_factory=list)
    tasks: list[Mine] = field(default_factory=list)
    coming: list[Ahead] = field(default_factory=list)


@gate.member_page
@require_GET
def path(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every day of the line, the present one at hand."""
    at = standing.find(actor, number_in(request.GET.get("line")))
    if at is None or not at.seated:
        return redirect("today")
    mine = tasks.of_member(actor, actor.id, at.line.pk)
    active = standing.active_days(actor, at)
    way = standing.path(at, active, mine)
    reviewing = evidence.in_review(task.assignment.pk for task in mine)
    context = {
        "at": at,
        "path": way,
        "stretches": _stretches(at, _days(at, way, mine)),
        "by_level": _by_level(at, mine),
        "mine": mine,
        "step": guide.next_step(actor, mine, reviewing),
        "reviewing": reviewing,
        "streak": standing.streak(at, active),
        "streaks": streaks.running(mine),
    }
    return frame.page(request, actor, "member/path.html", context, tab="today")


class Hour(NamedTuple):
    """Something that happens in the group at a local time of today."""

    at: time
    icon: str
    title: str
    past: bool


def agenda(at: Standing) -> list[Hour]:
    """What today brings in the group: packets, talks, the call, new tasks."""
    now = at.now.astimezone(ZoneInfo(at.zone)).time()
    moments = timeline(playbooks.playbook(at.line.playbook_id))
    of_today = [m for m in moments if m.day == at.day and m.kind in _ICONS and m.part == 0]
    return [Hour(m.local_time, _ICONS[m.kind], _title(m), m.local_time < now) for m in of_today]


def _title(moment: Moment) -> str:
    match moment.kind:
        case "packet":
            return str(moment.payload["title"])
        case "talk":
            return str(moment.payload["topic"])
        case "call":
            return _("The call: reply 1")
    return _("New tasks")


def _stretches(at: Standing, days: Sequence[Day]) -> list[tuple[str, Sequence[Day]]]:
    """The days of each phase, under its name."""
    ends = [phase.last_day for phase in at.phases]
    firsts = [0, *ends]
    return [
        (phase.name, days[first:last])
        for phase, first, last in zip(at.phases, firsts, ends, strict=False)
    ]


def _days(at: Standing, way: Sequence[standing.Day], mine: Sequence[Mine]) -> list[Day]:
    playbook = playbooks.playbook(at.line.playbook_id)
    moments = defaultdict(list)
    for moment in timeline(playbook):
        moments[moment.day].append(moment)
    opened = standing.tasks_by_day(at, mine)
    ahead = _ahead(at, playbook, mine)
    return [
        _day(
            Day(n, at.line.start_day + timedelta(days=n - 1), state),
            moments[n],
            opened.get(n, []),
            ahead.get(n, []),
        )
        for n, state, _url in way
    ]


def _day(day: Day, moments: Sequence[Moment], mine: Sequence[Mine], ahead: Sequence[Ahead]) -> Day:
    """A day with what happens on it."""
    day.tasks, day.coming = list(mine), list(ahead)
    for moment in moments:
        match moment.kind:
            case "packet":
                day.packets.append(moment.local_time)
            case "talk" if moment.part == 0:
                day.talks.append((moment.local_time, moment.payload["topic"]))
            case "call":
                day.calls.append(moment.local_time)
    return day


def _by_level(at: Standing, mine: Sequence[Mine]) -> list[Ahead]:
    """What opens with a level that the member has not had in this line."""
    known = {one.task.key for one in mine}
    tasks = [] if at.over else playbooks.playbook(at.line.playbook_id).by_level
    return [Ahead(t, level=t.level or "") for t in tasks if t.key not in known]


def _ahead(at: Standing, playbook: Playbook, mine: Sequence[Mine]) -> dict[int, list[Ahead]]:
    """By day, what has not opened yet: by beats to come, and by finishing what is open then.

    What would open by a task that was missed does not come any more, nor anything after the end.
    """
    found: dict[int, list[Ahead]] = defaultdict(list)
    if at.over:
        return found
    tasks_by_key = {task.key: task for task in playbook.tasks}
    opened = [(standing.day_of(at.line, one.assignment.opened_at), one) for one in mine]
    there = {(day, one.task.key) for day, one in opened}
    known = {one.task.key for one in mine}
    roots = [(day, one.task.key) for day, one in opened if one.stand is Stand.OPEN]
    for moment in timeline(playbook):
        if moment.kind == "tasks" and moment.day >= at.day:
            new = [key for key in moment.payload["tasks"] if (moment.day, key) not in there]
            found[moment.day] += [Ahead(tasks_by_key[key]) for key in new]
            roots += [(moment.day, key) for key in new]
    for day, root in roots:
        for key in comings(root, playbook):
            task = tasks_by_key[key]
            if key != root and key not in known and task.after:
                found[day].append(Ahead(task, tasks_by_key[task.after].name))
    return found
