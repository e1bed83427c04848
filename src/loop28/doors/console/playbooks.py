"""Playbooks: drafts and published versions, and what one of them plans day by day."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import dates
from django.views.decorators.http import require_safe

from loop28.doors import gate
from loop28.doors.console import differences, frame, mending, roles
from loop28.doors.console.lines import PASSING
from loop28.doors.files import download
from loop28.front.circles import queries as circles
from loop28.front.ladder import rules as ladder
from loop28.front.lines import queries as lines
from loop28.front.lines.queries import Line
from loop28.front.playbooks import queries as playbooks
from loop28.front.playbooks import rules
from loop28.front.playbooks.costs import comings
from loop28.front.playbooks.models import PlaybookVersion
from loop28.front.playbooks.rules import Moment
from loop28.front.playbooks.schema import Phase, Playbook, Task
from loop28.front.playbooks.weekly import Weekly
from loop28.insight.metrics import figures, red
from loop28.insight.metrics.versions import VersionFigures, by_version
from loop28.kernel import clock
from loop28.kernel.access import Actor

WEEKDAYS = list(dates.WEEKDAYS.values())
"""Monday first, in the words of Django's own catalogue."""


@require_safe
@gate.staff_page()
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Open drafts, and all published versions with how many lines run on each."""
    page = frame.paged(request, playbooks.versions(actor))
    counts = lines.count_by_playbook(actor, [version.pk for version in page.object_list])
    context = {
        "page": page,
        "rows": [
            (version, playbooks.playbook(version.pk), counts.get(version.pk, 0))
            for version in page.object_list
        ],
        "weekly": [
            (version, playbooks.weekly(version.pk)) for version in playbooks.weekly_versions(actor)
        ],
        "drafts": playbooks.open_drafts(actor) if actor.role in roles.DRAFT_READERS else [],
        "may_write": actor.role in roles.PUBLISHERS,
    }
    return frame.show(request, actor, "console/playbooks.html", context, here="playbooks")


def costs(plan: Playbook) -> list[tuple[int, rules.Cost, bool]]:
    """What a line costs when 10, 35 or 60 % pass, and whether the planned budget covers it."""
    found = [(percent, rules.cost(plan, percent)) for percent in PASSING]
    return [(percent, cost, plan.budget >= cost.total_fen) for percent, cost in found]


@dataclass(frozen=True, slots=True)
class Scene:
    """A beat of the timeline: its moments (a talk has many), and the tasks it opens."""

    moments: list[Moment]
    tasks: list[Task]

    @property
    def first(self) -> Moment:
        return self.moments[0]

    @property
    def last(self) -> Moment:
        return self.moments[-1]


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """A day of the programme."""

    number: int
    phase: Phase
    scenes: list[Scene]


@require_safe
@gate.staff_page()
def show(request: HttpRequest, actor: Actor, version_id: int) -> HttpResponse:
    """One version: what it plans, what it costs, and its days one by one."""
    version = playbooks.version(actor, version_id)
    if version.weekly:
        return _show_weekly(request, actor, version)
    plan = playbooks.playbook(version.pk)
    page, now = frame.paged(request, _lines_of(actor, version), frame.LINES), clock.now()
    shown = figures.of_lines(actor, list(page.object_list), now)
    context = {
        "page": page,
        "rows": mending.beside(shown, red.of_lines(shown, now)),
        "show_region": actor.region is None,
        "versions": _siblings(actor, version),
        "version": version,
        "plan": plan,
        "levels": {name: ladder.needs(getattr(plan.promotion, name)) for name in ladder.LEVELS},
        "days": days(plan),
        "costs": costs(plan),
        "packets_fen": rules.cost(plan, 10).packets_fen,
        "talks": sum(beat.kind == "talk" for beat in plan.beats),
        "packets": sum(beat.kind == "packet" for beat in plan.beats),
        "by_hand": sum(beat.by == "host" for beat in plan.beats),
        "author": playbooks.author(actor, version),
        "may_write": actor.role in roles.PUBLISHERS,
    }
    return frame.show(request, actor, "console/playbook.html", context, here="playbooks")


def _show_weekly(request: HttpRequest, actor: Actor, version: PlaybookVersion) -> HttpResponse:
    """A weekly playbook: the beats of each week of its cycle, by day."""
    plan = playbooks.weekly(version.pk)
    context = {
        "version": version,
        "plan": plan,
        "weeks": [(number, _week(plan, number)) for number in range(1, plan.weeks + 1)],
        "groups": circles.circles(actor).filter(rhythm=version.pk),
        "may_write": actor.role in roles.PUBLISHERS,
    }
    return frame.show(request, actor, "console/playbook_weekly.html", context, here="playbooks")


def _week(plan: Weekly, number: int) -> list[tuple[str, list[Scene]]]:
    """Weekdays with what happens on them; a talk is one scene."""
    by_day: dict[int, dict[str, list[Moment]]] = {}
    for moment in rules.week(plan, number):
        by_day.setdefault(moment.day, {}).setdefault(moment.key, []).append(moment)
    return [
        (str(WEEKDAYS[day - 1]), [Scene(moments, []) for moments in of_day.values()])
        for day, of_day in by_day.items()
    ]


def _lines_of(actor: Actor, version: PlaybookVersion) -> QuerySet[Line]:
    return lines.lines(actor).filter(playbook=version).order_by("-start_day", "-id")


def _siblings(
    actor: Actor, version: PlaybookVersion
) -> list[tuple[PlaybookVersion, VersionFigures]]:
    """All versions of the playbook with what became of their lines."""
    found = playbooks.versions_of(actor, version.key)
    of = by_version(actor, [one.pk for one in found])
    return [(one, of[one.pk]) for one in found]


@require_safe
@gate.staff_page()
def compare(request: HttpRequest, actor: Actor, version_id: int) -> HttpResponse:
    """What a version does otherwise than another one: the one before it unless one was chosen."""
    version = playbooks.version(actor, version_id)
    alike = playbooks.weekly_versions(actor) if version.weekly else playbooks.versions(actor)
    known = list(alike.exclude(pk=version.pk).defer("source")[:200])
    other = _chosen(request, version, known)
    context = {"version": version, "known": known, "other": other}
    if other is not None:
        if not version.weekly:
            before, after = playbooks.playbook(other.pk), playbooks.playbook(version.pk)
            context["told"] = differences.told(before, after)
        context["lines"] = differences.of_texts(other.source, version.source)
    return frame.show(
        request, actor, "console/playbook_differences.html", context, here="playbooks"
    )


def _chosen(
    request: HttpRequest, version: PlaybookVersion, known: list[PlaybookVersion]
) -> PlaybookVersion | None:
    wanted = request.GET.get("from", "")
    asked = [one for one in known if str(one.pk) == wanted]
    earlier = [one for one in known if one.key == version.key and one.number < version.number]
    nearest = sorted(earlier, key=lambda one: -one.number)
    return next(iter([*asked, *nearest, *known]), None)


def days(plan: Playbook) -> list[PlannedDay]:
    """The programme day by day, beats in the order in which a line does them."""
    phases = [phase for phase in plan.phases for _day in range(phase.days)]
    by_day: dict[int, dict[str, list[Moment]]] = {}
    for moment in rules.timeline(plan):
        by_day.setdefault(moment.day, {}).setdefault(moment.key, []).append(moment)
    return [
        PlannedDay(number, phase, [_scene(m, plan) for m in by_day.get(number, {}).values()])
        for number, phase in enumerate(phases, start=1)
    ]


def _scene(moments: list[Moment], plan: Playbook) -> Scene:
    """With the tasks that a beat opens, each followed by those that open by finishing it."""
    tasks = {task.key: task for task in plan.tasks}
    opened = moments[0].payload.get("tasks", [])
    return Scene(moments, [tasks[one] for key in opened for one in comings(key, plan)])


@require_safe
@gate.staff_page()
def source(request: HttpRequest, actor: Actor, version_id: int) -> HttpResponse:
    """The text of a version, as a file to work on."""
    version = playbooks.version(actor, version_id)
    return download(f"{version.key}-v{version.number}.yaml", "text/yaml", version.source)
