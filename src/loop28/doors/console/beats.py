"""One beat of a running line: move it, change what it says or gives, take it out; or add one."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from loop28.doors import gate
from loop28.doors.console import frame, line, mending, roles
from loop28.doors.console.fields import ReasonForm, YuanField
from loop28.front.lines import calling, schedule, seats
from loop28.front.lines import mending as line_mending
from loop28.front.lines import queries as lines
from loop28.front.lines.queries import Beat, Line
from loop28.kernel import clock, money
from loop28.kernel.access import Actor


def _time_field() -> forms.TimeField:
    return forms.TimeField(
        label=gettext_lazy("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )


class MoveForm(ReasonForm):
    """Another day or time, and why."""

    day = forms.IntegerField(label=gettext_lazy("Day of the line"), min_value=1, max_value=9999)
    at = _time_field()
    field_order = ("day", "at", "reason")


class WordsForm(ReasonForm):
    """Other words for each message of a beat, and why."""

    def __init__(self, parts: list[Beat], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for number, part in enumerate(parts):
            said = part.payload["text"]
            self.fields[f"text{number}"] = forms.CharField(
                label=_("Message %(number)s") % {"number": number + 1} if parts[1:] else _("Text"),
                required=False,
                max_length=line_mending.TEXT,
                initial=said,
                widget=forms.Textarea(attrs={"rows": 2 + len(said) // 45}),
            )
        self.order_fields([*(f"text{n}" for n in range(len(parts))), "reason"])

    @property
    def texts(self) -> list[str]:
        return [v for name, v in self.cleaned_data.items() if name.startswith("text")]


class PacketForm(ReasonForm):
    """Other terms for a packet, and why."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=line_mending.TITLE)
    total = YuanField(label=gettext_lazy("Total in yuan"))
    shares = forms.IntegerField(label=gettext_lazy("Shares"), min_value=1, max_value=500)
    field_order: tuple[str, ...] = ("title", "total", "shares", "reason")


class AddPostForm(ReasonForm):
    """A message that the playbook does not have."""

    at = _time_field()
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=line_mending.TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    by_host = forms.BooleanField(label=gettext_lazy("The host sends it by hand"), required=False)
    field_order = ("at", "text", "by_host", "reason")


