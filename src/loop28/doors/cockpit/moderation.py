"""The host's first hand: complaints with their clock, a message, a person."""

from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from loop28.doors import gate, moderating
from loop28.doors.cockpit import frame
from loop28.doors.console.frame import answered_by
from loop28.doors.member import frame as phone
from loop28.front.groups import complaints, moderated, moderation, rules
from loop28.front.groups import queries as groups
from loop28.front.groups.models import Complaint, Decision, Membership, Message
from loop28.front.lines import queries as lines
from loop28.front.lines.models import Line
from loop28.kernel import clock
from loop28.kernel.access import Actor


class Waiting(NamedTuple):
    """An open complaint of the host's lines: whose turn it is, and until when."""

    complaint: Complaint
    mine: bool
    until: datetime

    @property
    def hours(self) -> int:
        """Whole hours that are left."""
        return max(0, int((self.until - clock.now()).total_seconds() // 3600))


def open_ones(actor: Actor, now: datetime) -> list[Waiting]:
    """The open complaints that came to the host, one about each message, the oldest first."""
    rows = moderated.one_each(moderated.complaints(actor).filter(decided_at=None)).order_by(
        "at", "id"
    )
    found = []
    for row in rows[:100]:
        hand, until = rules.turn(row.first, row.at, now)
        found.append(Waiting(row, hand == "host", until))
    return found


@gate.member_page
@require_GET
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Complaints in the host's groups: open ones with their time, and the latest decided."""
    hosted = groups.groups(actor).filter(host_id=actor.id)
    if not hosted.exists():
        raise Http404
    decided = moderated.complaints(actor).exclude(decided_at=None)
    context = {
        "waiting": open_ones(actor, clock.now()),
        "decided": list(decided.order_by("-decided_at")[:20]),
    }
    line = lines.lines(actor).order_by("-id").first()
    return _page(request, actor, line, "cockpit/complaints.html", context)


@gate.member_page
@require_http_methods(["GET", "POST"])
def complaint(request: HttpRequest, actor: Actor, complaint_id: int) -> HttpResponse:
    """One complaint, and its decision."""
    found = moderated.complaints(actor).filter(id=complaint_id).first()
    if found is None:
        raise Http404
    line = _line(actor, found.group_id)
    hand, until = rules.turn(found.first, found.at, clock.now())
    form = moderating.ActForm(
        complaints.choices(found), request.POST if request.method == "POST" else None
    )
    if form.is_valid():
        with answered_by(form):
            _decide(actor, found, form.cleaned_data, line)
            notes.success(request, _("Decided. Who complained finds the answer on their phone."))
            return redirect("host-complaints")
    context = {
        "complaint": found,
        "message": found.message,
        "mine": hand == "host" and found.decided_at is None,
        "until": until,
        "form": form,
    }
    return _page(request, actor, line, "cockpit/complaint.html", context, form)


@gate.member_page
@require_http_methods(["GET", "POST"])
def message(request: HttpRequest, actor: Actor, message_id: int) -> HttpResponse:
    """A message in a group of the host's, and what they can do about it or its writer."""
    try:
        found = groups.message(actor, message_id)
    except Message.DoesNotExist:
        raise Http404 from None
    line = _line(actor, found.group_id)
    acts = moderating.acts_about(found)
    form = moderating.ActForm(acts, request.POST if request.method == "POST" else None)
    if form.is_valid():
        with answered_by(form):
            _act(actor, found, form.cleaned_data, line)
            notes.success(request, _("Done."))
            return redirect("group", found.group_id)
    context = {"message": found, "acts": acts, "form": form}
    return _page(request, actor, line, "cockpit/message.html", context, form)


@gate.member_page
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, actor: Actor, group_id: int, member_id: int) -> HttpResponse:
    """A person in a group of the host's: mute or remove them, let them write again."""
    line = _line(actor, group_id)
    found = moderated.membership(actor, group_id, member_id)
    if found is None:
        raise Http404
    form = moderating.ActForm(
        [Decision.MUTED, Decision.REMOVED], request.POST if request.method == "POST" else None
    )
    if form.is_valid():
        with answered_by(form):
            _act_on(actor, found, form.cleaned_data, line)
            notes.success(request, _("Done."))
            return redirect("host-people", line.pk) if line else redirect("group", group_id)
    now = clock.now()
    context = {
        "membership": found,
        "muted": found.muted_until is not None and found.muted_until > now,
        "may_act": found.left_at is None and member_id != found.group.host_id,
        "line": line,
        "form": form,
    }
    return _page(request, actor, line, "cockpit/person.html", context, form)


@gate.member_page
@require_POST
def unmute(request: HttpRequest, actor: Actor, group_id: int, member_id: int) -> HttpResponse:
    """Let a muted person write again."""
    line = _line(actor, group_id)
    moderation.unmute(actor, group_id, member_id, line=line.pk if line else None)
    notes.success(request, _("They can write again."))
    return redirect("host-person", group_id, member_id)


def _line(actor: Actor, group_id: int) -> Line | None:
    """The line that lives in a group of the host's, None for a standing group; else 404."""
    phase = lines.phase_of(group_id)
    if phase is not None:
        return frame.line_or_404(actor, phase.line_id)
    if not groups.groups(actor).filter(id=group_id, host_id=actor.id).exists():
        raise Http404
    return None


def _decide(actor: Actor, found: Complaint, wish: dict[str, Any], line: Line | None) -> None:
    complaints.decide(
        actor,
        found.pk,
        wish["act"],
        wish["reason"],
        hours=wish.get("hours", 0),
        line=line.pk if line else None,
    )


def _act(actor: Actor, found: Message, wish: dict[str, Any], line: Line | None) -> None:
    moderating.act(
        actor,
        wish,
        group=found.group_id,
        member=found.member_id,
        message=found.pk,
        line=line.pk if line else None,
    )


def _act_on(actor: Actor, found: Membership, wish: dict[str, Any], line: Line | None) -> None:
    moderating.act(
        actor, wish, group=found.group_id, member=found.member_id, line=line.pk if line else None
    )


def _page(
    request: HttpRequest,
    actor: Actor,
    line: Line | None,
    template: str,
    context: dict[str, Any],
    form: forms.Form | None = None,
) -> HttpResponse:
    """With the tabs of the cockpit, or of a member where the group is of no line."""
    status = 422 if form and form.errors else 200
    if line is None:
        return phone.page(request, actor, template, context, tab="groups", status=status)
    return frame.page(request, actor, template, line, context, tab="people", status=status)
