"""A member's day: packets, the call, tasks, and how far they are on the way."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from loop28.doors import gate
from loop28.doors.member import events, frame, guide, joining, standing
from loop28.doors.member.path import agenda
from loop28.doors.member.standing import Standing
from loop28.front.circles import queries as circles
from loop28.front.evidence import queries as evidence
from loop28.front.groups import queries as groups
from loop28.front.ladder import queries as ladder
from loop28.front.ladder.models import Level
from loop28.front.lines import queries as lines
from loop28.front.lines import seats
from loop28.front.lines.models import EnrollmentState
from loop28.front.packets import queries as packets
from loop28.front.packets.models import Packet
from loop28.front.playbooks import queries as playbooks
from loop28.front.tasks import queries as tasks
from loop28.front.tasks.queries import Mine
from loop28.front.tasks.rules import FIRST_ORDER, Stand
from loop28.kernel import clock
from loop28.kernel.access import Actor
from loop28.kernel.text import number_in
from loop28.middle.members import queries as members

NEWS = timedelta(days=14)
"""How long a host is told that a line went to somebody else, or came to them."""

_GREETINGS = [
    (5, _("Still up, %(name)s?")),
    (11, _("Good morning, %(name)s")),
    (13, _("Hello, %(name)s")),
    (18, _("Good afternoon, %(name)s")),
    (24, _("Good evening, %(name)s")),
]


class OpenPacket(NamedTuple):
    """A packet that can still be opened, and what this member already got from it, in fen."""

    packet: Packet
    share: int | None
    left: int


@gate.member_page
@require_GET
def today(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The page members come back to: before the start, in the run, while waiting, at the end."""
    at = standing.find(actor, number_in(request.GET.get("line")))
    if at is None:
        return _without_a_line(request, actor)
    if at.seat.state == EnrollmentState.LEFT:
        invitation = seats.way_back(at.seat)
        way_back = joining.invitation_path(invitation) if invitation else ""
        context = {
            "at": at,
            "way_back": way_back,
            "circle_invites": circles.open_invites(actor),
        }
        return frame.page(request, actor, "member/left.html", context, tab="today")
    mine = tasks.of_member(actor, actor.id, at.line.pk)
    reviewing = evidence.in_review(task.assignment.pk for task in mine)
    inside = _inside(actor, at)
    active = standing.active_days(actor, at)
    context = {
        "at": at,
        "greeting": greeting(at.hour) % {"name": members.names([actor.id])[actor.id]},
        "level": level_words(actor.id),
        "together": seats.head_counts([at.line.pk])[at.line.pk]["seated"],
        "place": 0 if at.seated else seats.place_in_queue(at.seat),
        "packets": _open_packets(actor, inside, at.now),
        "group_url": _group_url(inside),
        "tasks": [task for task in mine if task.today or task.assignment.pk in reviewing],
        "reviewing": reviewing,
        "step": guide.next_step(actor, mine, reviewing),
        "agenda": [] if at.stayed_behind or at.over or at.line.paused_at else agenda(at),
        "hot_product": _hot_product(at, mine),
        "path": standing.path(at, active, mine),
        "streak": standing.streak(at, active),
        "graduated": ladder.certificate(actor, actor.id, at.line.pk) if at.over else None,
        "invitations": seats.invitations_of(actor),
        "meetings": events.to_show_today(actor, at.now),
        "circle_invites": circles.open_invites(actor),
        "offers": ladder.open_offers(actor),
    }
    return frame.page(request, actor, "member/today.html", context, tab="today")


def greeting(hour: int) -> str:
    """Words for the hour of the day, with a place for the name."""
    return str(next(words for until, words in _GREETINGS if hour < until))


def level_words(member_id: int) -> str:
    """What somebody is by now: newcomer, shop owner, supervisor."""
    held = ladder.level([member_id]).get(member_id)
    return str(Level(held).label if held else _("newcomer"))


def _without_a_line(request: HttpRequest, actor: Actor) -> HttpResponse:
    if lines.lines(actor).exists():
        return redirect("host-today")
    context = {
        "name": members.names([actor.id])[actor.id],
        "invitations": seats.invitations_of(actor),
        "handed_over": lines.handed_over(actor, clock.now() - NEWS),
        "circle_invites": circles.open_invites(actor),
        "in_groups": groups.groups(actor).exists(),
        "offers": ladder.open_offers(actor),
    }
    return frame.page(request, actor, "member/no_line.html", context, tab="today")


def _inside(actor: Actor, at: Standing) -> list[int]:
    """The groups of the line that the member is in, in the order of its phases."""
    mine = set(groups.groups(actor).filter(id__in=at.group_ids).values_list("id", flat=True))
    return [group for group in at.group_ids if group in mine]


def _group_url(inside: Sequence[int]) -> str:
    return reverse("group", args=[inside[-1]]) if inside else reverse("groups")


def _open_packets(actor: Actor, inside: Sequence[int], now: datetime) -> list[OpenPacket]:
    """Packets of the groups the member is in: those still to be opened first."""
    found = packets.open_in(inside, now)
    shares = packets.own_shares(actor, [packet.pk for packet in found])
    shown = [OpenPacket(p, shares.get(p.pk), p.count - p.taken) for p in found]
    return sorted(shown, key=lambda one: one.share is not None)


def _hot_product(at: Standing, mine: Sequence[Mine]) -> object:
    """The product everybody pushes, while the task of the first order is open."""
    pushing = any(t.task.kind == FIRST_ORDER and t.stand is Stand.OPEN for t in mine)
    return playbooks.playbook(at.line.playbook_id).hot_product if pushing else None
