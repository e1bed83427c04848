"""A member's own things: name, link, lines, certificate, the invitations they may hand out."""

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from loop28.doors import gate
from loop28.doors.member import events, frame, joining
from loop28.doors.member.forms import NameForm
from loop28.doors.member.today import level_words
from loop28.front.groups import queries as groups
from loop28.front.groups.models import STANDING, GroupKind
from loop28.front.ladder import queries as ladder
from loop28.front.lines import actions as line_actions
from loop28.front.lines import seats
from loop28.front.lines.models import EnrollmentState
from loop28.kernel import clock
from loop28.kernel.access import Actor, NotAllowed
from loop28.kernel.refusals import Refusal
from loop28.middle.members import actions as member_actions
from loop28.middle.members import queries as members


@gate.member_page
@require_http_methods(["GET", "POST"])
def me(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who I am here; a POST changes my name."""
    name = members.names([actor.id])[actor.id]
    form = NameForm(request.POST or None, initial={"name": name})
    if request.method == "POST" and form.is_valid() and _renamed(actor, form):
        notes.success(request, _("This is your name now."))
        return redirect("me")
    finished = ladder.graduated_lines([actor.id]).get(actor.id, [])
    context = {
        "member": members.members(actor).get(pk=actor.id),
        "form": form,
        "level": level_words(actor.id),
        "seats": list(seats.own(actor).exclude(state=EnrollmentState.LEFT)),
        "standing": groups.groups(actor)
        .filter(kind__in={*STANDING, GroupKind.OWN})
        .select_related("host"),
        "certificates": [(n, ladder.certificate(actor, actor.id, n)) for n in finished],
        "invitations": seats.invitations_of(actor),
        "meetings": events.meetings(actor, clock.now()),
        "personal_link": gate.personal_link(actor.id),
        "unread_notices": groups.unread_notices(actor),
    }
    status = 422 if form.errors else 200
    return frame.page(request, actor, "member/me.html", context, tab="me", status=status)


@gate.member_page
@require_POST
def leave(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """Leave a line; the way back stays open while the line takes people in."""
    seats.seat(actor, line_id)
    line_actions.leave(actor, line_id, actor.id)
    notes.success(request, _("You have left. What is in your wallet stays yours."))
    return redirect("me")


@gate.member_page
@require_POST
def end_links(request: HttpRequest, actor: Actor) -> HttpResponse:
    """End all links and other phones of mine, and keep this one."""
    version = member_actions.end_links(actor, actor.id).link_version
    notes.success(request, _("Every older link and every other phone is signed out."))
    response = redirect("me")
    gate.remember(response, actor.id, version)
    return response


@gate.member_page
@require_GET
def certificate(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """The certificate of a line one has finished."""
    found = ladder.certificate(actor, actor.id, line_id)
    # A host sees the certificates of their line elsewhere; this page is about oneself.
    if found is None or found.member != actor.id:
        raise Http404
    context = {"certificate": found, "level": level_words(actor.id)}
    return frame.page(request, actor, "member/certificate.html", context, tab="me")


@gate.member_page
@require_GET
def invite(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One's own invitations into lines that gather, each with its code and what came of it."""
    found = seats.invitations_of(actor)
    came = seats.brought(found)
    rows = [(i, joining.invitation_link(i), came[i.pk]) for i in found]
    return frame.page(request, actor, "member/invite.html", {"invitations": rows}, tab="me")


def _renamed(actor: Actor, form: NameForm) -> bool:
    try:
        member_actions.rename(actor, actor.id, form.cleaned_data["name"])
    except NotAllowed:
        raise
    except Refusal as no:
        form.refuse(no)
        return False
    return True
