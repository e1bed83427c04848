"""Playbooks: the published versions, checking and publishing, and the 28 days as a timeline."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import dates
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from loop28.doors import gate
from loop28.doors.console import frame
from loop28.doors.console.lines import PASSING
from loop28.front.circles import queries as circles
from loop28.front.lines import queries as lines
from loop28.front.playbooks import actions, reading, rules, wording
from loop28.front.playbooks import form as sound
from loop28.front.playbooks import queries as playbooks
from loop28.front.playbooks.models import PlaybookVersion
from loop28.front.playbooks.refusals import PlaybookHasMistakes
from loop28.front.playbooks.rules import Moment
from loop28.front.playbooks.schema import MEASURED, Phase, Playbook, Task
from loop28.front.playbooks.weekly import Weekly
from loop28.kernel.access import Actor

WEEKDAYS = list(dates.WEEKDAYS.values())
"""Monday first, in the words of Django's own catalogue."""


@require_safe
@gate.staff_page()
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All published versions, the newest first, with how many lines run on each."""
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
        "may_publish": actor.role in frame.PUBLISHERS,
    }
    return frame.show(request, actor, "console/playbooks.html", context, here="playbooks")


class SourceForm(forms.Form):
    """A playbook as text, typed, pasted or from a file; a file goes before the text."""

    file = forms.FileField(label=gettext_lazy("File"), required=False)
    source = forms.CharField(
        label=gettext_lazy("Text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"spellcheck": "false", "class": "source", "wrap": "off"}),
    )

    def text(self) -> str | bytes:
        """What is to be read: the bytes of the file, or the text."""
        file = self.cleaned_data["file"]
        found: str | bytes = self.cleaned_data["source"]
        return file.read(reading.BYTES_MAX + 1) if file else found


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page(*frame.PUBLISHERS)
def publish(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Check a playbook or publish it; the mistakes are listed and the text stays as it was."""
    if request.method != "POST":
        return _editor(request, actor, SourceForm(initial={"source": _draft(request, actor)}))
    form = SourceForm(request.POST, request.FILES)
    if not form.is_valid():
        return _editor(request, actor, form)
    document = reading.read(form.text())
    kept = SourceForm(initial={"source": document.text or form.cleaned_data["source"]})
    if "publish" not in request.POST:
        remarks = wording.remarks(rules.check(document))
        return _editor(request, actor, kept, remarks, checked=True)
    try:
        version = actions.publish(actor, document.text)
    except PlaybookHasMistakes as no:
        return _editor(request, actor, kept, no.mistakes, checked=True)
    messages.success(request, _("%(version)s is published.") % {"version": version})
    return redirect("playbook", version.pk)


def _draft(request: HttpRequest, actor: Actor) -> str:
    """The text of the version to begin with, where one was chosen."""
    wanted = request.GET.get("from", "")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 19):
        return ""
    version = playbooks.versions(actor).filter(pk=int(wanted)).first()
    return version.source if version else ""


def _editor(
    request: HttpRequest,
    actor: Actor,
    form: SourceForm,
    remarks: list[wording.Remark] | None = None,
    *,
    checked: bool = False,
) -> HttpResponse:
    plan = None
    if checked and not remarks:
        plan = sound.programme(reading.read(form.initial["source"]).data)
    context = {
        "form": form,
        "remarks": remarks or [],
        "good": checked and not remarks,
        "costs": costs(plan) if isinstance(plan, Playbook) else [],
        "plan": plan,
    }
    status = 422 if remarks or form.errors else 200
    return frame.show(
        request, actor, "console/playbook_new.html", context, here="playbooks", status=status
    )


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
    context = {
        "version": version,
        "plan": plan,
        "days": days(plan),
        "costs": costs(plan),
        "packets_fen": rules.cost(plan, 10).packets_fen,
        "talks": sum(beat.kind == "talk" for beat in plan.beats),
        "packets": sum(beat.kind == "packet" for beat in plan.beats),
        "by_hand": sum(beat.by == "host" for beat in plan.beats),
        "measured": MEASURED,
        "running": lines.count_by_playbook(actor, [version.pk]).get(version.pk, 0),
        "may_publish": actor.role in frame.PUBLISHERS,
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
        "may_publish": actor.role in frame.PUBLISHERS,
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


def days(plan: Playbook) -> list[PlannedDay]:
    """The programme day by day, beats in the order in which a line does them."""
    tasks = {task.key: task for task in plan.tasks}
    phases = [phase for phase in plan.phases for _day in range(phase.days)]
    by_day: dict[int, dict[str, list[Moment]]] = {}
    for moment in rules.timeline(plan):
        by_day.setdefault(moment.day, {}).setdefault(moment.key, []).append(moment)
    return [
        PlannedDay(number, phase, [_scene(m, tasks) for m in by_day.get(number, {}).values()])
        for number, phase in enumerate(phases, start=1)
    ]


def _scene(moments: list[Moment], tasks: dict[str, Task]) -> Scene:
    return Scene(moments, [tasks[key] for key in moments[0].payload.get("tasks", [])])


@require_safe
@gate.staff_page()
def source(request: HttpRequest, actor: Actor, version_id: int) -> HttpResponse:
    """The text of a version, as a file to work on."""
    version = playbooks.version(actor, version_id)
    response = HttpResponse(version.source, content_type="text/yaml; charset=utf-8")
    name = f"{version.key}-v{version.number}.yaml"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
