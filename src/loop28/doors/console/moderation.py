"""The region's second hand: complaints with their clock, a line's chat, blocked words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from loop28.back.people import queries as people
from loop28.doors import gate, moderating
from loop28.doors.console import frame, line, roles
from loop28.doors.console.fields import ReasonForm
from loop28.front.groups import complaints as complaint_actions
from loop28.front.groups import moderated, rules
from loop28.front.groups import moderation as moderation_actions
from loop28.front.groups import queries as groups
from loop28.front.groups import words as word_actions
from loop28.front.groups.models import Complaint, GroupKind, Message
from loop28.front.lines import queries as lines
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, require
from loop28.middle.members import queries as members

STATES: dict[str, str | Promise] = {
    "": gettext_lazy("To decide now"),
    "host": gettext_lazy("With the host"),
    "decided": gettext_lazy("Decided"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A complaint as the list shows it: whose turn, until when, and who decided."""

    complaint: Complaint
    region: bool
    until: datetime
    late: bool
    by: str


@require_safe
@gate.staff_page()
def complaints(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Complaints of the actor's regions: those that are theirs to decide first."""
    now = clock.now()
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    region = frame.chosen_region(request, actor)
    page = frame.paged(request, _in_state(actor, state, now, region))
    context = {
        "regions": frame.region_switch(request, actor),
        "page": page,
        "rows": rows_of(list(page.object_list), now),
        "now": now,
        "state": state,
        "states": [
            (key, label, key == state, _in_state(actor, key, now, region).count())
            for key, label in STATES.items()
        ],
    }
    return frame.show(request, actor, "console/complaints.html", context, here="complaints")


def _in_state(actor: Actor, state: str, now: datetime, region: int | None) -> Any:
    rows = moderated.complaints(actor)
    if region:
        rows = rows.filter(group__region=region)
    if state == "decided":
        return rows.exclude(decided_at=None).order_by("-decided_at", "-id")
    theirs = moderated.with_region(actor, now).values("id")
    waiting = moderated.one_each(rows.filter(decided_at=None)).order_by("at", "id")
    return waiting.exclude(id__in=theirs) if state == "host" else waiting.filter(id__in=theirs)


def rows_of(found: Sequence[Complaint], now: datetime) -> list[Row]:
    """Complaints as a list shows them."""
    names = _deciders(found)
    rows = []
    for one in found:
        hand, until = rules.turn(one.first, one.at, now)
        by = names.get(one.decided_by, "")
        rows.append(Row(one, hand == "region", until, until < now, by))
    return rows


def _deciders(found: Sequence[Complaint]) -> dict[str, str]:
    """By actor as the journal writes it: a host's name, or a member of staff's."""
    actors = {one.decided_by for one in found if one.decided_by}
    ids = {who: int(who.partition(":")[2]) for who in actors}
    hosts = members.names(n for who, n in ids.items() if who.startswith("member:"))
    staff_ids = [n for who, n in ids.items() if not who.startswith("member:")]
    staff = {user.pk: user.name for user in people.staff(SYSTEM).filter(id__in=staff_ids)}
    return {
        who: (hosts if who.startswith("member:") else staff).get(n, "") for who, n in ids.items()
    }


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page()
def complaint(request: HttpRequest, actor: Actor, complaint_id: int) -> HttpResponse:
    """One complaint with everything one needs to decide it."""
    if request.method == "POST":
        require(actor, *roles.RUNNERS)
    found = moderated.complaints(actor).filter(id=complaint_id).first()
    if found is None:
        raise Http404
    phase = lines.phase_of(found.group_id)
    of = phase.line if phase else None
    form = moderating.ActForm(
        complaint_actions.choices(found), request.POST if request.method == "POST" else None
    )
    if form.is_valid():
        with frame.answered_by(form):
            wish = form.cleaned_data
            complaint_actions.decide(
                actor,
                found.pk,
                wish["act"],
                wish["reason"],
                hours=wish.get("hours", 0),
                line=of.pk if of else None,
            )
            messages.success(request, _("Decided. Who complained finds the answer on their phone."))
            return redirect("complaints")
    (row,) = rows_of([found], clock.now())
    context = {
        "row": row,
        "complaint": found,
        "line": of,
        "form": form,
        "others": moderated.also_about(found),
        "may_decide": actor.role in roles.RUNNERS and found.decided_at is None,
    }
    status = frame.status_of(form)
    return frame.show(
        request, actor, "console/complaint.html", context, here="complaints", status=status
    )


@require_safe
@gate.staff_page()
def chat(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """What people wrote in a line's groups, the newest first; who is muted, who was removed."""
    of, now = frame.line_or_404(actor, line_id), clock.now()
    ids = [phase.group_id for phase in lines.phases(line_id)]
    query = request.GET.get("q", "")[:60]
    context = line.head(actor, of, now, "line-chat") | {
        "page": frame.paged(request, groups.find_messages(actor, ids, query)),
        "q": query,
        "muted": moderated.kept_silent(actor, ids, now),
        "removed": moderated.removed(ids),
        "reason_form": ReasonForm(),
        "may_act": actor.role in roles.RUNNERS,
    }
    return frame.show(request, actor, "console/line_chat.html", context, here="lines")


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page(*roles.RUNNERS)
def message(request: HttpRequest, actor: Actor, line_id: int, message_id: int) -> HttpResponse:
    """A message of a line, and what can be done about it or its writer."""
    of = frame.line_or_404(actor, line_id)
    found = _message_or_404(actor, line_id, message_id)
    acts = moderating.acts_about(found)
    form = moderating.ActForm(acts, request.POST if request.method == "POST" else None)
    if form.is_valid():
        with frame.answered_by(form):
            moderating.act(
                actor,
                form.cleaned_data,
                group=found.group_id,
                member=found.member_id,
                message=found.pk,
                line=line_id,
            )
            messages.success(request, _("Done."))
            return redirect("line-chat", line_id)
    context = line.head(actor, of, clock.now(), "line-chat") | {
        "message": found,
        "acts": acts,
        "form": form,
    }
    status = frame.status_of(form)
    return frame.show(
        request, actor, "console/line_message.html", context, here="lines", status=status
    )


def _message_or_404(actor: Actor, line_id: int, message_id: int) -> Message:
    try:
        found = groups.message(actor, message_id)
    except Message.DoesNotExist:
        raise Http404 from None
    phase = lines.phase_of(found.group_id)
    if phase is None or phase.line_id != line_id:
        raise Http404
    return found


@require_POST
@gate.staff_page(*roles.RUNNERS)
def give_back(
    request: HttpRequest, actor: Actor, line_id: int, group_id: int, member_id: int
) -> HttpResponse:
    """Let a muted member write again, or one who was removed come back, with a reason."""
    frame.line_or_404(actor, line_id)
    phase = lines.phase_of(group_id)
    found = moderated.membership(actor, group_id, member_id)
    if phase is None or phase.line_id != line_id or found is None:
        raise Http404
    if found.removed_at is None:
        with frame.told(request, _("They can write again.")):
            moderation_actions.unmute(actor, group_id, member_id, line=line_id)
    else:
        with frame.told(request, _("They can come back by their invitation.")):
            reason = request.POST.get("reason", "")
            moderation_actions.let_back(actor, group_id, member_id, reason, line=line_id)
    return redirect("line-chat", line_id)


class RulesForm(forms.Form):
    """What may not be written in groups of a kind."""

    words = forms.CharField(
        label=gettext_lazy("Blocked words, one a line"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy("Found in any width, case and spacing. The host may write them."),
    )
    links_blocked = forms.BooleanField(
        label=gettext_lazy("Links to other sites are blocked, too"), required=False
    )


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page()
def group_rules(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The blocked words and links of each kind of group."""
    if request.method == "POST":
        require(actor, *roles.REPORTERS)
    chosen = request.POST.get("kind", "")
    forms_by_kind = {}
    standing = moderated.group_rules()
    for kind in GroupKind:
        of = standing.get(kind)
        initial = {
            "words": "\n".join(of.words) if of else "",
            "links_blocked": bool(of and of.links_blocked),
        }
        data = request.POST if request.method == "POST" and chosen == kind else None
        forms_by_kind[kind] = RulesForm(data, initial=initial, auto_id=f"{kind.value}_%s")
    form = forms_by_kind.get(chosen)  # type: ignore[call-overload]
    if form is not None and form.is_valid():
        with frame.answered_by(form):
            word_actions.set_rules(
                actor,
                chosen,
                form.cleaned_data["words"].splitlines(),
                links_blocked=form.cleaned_data["links_blocked"],
            )
            messages.success(request, _("Saved. It holds from the next message on."))
            return redirect("group-rules")
    context = {
        "kinds": [(kind, kind.label, one) for kind, one in forms_by_kind.items()],
        "standing": standing,
        "may_change": actor.role in roles.REPORTERS,
    }
    status = frame.status_of(form) if form is not None else 200
    return frame.show(
        request, actor, "console/group_rules.html", context, here="group-rules", status=status
    )
