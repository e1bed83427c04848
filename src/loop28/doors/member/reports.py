"""Complaints from the phone: about a message, about a group, and what became of them."""

from typing import Any

from django import forms
from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from loop28.doors import gate
from loop28.doors.console.frame import answered_by
from loop28.doors.member import frame
from loop28.front.groups import complaints, moderated, moderation
from loop28.front.groups import queries as groups
from loop28.front.groups.models import Cause, Group, Message
from loop28.front.groups.refusals import NotInGroup
from loop28.front.lines import queries as lines
from loop28.kernel.access import Actor


class ReportForm(forms.Form):
    """What is wrong, and more about it where one likes."""

    cause = forms.ChoiceField(
        label=gettext_lazy("What is wrong?"),
        choices=[choice for choice in Cause.choices if choice[0] != Cause.WORDS],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=gettext_lazy("Tell us more, if you like"),
        max_length=complaints.WORDS_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@gate.member_page
@require_http_methods(["GET", "POST"])
def message(request: HttpRequest, actor: Actor, message_id: int) -> HttpResponse:
    """A message with a form to complain about it; its host goes on to what a host can do."""
    try:
        found = groups.message(actor, message_id)
    except Message.DoesNotExist:
        raise Http404 from None
    if moderation.may_moderate(actor, found.group):
        return redirect("host-message", message_id)
    return _page(request, actor, found.group, found)


@gate.member_page
@require_http_methods(["GET", "POST"])
def group(request: HttpRequest, actor: Actor, group_id: int) -> HttpResponse:
    """A form to complain about a group as a whole, or its host: the region reads it."""
    found = groups.groups(actor).select_related("host").filter(id=group_id).first()
    if found is None:
        raise NotInGroup
    return _page(request, actor, found, None)


def _page(
    request: HttpRequest, actor: Actor, group: Group, message: Message | None
) -> HttpResponse:
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with answered_by(form):
            _report(request, actor, group, message, form.cleaned_data)
            return redirect("group", group.pk)
    mine = moderated.own_complaints(actor)
    context: dict[str, Any] = {
        "group": group,
        "message": message,
        "form": form,
        "own": bool(message and message.member_id == actor.id),
        "before": mine.filter(message=message).first() if message else None,
    }
    status = 422 if form.errors else 200
    return frame.page(request, actor, "member/report.html", context, status=status)


def _report(
    request: HttpRequest, actor: Actor, group: Group, message: Message | None, said: dict[str, Any]
) -> None:
    phase = lines.phase_of(group.pk)
    new = complaints.complain(
        actor,
        group.pk,
        said["cause"],
        said["words"],
        message_id=message.pk if message else None,
        line=phase.line_id if phase else None,
    )
    if new:
        notes.success(request, _("Thank you. The answer will be under “Me”, “My reports”."))
    else:
        notes.info(request, _("You have reported this already. It is being looked at."))


@gate.member_page
@require_GET
def reports(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What I complained about, and what was decided."""
    context = {
        "reports": list(moderated.own_complaints(actor)[:50]),
        "groups": list(groups.groups(actor).exclude(host_id=actor.id).order_by("-id")),
    }
    return frame.page(request, actor, "member/reports.html", context, tab="me")
