"""What the house still has to send: to groups, to persons, and how each region paces it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from loop28.back.people import queries as people
from loop28.back.people.models import Region
from loop28.doors import gate
from loop28.doors.console import frame, roles
from loop28.front.groups import notices
from loop28.front.groups import outbox as actions
from loop28.front.groups import queries as groups
from loop28.front.groups.models import Notice, Outgoing, Pace
from loop28.kernel import clock
from loop28.kernel.access import Actor

STATES: dict[str, str | Promise] = {
    "": gettext_lazy("Waiting"),
    "failing": gettext_lazy("Failing"),
    "given-up": gettext_lazy("Given up"),
    "persons": gettext_lazy("To persons"),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A notice to a person, and until when the quiet hours hold it; None: the daily limit does."""

    notice: Notice
    until: datetime | None


@require_safe
@gate.staff_page()
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What waits, what fails and why, what was given up, what waits for a person's morning."""
    now = clock.now()
    region = frame.chosen_region(request, actor)
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    page = frame.paged(request, _in_state(actor, state, region))
    paces = {pace.region_id: pace for pace in groups.paces(actor)}
    rows = list(page.object_list)
    context = {
        "regions": frame.region_switch(request, actor),
        "page": page,
        "rows": rows,
        "told": _held(rows, paces, now) if state == "persons" else [],
        "state": state,
        "states": [
            (key, label, key == state, _in_state(actor, key, region).count())
            for key, label in STATES.items()
        ],
        "paces": [pace for pace in paces.values() if region in {None, pace.region_id}],
        "may_act": actor.role in roles.RUNNERS,
    }
    return frame.show(request, actor, "console/outbox.html", context, here="outbox")


def _in_state(actor: Actor, state: str, region: int | None) -> Any:
    if state == "persons":
        told = groups.notices_waiting(actor)
        return told.filter(group__region=region) if region else told
    rows = groups.outgoing(actor).filter(sent_at=None)
    if region:
        rows = rows.filter(group__region=region)
    if state == "given-up":
        return rows.exclude(given_up_at=None).order_by("-given_up_at", "-id")
    alive = rows.filter(given_up_at=None).order_by("id")
    return alive.filter(tries__gt=0) if state == "failing" else alive.filter(tries=0)


def _held(rows: list[Notice], paces: dict[int, Pace], now: datetime) -> list[Waiting]:
    return [Waiting(row, notices.quiet_until(paces[row.group.region_id], now)) for row in rows]


@require_POST
@gate.staff_page(*roles.RUNNERS)
def settle(request: HttpRequest, actor: Actor, outgoing_id: int) -> HttpResponse:
    """Try a message again, or give it up."""
    give_up = "give-up" in request.POST
    done = _("It was given up.") if give_up else _("It is tried again now.")
    with frame.told(request, done):
        try:
            (actions.give_up if give_up else actions.try_again)(actor, outgoing_id)
        except Outgoing.DoesNotExist:
            raise Http404 from None
    return redirect("outbox")


class PaceForm(forms.Form):
    """Quiet hours and the limit of a region."""

    quiet_from = forms.TimeField(
        label=gettext_lazy("Quiet from"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    quiet_until = forms.TimeField(
        label=gettext_lazy("until"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    daily_limit = forms.IntegerField(
        label=gettext_lazy("Messages a day to one person, at most"),
        min_value=1,
        max_value=notices.LIMIT_MAX,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page(*roles.RUNNERS)
def pace(request: HttpRequest, actor: Actor, region_id: int) -> HttpResponse:
    """A region's quiet hours and its limit."""
    region = _region_or_404(actor, region_id)
    standing = groups.pace_of(region_id)
    names = ("quiet_from", "quiet_until", "daily_limit")
    initial = {name: getattr(standing, name) for name in names}
    form = PaceForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        with frame.answered_by(form):
            notices.set_pace(actor, region_id, *(form.cleaned_data[name] for name in names))
            return redirect("outbox")
    status = frame.status_of(form)
    context = {"form": form, "region": region}
    return frame.show(request, actor, "console/pace.html", context, here="outbox", status=status)


def _region_or_404(actor: Actor, region_id: int) -> Region:
    found = people.region(actor, region_id)
    if found is None:
        raise Http404
    return found
