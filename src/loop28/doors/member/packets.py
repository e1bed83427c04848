"""A red packet: opened once, looked at as often as one likes."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from loop28.doors import gate
from loop28.doors.member import frame
from loop28.doors.member.drawn import once
from loop28.front.groups.refusals import NotInGroup
from loop28.front.packets import actions as packet_actions
from loop28.front.packets import queries as packets
from loop28.front.packets.actions import Claimed, Opened
from loop28.front.packets.models import Packet
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor
from loop28.kernel.gather import Gate


@lru_cache(maxsize=64)
def _queue(packet_id: int) -> Gate[int, Claimed]:
    """Where those meet who open the same packet at the same moment: one transaction for all."""

    def claim(members: Sequence[int]) -> Sequence[Claimed]:
        return packet_actions.claim(SYSTEM, packet_id, members)

    return Gate(claim)


@gate.member_page
@require_GET
def packet(request: HttpRequest, actor: Actor, packet_id: int) -> HttpResponse:
    """The closed packet with its button, or what one got and who else got what."""
    found = _packet(actor, packet_id)
    share = packets.own_shares(actor, [packet_id]).get(packet_id)
    closed = _is_over(found)
    context: dict[str, Any] = {"packet": found, "share": share, "closed": closed}
    if share is not None or closed:
        context["takers"] = _takers(found, closed)
    return frame.page(request, actor, "member/packet.html", context)


@gate.member_page
@require_POST
def open_packet(request: HttpRequest, actor: Actor, packet_id: int) -> HttpResponse:
    """Open it. Who comes too late, or has a share, is answered without any transaction.

    Most who run for a packet are too late: they are asked nothing but that. (Strangers, too: the
    page they are sent to does not exist for them.)
    """
    if not _is_closed(packet_id) and not packets.own_shares(actor, [packet_id]):
        _claim(request, actor, packet_id)
    return redirect("packet", packet_id)


def _is_closed(packet_id: int) -> bool | None:
    """A packet once closed never opens again, so that is asked once; until then, every time."""
    return once(f"closed:{packet_id}", lambda: packets.is_closed(packet_id) or None)


def _claim(request: HttpRequest, actor: Actor, packet_id: int) -> None:
    try:
        answer = _queue(packet_id).pass_through(actor.id)
    except Packet.DoesNotExist:
        raise Http404 from None
    if answer.outcome is Opened.OUTSIDE:
        raise NotInGroup
    if answer.outcome is Opened.NOW:
        notes.success(request, _("It is in your wallet."))


def _packet(actor: Actor, packet_id: int) -> Packet:
    try:
        return packets.packet(actor, packet_id)
    except Packet.DoesNotExist:
        raise Http404 from None


def _is_over(found: Packet) -> bool:
    return found.closed_at is not None or clock.now() > found.expires_at


def _takers(found: Packet, closed: bool) -> str:
    """Who got what, as HTML, drawn once for each share that was taken."""
    key = f"takers:{found.pk}:{found.taken}:{closed}:{get_language()}"
    return once(key, lambda: _draw_takers(found, closed))


def _draw_takers(found: Packet, closed: bool) -> str:
    taken = packets.taken(SYSTEM, found.pk)
    context = {
        "packet": found,
        "closed": closed,
        "shares": taken[::-1],
        "luckiest": packets.luckiest(taken),
        "zone": found.group.zone,
    }
    return render_to_string("member/parts/takers.html", context)
