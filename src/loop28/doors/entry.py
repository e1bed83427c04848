"""The doormat: the bare address, personal links, and what is kept about people."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods

from loop28.doors import gate
from loop28.kernel.access import Actor
from loop28.middle.members import actions as members
from loop28.middle.members import queries as member_queries


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Staff who are signed in to the console, a member's phone to its day, others to sign in."""
    staff = gate.staff_of(request) is not None
    return redirect("/today" if not staff and gate.member_of(request) else "/console/")


@require_GET
def personal_link(request: HttpRequest, token: str) -> HttpResponse:
    """Make this phone the member's. Writes nothing, so that a preview of the link does no harm."""
    member_id, version = member_queries.read_link(token)
    then = inside(request, "/today")
    if not member_queries.consents(member_id):  # came in with a file and was never asked
        then = f"{reverse('consent')}?{urlencode({'next': then})}"
    response = redirect(then)
    gate.remember(response, member_id, version)
    return response


@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest) -> HttpResponse:
    """What people agree to, for everybody to read; and for a member the button to take it back."""
    actor = gate.member_of(request)
    if request.method == "POST":
        return _decide(request, actor)
    page = {
        "text": member_queries.consent_text(),
        "member": actor,
        "adult": actor is not None and member_queries.is_adult(actor.id),
        "agreed": actor is not None and bool(member_queries.consenting([actor.id])),
        "next": inside(request, ""),
    }
    return render(request, "consent.html", page)


def _decide(request: HttpRequest, actor: Actor | None) -> HttpResponse:
    if actor is None:
        raise gate.LinkNeeded
    if "agree" in request.POST:
        members.give_consent(actor, actor.id)
        return redirect(inside(request, reverse("consent")))
    if "withdraw" in request.POST:
        members.withdraw_consent(actor, actor.id)
    return redirect("consent")


def inside(request: HttpRequest, otherwise: str) -> str:
    """The path that ``next`` asks for; what leads to another site is not followed."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if ours else otherwise
