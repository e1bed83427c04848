"""The door of an event: a ticket that is scanned, the list of who comes, photos.

The same pages for staff, who are signed in, and for the host in charge, whose phone it is. A ticket
opens for everybody; the button on it only for those two. Nothing is written before a button is
pressed, because phones open addresses by themselves to show a preview.
"""

import functools
from collections.abc import Callable
from typing import NamedTuple

from django.contrib import messages as notes
from django.contrib.auth.views import redirect_to_login
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from loop28.doors import gate
from loop28.front.events import actions, queries, rules
from loop28.front.events.models import Event, SignUpState
from loop28.kernel import clock, pictures
from loop28.kernel.access import Actor
from loop28.kernel.refusals import Refusal
from loop28.kernel.text import TextTooLong, clean_line, number_in
from loop28.middle.members.models import NAME_LIMIT

SHOWN = 50
"""Rows of the list at the door; whoever is not among them is found by name."""


class InCharge(NamedTuple):
    """Who opens the door of an event."""

    actor: Actor
    event: Event


View = Callable[[HttpRequest, InCharge], HttpResponse]


def _actors(request: HttpRequest) -> list[Actor]:
    """Whoever this is: a phone can be a member's, and staff be signed in on it."""
    return [actor for actor in (gate.staff_of(request), gate.member_of(request)) if actor]


def _in_charge(request: HttpRequest, event_id: int) -> InCharge | None:
    for actor in _actors(request):
        event = queries.in_charge(actor, event_id)
        if event is not None:
            return InCharge(actor, event)
    return None


def _door(view: View) -> Callable[[HttpRequest, int], HttpResponse]:
    """A page for who is in charge; strangers may sign in, for all others it does not exist."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, event_id: int) -> HttpResponse:
        if not _actors(request):
            return redirect_to_login(request.path, reverse("login"))
        charge = _in_charge(request, event_id)
        if charge is None:
            raise Http404
        return view(request, charge)

    return guarded


@require_http_methods(["GET", "POST"])
@_door
def door(request: HttpRequest, charge: InCharge) -> HttpResponse:
    """Who is expected and who is here; a POST checks somebody in whose phone is empty."""
    event = charge.event
    if request.method == "POST":
        _check_in(request, charge, number_in(request.POST.get("member")))
        return redirect("event-door", event.pk)
    expected = queries.sign_ups(charge.actor, event.pk).filter(state=SignUpState.GOING)
    wanted = _name(request.GET.get("q", ""))
    found = expected.filter(member__name__icontains=wanted) if wanted else expected
    context = {
        "event": event,
        "staff": charge.actor.is_staff,
        "open": rules.doors_open(event.starts_at, event.ends_at, clock.now()),
        "opens_at": event.starts_at - rules.DOORS_BEFORE,
        "counts": queries.counts([event.pk])[event.pk],
        "q": wanted,
        "absent": list(found.filter(came_at=None).order_by("member__name", "id")[:SHOWN]),
        "here": list(found.filter(came_at__isnull=False).order_by("-came_at")[:SHOWN]),
        "limits": {"megabytes": pictures.MEGABYTES, "most": actions.PICTURES_AT_ONCE},
    }
    return render(request, "member/door.html", context)


def _name(typed: str) -> str:
    try:
        return clean_line(typed, limit=NAME_LIMIT, required=False)
    except TextTooLong:
        return ""


@require_http_methods(["GET", "POST"])
def ticket(request: HttpRequest, token: str) -> HttpResponse:
    """A place at an event. For who is in charge with the button that checks the person in."""
    guest = queries.read_ticket(token)
    charge = _in_charge(request, guest.event_id)
    if request.method == "POST":
        if charge is None:
            raise Http404
        _check_in(request, charge, guest.member_id)
        return redirect("ticket", token)
    event = guest.event
    context = {
        "event": event,
        "guest": guest,
        "good": guest.state == SignUpState.GOING and event.cancelled_at is None,
        "open": rules.doors_open(event.starts_at, event.ends_at, clock.now()),
        "opens_at": event.starts_at - rules.DOORS_BEFORE,
        "in_charge": charge is not None,
        "link": request.build_absolute_uri(request.path),
        "stranger": not _actors(request),
    }
    return render(request, "member/ticket.html", context)


def _check_in(request: HttpRequest, charge: InCharge, member_id: int) -> None:
    try:
        fresh = actions.check_in(charge.actor, charge.event.pk, member_id)
    except Refusal as no:
        notes.error(request, str(no))
    else:
        if fresh:
            notes.success(request, _("Checked in."))
        else:
            notes.info(request, _("Was checked in already."))


@require_POST
@_door
def add_photos(request: HttpRequest, charge: InCharge) -> HttpResponse:
    """Put photos to the event; each is made anew before anything is kept."""
    chosen = request.FILES.getlist("photos")[: actions.PICTURES_AT_ONCE + 1]
    try:
        found = [pictures.made_anew(file, file.name or "") for file in chosen]
        added = actions.add_photos(charge.actor, charge.event.pk, found)
    except Refusal as no:
        notes.error(request, str(no))
    else:
        notes.success(request, _("New photos: %(count)s.") % {"count": added})
    if charge.actor.is_staff:
        return redirect(reverse("event", args=[charge.event.pk]) + "#photos")
    return redirect("event-door", charge.event.pk)


@require_GET
def photo(request: HttpRequest, event_id: int, photo_id: int) -> HttpResponse:
    """A photo's file, for who may look at it."""
    for actor in _actors(request):
        found = queries.photo(actor, event_id, photo_id)
        if found is not None and default_storage.exists(found.file):
            with default_storage.open(found.file) as file:
                answer = HttpResponse(file.read(), content_type="image/jpeg")
            answer["Cache-Control"] = "private, max-age=3600"
            return answer
    raise Http404
