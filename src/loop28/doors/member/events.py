"""Offline events on the phone: invitations, one's place, one's ticket."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from loop28.doors import gate
from loop28.doors.member import frame
from loop28.front.events import actions, queries, rules
from loop28.front.events.models import Event, SignUp, SignUpState
from loop28.front.events.refusals import CameAlready, EventClosed
from loop28.front.events.rules import Stage
from loop28.front.lines import seats
from loop28.kernel import clock
from loop28.kernel.access import Actor


class Meeting(NamedTuple):
    """An event as a member sees it, with their own word about it, if they gave one."""

    event: Event
    stage: Stage
    mine: SignUp | None

    @property
    def going(self) -> bool:
        return self.mine is not None and self.mine.state == SignUpState.GOING

    @property
    def waiting(self) -> bool:
        return self.mine is not None and self.mine.state == SignUpState.WAITING

    @property
    def open(self) -> bool:
        return self.stage in {Stage.COMING, Stage.ON}


def meetings(actor: Actor, now: datetime) -> list[Meeting]:
    """Events the member is invited to or signed up for, the next one first, those over last."""
    held = {sign_up.event_id: sign_up for sign_up in queries.own(actor)}
    found = {event.pk: event for event in queries.invitations(actor, seats.ways_in(actor), now)}
    found |= {sign_up.event_id: sign_up.event for sign_up in held.values()}
    shown = [Meeting(event, _stage(event, now), held.get(pk)) for pk, event in found.items()]
    ahead = [one for one in shown if one.event.ends_at > now]
    past = [one for one in shown if one.event.ends_at <= now]
    return [*_by_start(ahead), *_by_start(past)[::-1]]


def to_show_today(actor: Actor, now: datetime) -> list[Meeting]:
    """Those that are not over: an invitation, a place, a place lost because the event is off."""
    return [one for one in meetings(actor, now) if one.event.ends_at > now]


def _by_start(found: Sequence[Meeting]) -> list[Meeting]:
    return sorted(found, key=lambda one: (one.event.starts_at, one.event.pk))


def _stage(event: Event, now: datetime) -> Stage:
    return rules.stage(event.starts_at, event.ends_at, event.cancelled_at is not None, now)


@gate.member_page
@require_GET
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All events of mine: invitations, places, what was."""
    context = {"meetings": meetings(actor, clock.now())}
    return frame.page(request, actor, "member/events.html", context, tab="me")


@gate.member_page
@require_GET
def show(request: HttpRequest, actor: Actor, event_id: int) -> HttpResponse:
    """One event: where and when, the button, my ticket; afterwards the photos for who came."""
    found = _meeting_or_404(actor, event_id)
    came = found.mine is not None and found.mine.came_at is not None
    context = {
        "m": found,
        "came": came,
        "place": queries.place_in_queue(found.mine) if found.mine and found.waiting else 0,
        "ticket": ticket_link(found.mine) if found.mine and found.going else "",
        "photos": list(queries.photos([event_id])) if came else [],
    }
    return frame.page(request, actor, "member/event.html", context, tab="me")


def ticket_link(mine: SignUp) -> str:
    """What the QR code of a ticket says."""
    return settings.URL + reverse("ticket", args=[queries.ticket(mine)])


@gate.member_page
@require_POST
def sign_up(request: HttpRequest, actor: Actor, event_id: int) -> HttpResponse:
    """Sign up; who is too late for a place is on the waiting list."""
    found = _meeting_or_404(actor, event_id)
    line = seats.ways_in(actor).get(found.event.region_id)
    if line is None:
        raise Http404
    try:
        mine = actions.sign_up(actor, event_id, line=line)
    except EventClosed as no:
        notes.error(request, str(no))
    else:
        if mine.state == SignUpState.GOING:
            notes.success(request, _("You have a place. Show this page when you arrive."))
        else:
            notes.info(request, _("All places are taken. You are on the waiting list."))
    return redirect("my-event", event_id)


@gate.member_page
@require_POST
def give_back(request: HttpRequest, actor: Actor, event_id: int) -> HttpResponse:
    """Say that I do not come, so that somebody who waits can."""
    _meeting_or_404(actor, event_id)
    try:
        actions.give_back(actor, event_id)
    except (EventClosed, CameAlready) as no:
        notes.error(request, str(no))
    else:
        notes.success(request, _("Your place is given back."))
    return redirect("my-event", event_id)


def _meeting_or_404(actor: Actor, event_id: int) -> Meeting:
    """An event of mine; one to which I am not invited does not exist."""
    now = clock.now()
    mine = queries.sign_up(actor, event_id)
    if mine is not None:
        return Meeting(mine.event, _stage(mine.event, now), mine)
    invited = queries.invitations(actor, seats.ways_in(actor), now)
    for event in invited:
        if event.pk == event_id:
            return Meeting(event, _stage(event, now), None)
    raise Http404
