"""An invitation is opened: who invites, into what, and the way in."""

import functools
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from loop28.doors import gate
from loop28.doors.member import visitors
from loop28.doors.member.forms import JoinForm
from loop28.front.lines import actions as line_actions
from loop28.front.lines import queries as lines
from loop28.front.lines import seats
from loop28.front.lines.actions import Newcomer
from loop28.front.lines.models import Enrollment, EnrollmentState, Invitation
from loop28.front.lines.refusals import LineClosed
from loop28.front.playbooks import queries as playbooks
from loop28.front.referrals import actions as referrals
from loop28.kernel import clock, journal, links
from loop28.kernel.access import SYSTEM, Actor
from loop28.kernel.gather import Gate
from loop28.kernel.refusals import Refusal
from loop28.middle.members import queries as members
from loop28.middle.members.models import FIRST_LINK

PURPOSE = "join"
OPEN_DAYS = timedelta(days=120)
"""How long after the opening of its line an invitation can be read; the line closes long before."""


@journal.action
def _welcome_all(
    actor: Actor, comers: Sequence[tuple[Newcomer, int | None]]
) -> list[tuple[int, str]]:
    """Seats for strangers; whoever had locked the visitor of their phone has brought the member."""
    seated = line_actions.welcome(actor, [newcomer for newcomer, _ in comers])
    phones = zip(comers, seated, strict=True)
    referrals.recognise(actor, [(code, new) for (_, code), (new, _) in phones if code])
    return seated


# Five hundred people open one link in the same second: those who come together share a transaction.
_door: Gate[tuple[Newcomer, int | None], tuple[int, str]] = Gate(
    functools.partial(_welcome_all, SYSTEM)
)


def invitation_link(invitation: Invitation) -> str:
    """The address to give away: a personal invitation, the same every time it is asked for."""
    return settings.URL + invitation_path(invitation)


def invitation_path(invitation: Invitation) -> str:
    """The same, on this site."""
    until = invitation.line.opened_at + OPEN_DAYS
    return reverse("join", args=[links.sign(PURPOSE, invitation.pk, until=until)])


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Come in by an invitation: as a stranger with the form, as a known member with one tap."""
    invitation = _read(token)
    actor = gate.member_of(request)
    seat = _seat(actor, invitation) if actor else None
    if actor and seat and seat.state != EnrollmentState.LEFT:
        return _inside(invitation, seat.state)
    if actor and not members.consenting([actor.id]):
        # They took it back; they read the text and agree before they come in again.
        return redirect(f"{reverse('consent')}?{urlencode({'next': request.path})}")
    if request.method == "GET":
        return _page(request, invitation, _form(invitation), actor, seat)
    if actor:
        visitors.recognise(request, actor.id)
        states = line_actions.join(SYSTEM, invitation.pk, [actor.id])
        return _inside(invitation, states[actor.id])
    return _come_in(request, invitation)


def _read(token: str) -> Invitation:
    try:
        (number,) = links.read(PURPOSE, token)
        return seats.invitation(number)
    except (ValueError, Invitation.DoesNotExist):
        raise links.LinkInvalid from None


def _seat(actor: Actor, invitation: Invitation) -> Enrollment | None:
    return seats.own(actor).filter(line_id=invitation.line_id).first()


def _form(invitation: Invitation, data: object = None) -> JoinForm:
    return JoinForm(data, region=invitation.line.region_id)


def _come_in(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = _form(invitation, request.POST)
    if not form.is_valid():
        return _page(request, invitation, form)
    try:
        newcomer = Newcomer(invitation.pk, form.person)
        member, state = _door.pass_through((newcomer, visitors.code_of(request)))
    except LineClosed:
        return _page(request, invitation, form)
    except Refusal as no:
        form.refuse(no)
        return _page(request, invitation, form)
    response = _inside(invitation, state)
    gate.remember(response, member, FIRST_LINK)
    return response


def _inside(invitation: Invitation, state: str) -> HttpResponse:
    """Straight into the group; who waits for a seat sees their place in the waiting line."""
    if state == EnrollmentState.JOINED:
        return redirect("group", lines.phases(invitation.line_id)[0].group_id)
    return redirect(f"{reverse('today')}?line={invitation.line_id}")


def _page(
    request: HttpRequest,
    invitation: Invitation,
    form: JoinForm,
    actor: Actor | None = None,
    seat: Enrollment | None = None,
) -> HttpResponse:
    line = invitation.line
    phases = lines.phases(line.pk)
    counts = seats.head_counts([line.pk])[line.pk]
    closed = phases[0].closed_at is not None
    context = {
        "invitation": invitation,
        "line": line,
        "playbook": playbooks.playbook(line.playbook_id),
        "phases": phases,
        "days_to_go": 1 - lines.today(line, clock.now()),
        "free": max(0, line.size - counts["seated"]),
        "seated": counts["seated"],
        "waiting": counts["waiting"],
        "closed": closed,
        "member": members.get(actor, actor.id) if actor else None,
        "came_back": seat is not None,
        "consent": members.consent_text(),
        "form": form,
        "title": _("%(name)s invites you") % {"name": invitation.inviter.name},
    }
    status = 410 if closed else 422 if form.errors else 200
    return render(request, "member/join.html", context, status=status)
