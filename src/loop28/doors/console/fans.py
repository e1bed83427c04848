"""Whose fans are whose: a member's fans, who brought whom, and the claims a person decides."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from loop28.doors import gate
from loop28.doors.console import frame, members, roles
from loop28.doors.console.fields import ReasonForm
from loop28.doors.member import fans, share
from loop28.front.lines import seats
from loop28.front.referrals import disputes, queries
from loop28.front.referrals.models import Decision, Dispute
from loop28.front.watch import queries as watch
from loop28.front.watch.models import Coloured
from loop28.kernel import clock
from loop28.kernel.access import Actor, require
from loop28.middle.members.models import Member

DEPTH = 3
"""Levels of the tree that open on one page; below that, each person has a page of their own."""

STATES: dict[str, str | Promise] = {
    "": gettext_lazy("To decide"),
    "decided": gettext_lazy("Decided"),
}


class DecisionForm(ReasonForm):
    """Whose fan it is, and why."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"), choices=Decision.choices, widget=forms.RadioSelect
    )
    field_order = ("decision", "reason")


MOST = 50
"""Of whom somebody brought, so many are shown: first those who brought others themselves."""


@dataclass(frozen=True, slots=True)
class Brought:
    """Somebody who came by a link or an invitation: when, how many they brought themselves, and
    the colour of the chain below them.
    """

    member: Member
    since: datetime
    own: int
    colour: Coloured | None


@require_safe
@gate.staff_page()
def of_member(request: HttpRequest, actor: Actor, member_id: int) -> HttpResponse:
    """A member's fans and what they do; above them who brought this member, below whom they did."""
    person = members.member_or_404(actor, member_id)
    page = frame.paged(request, queries.fans(actor, member_id))
    context = {
        "person": person,
        "page": page,
        "rows": fans.rows(member_id, list(page.object_list)),
        "links": share.rows(list(queries.links(actor).filter(promoter=member_id))),
        "came_by": queries.brought_by(actor, member_id),
        "now": clock.now(),
    }
    context |= _branch(actor, member_id, 1)
    return frame.show(request, actor, "console/member_fans.html", context, here="members")


@require_safe
@gate.staff_page()
def branch(request: HttpRequest, actor: Actor, member_id: int) -> HttpResponse:
    """The part of the tree below one person, fetched when it is opened."""
    members.member_or_404(actor, member_id)
    asked = request.GET.get("level", "")
    level = int(asked) if asked in {str(n) for n in range(1, DEPTH + 1)} else DEPTH
    return render(request, "console/parts/brought.html", _branch(actor, member_id, level))


def _branch(actor: Actor, member_id: int, level: int) -> dict[str, Any]:
    came = _came(actor, [member_id]).get(member_id, {})
    below = _came(actor, came)
    colours = watch.colours([member_id, *came])
    people = [
        Brought(member, since, len(below.get(number, ())), colours.get(number))
        for number, (member, since) in came.items()
    ]
    people.sort(key=lambda one: (one.own == 0, one.colour is None, one.since))
    return {
        "brought": people[:MOST],
        "more": max(0, len(people) - MOST),
        "colour": colours.get(member_id),
        "next_level": level + 1,
        "opens": level < DEPTH,
    }


def _came(actor: Actor, by: Iterable[int]) -> dict[int, dict[int, tuple[Member, datetime]]]:
    """By who brought them: the members who came by a lock, or into a line by an invitation."""
    wanted = list(by)
    found: dict[int, dict[int, tuple[Member, datetime]]] = defaultdict(dict)
    for promoter, locks in queries.brought(actor, wanted).items():
        for lock in locks:
            if lock.fan.member:
                found[promoter][lock.fan.member.pk] = lock.fan.member, lock.since
    for seat in seats.came_by(actor, wanted):
        if seat.inviter_id:
            found[seat.inviter_id].setdefault(seat.member_id, (seat.member, seat.asked_at))
    return found


@require_safe
@gate.staff_page()
def claims(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Fans whom two members call theirs, the oldest claim first."""
    state = "decided" if request.GET.get("state") == "decided" else ""
    region = frame.chosen_region(request, actor)
    page = frame.paged(request, _in_state(actor, state, region))
    context = {
        "regions": frame.region_switch(request, actor),
        "page": page,
        "state": state,
        "states": [
            (key, label, key == state, _in_state(actor, key, region).count())
            for key, label in STATES.items()
        ],
    }
    return frame.show(request, actor, "console/fan_claims.html", context, here="fan-claims")


def _in_state(actor: Actor, state: str, region: int | None) -> QuerySet[Dispute]:
    rows = disputes.disputes(actor)
    if region:
        rows = rows.filter(lock__link__line__region=region)
    if state == "decided":
        return rows.exclude(decided_at=None).order_by("-decided_at", "-id")
    return rows.filter(decided_at=None).order_by("id")


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page()
def claim(request: HttpRequest, actor: Actor, dispute_id: int) -> HttpResponse:
    """One claim beside the lock it is about; a POST decides it."""
    if request.method == "POST":
        require(actor, *roles.RUNNERS)
    found = disputes.disputes(actor).filter(pk=dispute_id).first()
    if found is None:
        raise Http404
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data
        with frame.answered_by(form):
            disputes.decide(actor, found.pk, said["decision"], said["reason"])
            messages.success(request, _("Decided. Who asked reads it on their phone."))
            return redirect("fan-claims")
    context = {
        "claim": found,
        "held": share.title(found.lock.link),
        "touched": share.title(found.click.link),
        "form": form,
        "may_decide": actor.role in roles.RUNNERS and found.decided_at is None,
        "lives": found.lock.until > clock.now(),
    }
    status = frame.status_of(form)
    return frame.show(
        request, actor, "console/fan_claim.html", context, here="fan-claims", status=status
    )
