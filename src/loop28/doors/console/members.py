"""The search for people, and the tags they are sorted by."""

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from loop28.back.people import queries as people
from loop28.doors import gate
from loop28.doors.console import frame, roles
from loop28.front.ladder import queries as ladder
from loop28.front.ladder.models import Level
from loop28.front.lines import seats as line_seats
from loop28.kernel.access import Actor, Role
from loop28.kernel.text import number_in
from loop28.middle.members import queries, tags
from loop28.middle.members.models import Member

TAGS_SHOWN = 30


@require_safe
@gate.staff_page()
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """People by name, number, id elsewhere, city or tag; who is spelled alike when nobody fits."""
    typed = request.GET.get("q", "")[:80]
    city, tag = number_in(request.GET.get("city")), number_in(request.GET.get("tag"))
    among = narrowed(actor, city, tag)
    page = frame.paged(request, queries.search(actor, typed, among).select_related("city"))
    near = [] if page.paginator.count else queries.alike(actor, typed, among)
    found = near or list(page.object_list)
    context = {
        "page": page,
        "rows": _rows(found),
        "near": bool(near),
        "q": typed,
        "city": city,
        "tag": tag,
        "cities": people.cities(actor, actor.region),
        "tags": queries.tags(actor)[:TAGS_SHOWN],
        "may_merge": actor.role is Role.ADMINISTRATOR,
        "filtered": bool(typed or city or tag),
    }
    return frame.show(request, actor, "console/members.html", context, here="members")


def narrowed(actor: Actor, city: int = 0, tag: int = 0) -> Q | None:
    """Whom the actor may look at, of a city and with a tag where these are chosen."""
    among = line_seats.people(actor)
    if city:
        among = queries.of_city(city) if among is None else among & queries.of_city(city)
    if tag:
        among = queries.tagged(tag) if among is None else among & queries.tagged(tag)
    return among


def _rows(found: list[Member]) -> list[dict[str, Any]]:
    ids = [member.pk for member in found]
    words, levels = queries.tags_of(ids), ladder.level(ids)
    agreed, seats = queries.consenting(ids), line_seats.latest_of(ids)
    return [
        {
            "member": member,
            "tags": words.get(member.pk, []),
            "level": Level(levels[member.pk]).label if member.pk in levels else "",
            "agreed": member.pk in agreed,
            "line": seats.get(member.pk),
        }
        for member in found
    ]


def member_or_404(actor: Actor, member_id: int) -> Member:
    """A member the actor may look at; for others they do not exist."""
    rows = queries.members(actor).filter(pk=member_id)
    among = line_seats.people(actor)
    found = (rows if among is None else rows.filter(among)).first()
    if found is None:
        raise Http404
    return found


@require_POST
@gate.staff_page(*roles.TAGGERS)
def tag(request: HttpRequest, actor: Actor, member_id: int) -> HttpResponse:
    """Give a member a tag."""
    member_or_404(actor, member_id)
    word = request.POST.get("word", "")
    with frame.told(request, _("The tag was added.")):
        tags.tag(actor, member_id, word)
    return redirect("member", member_id)


@require_POST
@gate.staff_page(*roles.TAGGERS)
def untag(request: HttpRequest, actor: Actor, member_id: int) -> HttpResponse:
    """Take a tag away from a member."""
    member_or_404(actor, member_id)
    with frame.told(request, _("The tag was taken away.")):
        tags.untag(actor, member_id, number_in(request.POST.get("tag")))
    return redirect("member", member_id)
