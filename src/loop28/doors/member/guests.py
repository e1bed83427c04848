"""The way into a member's own group: by the link its owner gave away."""

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from loop28.doors import gate
from loop28.doors.member import visitors
from loop28.doors.member.forms import JoinForm
from loop28.front.clubs import actions, rules
from loop28.front.clubs.models import Club
from loop28.front.evidence import kin
from loop28.front.groups import queries as groups
from loop28.front.referrals import actions as referrals
from loop28.front.referrals import queries, sharing
from loop28.front.referrals.models import Target
from loop28.kernel import journal
from loop28.kernel.access import SYSTEM, Actor
from loop28.kernel.links import LinkInvalid
from loop28.kernel.refusals import Refusal
from loop28.middle.members import queries as members
from loop28.middle.members.actions import NewMember
from loop28.middle.members.models import FIRST_LINK


@journal.action
def _welcome(actor: Actor, club_id: int, person: NewMember, code: int | None) -> int:
    """A stranger comes in; whoever had locked the visitor of their phone has brought the member."""
    (new,) = actions.welcome(actor, club_id, [person])
    if code:
        referrals.recognise(actor, [(code, new)])
    return new


@require_http_methods(["GET", "POST"])
def come_in(request: HttpRequest, token: str) -> HttpResponse:
    """Come into the group: as a stranger with the form, as a known member with one tap."""
    club = _club(token)
    actor = gate.member_of(request)
    if actor and groups.present(club.group_id, [actor.id]):
        return redirect("group", club.group_id)
    if actor and not members.consenting([actor.id]):
        return redirect(f"{reverse('consent')}?{urlencode({'next': request.path})}")
    if request.method == "GET":
        return _page(request, club, _form(club), actor)
    return _let_in(request, club, actor) if actor else _register(request, club)


def _club(token: str) -> Club:
    link = queries.link(token)
    if link is None:
        raise LinkInvalid
    club = sharing.club(link) if link.target == Target.GROUP else None
    if club is None:
        raise Http404
    return club


def _form(club: Club, data: object = None) -> JoinForm:
    return JoinForm(data, region=club.group.region_id)


def _let_in(request: HttpRequest, club: Club, actor: Actor) -> HttpResponse:
    visitors.recognise(request, actor.id)
    try:
        actions.come_in(SYSTEM, club.pk, [actor.id], staff=kin.of_staff([actor.id]))
    except Refusal as no:
        notes.error(request, str(no))
        return _page(request, club, _form(club), actor, 422)
    return redirect("group", club.group_id)


def _register(request: HttpRequest, club: Club) -> HttpResponse:
    form = _form(club, request.POST)
    if not form.is_valid():
        return _page(request, club, form, status=422)
    try:
        member = _welcome(SYSTEM, club.pk, form.person, visitors.code_of(request))
    except Refusal as no:
        form.refuse(no)
        return _page(request, club, form, status=422)
    response = redirect("group", club.group_id)
    gate.remember(response, member, FIRST_LINK)
    return response


def _page(
    request: HttpRequest,
    club: Club,
    form: JoinForm,
    actor: Actor | None = None,
    status: int = 200,
) -> HttpResponse:
    people = groups.head_counts([club.group_id]).get(club.group_id, 0)
    context = {
        "club": club,
        "people": people,
        "full": people >= rules.MOST,
        "member": members.get(actor, actor.id) if actor else None,
        "consent": members.consent_text(),
        "form": form,
        "title": _("%(name)s invites you") % {"name": club.owner.name},
    }
    return render(request, "member/own_group_door.html", context, status=status)
