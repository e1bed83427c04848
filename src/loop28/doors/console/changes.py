"""How a line differs from its playbook, and what can be changed of it as a whole."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from loop28.doors import gate
from loop28.doors.console import choosing, frame, line, mending, roles
from loop28.doors.console.fields import ReasonForm
from loop28.front.evidence import queries as evidence
from loop28.front.ladder import replacing
from loop28.front.lines import calling, course, rules, schedule
from loop28.front.lines import mending as line_mending
from loop28.front.lines import queries as lines
from loop28.front.lines.differences import Difference, differences
from loop28.front.lines.models import Mend
from loop28.front.lines.queries import Beat, Line
from loop28.front.playbooks import queries as playbooks
from loop28.front.playbooks.timetable import timeline
from loop28.front.tasks import standstill
from loop28.kernel import clock
from loop28.kernel.access import Actor
from loop28.ui.text import local_time, yuan


class HostForm(ReasonForm):
    """Who runs the line from now on, and why."""

    host = forms.TypedChoiceField(
        label=gettext_lazy("New host"), coerce=int, widget=choosing.HostSelect
    )
    field_order = ("host", "reason")

    def __init__(self, actor: Actor, of: Line, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choosing.offer(self, actor, "host", "—", but=of.host_id)


class ResumeForm(ReasonForm):
    """Which way the line goes on, and why."""

    way = forms.ChoiceField(
        label=gettext_lazy("What the pause held up"),
        choices=[("shift", gettext_lazy("Shift")), ("skip", gettext_lazy("Leave out"))],
    )
    field_order = ("way", "reason")


class StopForm(ReasonForm):
    """The last word to the groups, and why."""

    message = forms.CharField(
        label=gettext_lazy("Last message to the groups"),
        max_length=line_mending.TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order = ("message", "reason")


@dataclass(frozen=True, slots=True)
class Row:
    """A beat that was mended: how it stands against the playbook, and each mend with its reason."""

    beat: Beat
    changes: list[tuple[str, str, str]]
    mends: list[Mend]

    @property
    def title(self) -> str:
        return mending.title(self.beat, 40)

    @property
    def kind(self) -> str:
        return str(mending.KINDS[self.beat.kind])


@require_safe
@gate.staff_page()
def show(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """What was changed, by whom and why; and, for those who run lines, the ways to change more."""
    of, now = frame.line_or_404(actor, line_id), clock.now()
    mends = lines.mends(actor, line_id)
    context = line.head(actor, of, now, "line-changes") | {
        "rows": _rows(actor, of, mends),
        "whole": [mend for mend in mends if mend.beat_id is None],
        **(_forms(actor, of, now) if actor.role in roles.RUNNERS else {}),
    }
    return frame.show(request, actor, "console/line_changes.html", context, here="lines")


def _forms(actor: Actor, of: Line, now: datetime) -> dict[str, Any]:
    if of.ended_at is not None:
        return {}
    return {
        "may_call_again": _may_call_again(actor, of, now),
        "pause_form": ReasonForm(auto_id="pause_%s"),
        "ways": course.ways(of, now) if of.paused_at else None,
        "resume_form": ResumeForm(auto_id="resume_%s"),
        "host_form": HostForm(actor, of, auto_id="host_%s"),
        "stop_form": StopForm(auto_id="stop_%s"),
    }


def _may_call_again(actor: Actor, of: Line, now: datetime) -> bool:
    """From the end of the first call's window, until a second one is planned."""
    if any(
        b.key == calling.AGAIN and b.state != "skipped" for b in schedule.calendar(actor, of.pk)
    ):
        return False
    call = schedule.call_of(of.pk)
    return call is not None and not rules.call_open(*call, now)


def _rows(actor: Actor, of: Line, mends: list[Mend]) -> list[Row]:
    zone = ZoneInfo(of.region.zone)
    moments = timeline(playbooks.playbook(of.playbook_id))
    found = differences(moments, schedule.calendar(actor, of.pk), of.start_day, zone)
    by_beat: dict[int | None, list[Mend]] = {}
    for mend in mends:
        by_beat.setdefault(mend.beat_id, []).append(mend)
    return [Row(d.parts[0], _changes(d, of), by_beat.get(d.parts[0].pk, [])) for d in found]


def _changes(of: Difference[Beat], line: Line) -> list[tuple[str, str, str]]:
    """What was changed: a word for it, how the playbook has it, how the line has it."""
    beat = of.parts[0]
    found = []
    if of.added:
        found.append((_("added"), "", _when(beat.day, local_time(beat.due_at, line.region.zone))))
    if of.moved:
        was = of.moments[0]
        before = _when(was.day + beat.shifted, f"{was.local_time:%H:%M}")
        now = _when(beat.day, local_time(beat.due_at, line.region.zone))
        found.append((_("moved"), before, now))
    if of.edited:
        pairs = zip(of.moments, of.parts, strict=False)
        said = [(m.payload, b.payload) for m, b in pairs if m.payload != b.payload]
        found += [(_("changed"), _says(before), _says(now)) for before, now in said]
    if of.taken_out:
        found.append((_("taken out"), "", ""))
    return found


def _when(day: int, at: str) -> str:
    return _("day %(day)s, %(at)s") % {"day": day, "at": at}


def _says(payload: dict[str, Any]) -> str:
    if "total" not in payload:
        return str(payload.get("text", ""))
    return f"«{payload['title']}» {yuan(payload['total'])} / {payload['shares']}"


@require_POST
@gate.staff_page(*roles.RUNNERS)
def pause(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """Let the line stand still."""
    frame.line_or_404(actor, line_id)
    with frame.told(request, _("The line is paused.")):
        course.pause(actor, line_id, request.POST.get("reason", ""))
    return redirect("line-changes", line_id)


@require_POST
@gate.staff_page(*roles.RUNNERS)
def resume(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """Let the line go on, one way or the other."""
    frame.line_or_404(actor, line_id)
    shift = request.POST.get("way") == "shift"
    with frame.told(request, _("The line goes on.")):
        course.resume(actor, line_id, shift=shift, reason=request.POST.get("reason", ""))
    return redirect("line-changes", line_id)


@require_POST
@gate.staff_page(*roles.RUNNERS)
def stop(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """End the line before its time."""
    frame.line_or_404(actor, line_id)
    said, reason = request.POST.get("message", ""), request.POST.get("reason", "")
    with frame.told(request, _("The line was stopped.")):
        course.stop(actor, line_id, said, reason)
    return redirect("line-changes", line_id)


@require_POST
@gate.staff_page(*roles.RUNNERS)
def replace_host(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """Give the line to another host of the pool."""
    of = frame.line_or_404(actor, line_id)
    form = HostForm(actor, of, request.POST)
    form.is_valid()
    host = form.cleaned_data.get("host") or 0
    with frame.told(request, _("The line has a new host. Send them their personal link.")):
        replacing.replace_host(actor, line_id, host, request.POST.get("reason", ""))
        return redirect("host", host)
    return redirect("line-changes", line_id)


@require_POST
@gate.staff_page(*roles.FUNDERS)
def give_back(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """Return what nobody can claim any more."""
    frame.line_or_404(actor, line_id)
    with frame.told(request, _("The rest of the budget went back to the company.")):
        standstill.give_back_rest(actor, line_id, evidence.provable_of(line_id))
    return redirect("line-budget", line_id)
