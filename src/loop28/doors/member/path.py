"""The way of 28 days: what was, what is today, what comes."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from loop28.doors import gate
from loop28.doors.member import frame, standing
from loop28.doors.member.standing import Standing
from loop28.front.evidence import queries as evidence
from loop28.front.playbooks import queries as playbooks
from loop28.front.playbooks.costs import comings
from loop28.front.playbooks.schema import Playbook
from loop28.front.playbooks.timetable import Moment, timeline
from loop28.front.tasks import queries as tasks
from loop28.front.tasks.queries import Mine
from loop28.kernel.access import Actor

_ICONS = {"packet": "packet", "talk": "group", "call": "flag", "tasks": "task"}


@dataclass
class Day:
    """One day of the way. ``tasks`` are one's own, ``coming`` the names of those not yet opened,
    ``locked`` of those that open by finishing others.
    """

    number: int
    date: date
    state: str
    phase: str = ""
    packets: list[time] = field(default_factory=list)
    talks: list[tuple[time, str]] = field(default_factory=list)
    calls: list[time] = field(default_factory=list)
    tasks: list[Mine] = field(default_factory=list)
    coming: list[str] = field(default_factory=list)
    locked: list[str] = field(default_factory=list)


@gate.member_page
@require_GET
def path(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every day of the line, the present one at hand."""
    at = standing.find(actor, frame.number(request.GET.get("line")))
    if at is None or not at.seated:
        return redirect("today")
    mine = tasks.of_member(actor, actor.id, at.line.pk)
    way = standing.path(at, standing.active_days(actor, at), mine)
    reviewing = evidence.in_review(task.assignment.pk for task in mine)
    context = {"at": at, "path": way, "days": _days(at, way, mine), "reviewing": reviewing}
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


def _days(at: Standing, way: Sequence[standing.Day], mine: Sequence[Mine]) -> list[Day]:
    playbook = playbooks.playbook(at.line.playbook_id)
    moments = defaultdict(list)
    for moment in timeline(playbook):
        moments[moment.day].append(moment)
    opened = standing.tasks_by_day(at, mine)
    known = {task.task.key for task in mine}
    names = {phase.first_day: phase.name for phase in at.phases}
    return [
        _day(
            Day(n, at.line.start_day + timedelta(days=n - 1), state, names.get(n, "")),
            moments[n],
            opened.get(n, []),
            playbook,
            known,
        )
        for n, state, _url in way
    ]


def _day(
    day: Day,
    moments: Sequence[Moment],
    mine: Sequence[Mine],
    playbook: Playbook,
    known: Collection[str],
) -> Day:
    """A day with what happens on it; ``known`` are the tasks that somebody has, on any day."""
    titles = {task.key: task.name for task in playbook.tasks}
    day.tasks = list(mine)
    for moment in moments:
        match moment.kind:
            case "packet":
                day.packets.append(moment.local_time)
            case "talk" if moment.part == 0:
                day.talks.append((moment.local_time, moment.payload["topic"]))
            case "call":
                day.calls.append(moment.local_time)
            case "tasks":
                opens = moment.payload["tasks"]
                day.coming += [titles[key] for key in opens]
                day.locked += [
                    titles[after]
                    for key in opens
                    for after in comings(key, playbook)
                    if after != key and after not in known
                ]
    done = {task.task.name for task in mine}
    day.coming = [name for name in day.coming if name not in done]
    return day