class CallForm(ReasonForm):
    """When those who did not answer are called again, with which words, for how long."""

    day = forms.IntegerField(label=gettext_lazy("Day of the line"), min_value=1, max_value=9999)
    at = _time_field()
    hours = forms.IntegerField(
        label=gettext_lazy("Open for how many hours"), min_value=1, max_value=72, initial=24
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=line_mending.TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    field_order = ("day", "at", "hours", "text", "reason")


class AddPacketForm(PacketForm):
    """A red packet that the playbook does not have."""

    at = _time_field()
    hours = forms.IntegerField(
        label=gettext_lazy("Open for how many hours"), min_value=1, max_value=24, initial=2
    )
    field_order = ("at", "title", "total", "shares", "hours", "reason")


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page(*roles.RUNNERS)
def change(request: HttpRequest, actor: Actor, line_id: int, beat_id: int) -> HttpResponse:
    """The beat with its three forms; each is sent by itself, with its reason."""
    of = frame.line_or_404(actor, line_id)
    parts = _parts(actor, line_id, beat_id)
    doing = request.POST.get("do", "") if request.method == "POST" else ""
    sheets = _sheets(of, parts, doing, request)
    if doing in sheets and sheets[doing].is_valid():
        with frame.answered_by(sheets[doing], text="text0"):
            _do(actor, parts, doing, sheets[doing])
            messages.success(request, _("The beat was changed."))
            return redirect(mending.day_url(schedule.beats([parts[0].pk])[0]))
    context = line.head(actor, of, clock.now(), "line-calendar") | {
        "beat": parts[0],
        "title": mending.title(parts[0], 40),
        "kind": mending.KINDS[parts[0].kind],
        "stays": line_mending.stays(parts[0]),
        "second_call": parts[0].key == calling.AGAIN,
        "phase": parts[0].phase,
        **sheets,
    }
    status = frame.status_of(sheets[doing]) if doing in sheets else 200
    return frame.show(
        request, actor, "console/beat_change.html", context, here="lines", status=status
    )


def _parts(actor: Actor, line_id: int, beat_id: int) -> list[Beat]:
    """The beat with all its messages, if none of them has begun; else there is nothing to see."""
    beats = schedule.calendar(actor, line_id)
    keys = {beat.pk: beat.key for beat in beats}
    found = [beat for beat in beats if beat.key == keys.get(beat_id)]
    if not found:
        raise Http404
    return sorted(found, key=lambda beat: beat.part)


def _sheets(of: Line, parts: list[Beat], doing: str, request: HttpRequest) -> dict[str, forms.Form]:
    """The forms by what they do; the one that was sent is filled with what was typed."""
    beat, typed = parts[0], request.POST
    local = beat.due_at.astimezone(ZoneInfo(of.region.zone))
    stands = {"day": beat.day, "at": local.time()}
    move = MoveForm(typed if doing == "move" else None, prefix="move", initial=stands)
    out = ReasonForm(typed if doing == "out" else None, prefix="out")
    data = typed if doing == "edit" else None
    if beat.kind == "packet":
        terms = beat.payload | {"total": money.yuan(beat.payload["total"])}
        return {"move": move, "edit": PacketForm(data, prefix="edit", initial=terms), "out": out}
    return {"move": move, "edit": WordsForm(parts, data, prefix="edit"), "out": out}


def _do(actor: Actor, parts: list[Beat], doing: str, form: forms.Form) -> None:
    beat, said = parts[0].pk, form.cleaned_data
    if doing == "move":
        line_mending.move_beat(actor, beat, said["day"], said["at"], said["reason"])
    elif doing == "out":
        line_mending.take_out(actor, beat, said["reason"])
    elif isinstance(form, WordsForm):
        line_mending.reword(actor, beat, form.texts, said["reason"])
    else:
        line_mending.change_packet(actor, beat, **said)


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page(*roles.RUNNERS)
def add(request: HttpRequest, actor: Actor, line_id: int, day: int) -> HttpResponse:
    """A new post or packet on a day."""
    of = frame.line_or_404(actor, line_id)
    if not 1 <= day <= of.days:
        raise Http404
    packet = request.GET.get("kind") == "packet"
    kind: type[forms.Form] = AddPacketForm if packet else AddPostForm
    form = kind(request.POST or None)
    if request.method == "POST" and form.is_valid():
        verb = line_mending.add_packet if packet else line_mending.add_post
        with frame.answered_by(form, day="at"):
            verb(actor, line_id, day=day, **form.cleaned_data)
            messages.success(request, _("The beat was added."))
            return redirect("line-day", line_id, day)
    context = line.head(actor, of, clock.now(), "line-calendar") | {
        "form": form,
        "of_day": day,
        "kinds": [("", _("Post"), not packet), ("packet", _("Red packet"), packet)],
    }
    status = frame.status_of(form)
    return frame.show(request, actor, "console/beat_add.html", context, here="lines", status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page(*roles.RUNNERS)
def call_again(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """The second call: who did not answer yet, when they are asked again, and with which words."""
    of, now = frame.line_or_404(actor, line_id), clock.now()
    first = next((b for b in schedule.calendar(actor, line_id) if b.kind == "call"), None)
    if first is None:
        raise Http404
    planned = {
        "day": max(1, lines.today(of, now) + 1),
        "at": first.due_at.astimezone(ZoneInfo(of.region.zone)).time(),
        "text": first.payload["text"],
    }
    form = CallForm(request.POST or None, initial=planned)
    if request.method == "POST" and form.is_valid():
        with frame.answered_by(form):
            beat = calling.call_again(actor, line_id, **form.cleaned_data)
            messages.success(request, _("The second call is planned."))
            return redirect("line-day", line_id, beat.day)
    counts = seats.head_counts([line_id])[line_id]
    context = line.head(actor, of, now, "line-changes") | {
        "form": form,
        "silent": counts["seated"] - len(seats.passed(line_id)),
    }
    status = frame.status_of(form)
    return frame.show(
        request, actor, "console/call_again.html", context, here="lines", status=status
    )
