"""Standing groups on the phone: the invitation and its yes or no, leaving, the host's cards."""

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loop28.doors import gate
from loop28.front.circles import actions, queries, weeks
from loop28.front.circles.models import WeekBeat
from loop28.front.circles.refusals import CircleFull, HostMayNotLeave
from loop28.front.clubs import actions as clubs
from loop28.front.clubs import queries as own_groups
from loop28.front.clubs.refusals import OwnerStays
from loop28.front.lines.refusals import BeatNotByHand
from loop28.kernel import text
from loop28.kernel.access import Actor
from loop28.middle.members.refusals import ConsentMissing


@gate.member_page
@require_POST
def answer(request: HttpRequest, actor: Actor, invite_id: int) -> HttpResponse:
    """Say yes, and go straight into the group; or no. Without consent one reads its text first."""
    accepted = request.POST.get("answer") == "yes"
    try:
        circle = actions.answer(actor, invite_id, accepted=accepted)
    except ConsentMissing:
        return redirect(f"{reverse('consent')}?{urlencode({'next': reverse('groups')})}")
    except CircleFull as no:
        notes.warning(request, str(no))
        return redirect("groups")
    if accepted:
        return redirect("group", circle.group_id)
    notes.success(request, _("All right. Nobody will ask you about this group again."))
    return redirect("today")


@gate.member_page
@require_POST
def leave(request: HttpRequest, actor: Actor, group_id: int) -> HttpResponse:
    """Leave a standing group, or one that a member built."""
    leaving = clubs.leave if own_groups.of_groups([group_id]) else actions.leave
    try:
        leaving(actor, group_id)
        notes.success(request, _("You have left the group."))
    except (HostMayNotLeave, OwnerStays) as no:
        notes.error(request, str(no))
    return redirect("groups")


@gate.member_page
@require_POST
def send_card(request: HttpRequest, actor: Actor, beat_id: int) -> HttpResponse:
    """Send a card of the week into the group one hosts, as it is or in one's own words."""
    beat = _own_beat(actor, beat_id)
    try:
        weeks.do_by_hand(actor, beat.pk, request.POST.get("text", ""))
        notes.success(request, _("Sent into the group."))
    except (BeatNotByHand, text.TextTooLong) as no:
        notes.error(request, str(no))
    return redirect("group", beat.circle.group_id)


def _own_beat(actor: Actor, beat_id: int) -> WeekBeat:
    """A beat of a group this member hosts; for others it does not exist."""
    found = queries.beats([beat_id])
    if not found or not queries.circles(actor).filter(pk=found[0].circle_id).exists():
        raise Http404
    return found[0]
