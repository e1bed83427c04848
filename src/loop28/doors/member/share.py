"""Sharing: what there is to share, one's own links, their posters, and who clicked by day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from loop28.doors import gate
from loop28.doors.member import frame, shared
from loop28.front.groups import queries as groups
from loop28.front.referrals import places, queries, sharing
from loop28.front.referrals.models import PLACE_LIMIT, Link, Target
from loop28.front.referrals.places import Place
from loop28.front.referrals.queries import Counted
from loop28.kernel import clock
from loop28.kernel.access import Actor, NotAllowed
from loop28.kernel.refusals import Refusal
from loop28.kernel.text import number_in

SHOWN = 7
"""Days shown beside each other, today included."""

DAYS = timedelta(days=14)
"""How far back the clicks of a link are shown by day."""

ICONS = {
    Target.LINE: "flag",
    Target.PRODUCT: "cart",
    Target.LESSON: "book",
    Target.GROUP: "group",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A link as a list shows it."""

    link: Link
    title: str
    icon: str
    counted: Counted


@gate.member_page
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everything that can be shared, and the links there are; a POST makes one."""
    if request.method == "POST":
        return _make(request, actor)
    offers = sharing.shareable(actor)
    context = {
        "rows": rows(list(queries.links(actor))),
        "lines": [
            (line, [(one, ICONS[one.target]) for one in of])
            for line, of in groupby(offers, key=lambda one: one.line)
        ],
    }
    return frame.page(request, actor, "member/share.html", context, tab="me")


def _make(request: HttpRequest, actor: Actor) -> HttpResponse:
    said = request.POST
    try:
        link = sharing.share(
            actor,
            number_in(said.get("line")),
            said.get("target", ""),
            said.get("talk", ""),
            said.get("place", ""),
            group=number_in(said.get("group")) or None,
        )
    except NotAllowed:
        raise
    except Refusal as no:
        notes.error(request, str(no))
        return redirect("share")
    return redirect("share-link", link.pk)


@gate.member_page
@require_GET
def show(request: HttpRequest, actor: Actor, link_id: int) -> HttpResponse:
    """One link: its address and code, its clicks by day, and the same thing put elsewhere."""
    link = _own(actor, link_id)
    beside = queries.links(actor).filter(line=link.line, target=link.target, talk=link.talk)
    (row,) = rows([link])
    put = {other.group_id for other in beside}
    mine = groups.groups(actor).order_by("-id")
    context = shared.about(link) | {
        "row": row,
        "address": shared.address(link),
        "days": _days(link),
        "groups": [group for group in mine if group.pk not in put],
        "beside": rows([other for other in beside if other != link]),
        "place_limit": PLACE_LIMIT,
    }
    return frame.page(request, actor, "member/share_link.html", context, tab="me")


@gate.member_page
@require_GET
def by_place(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The last days' clicks: by group or other place, in it by link, each by day."""
    today = clock.local_day(clock.now(), ZoneInfo(settings.TIME_ZONE))
    days = last_days(today)
    found = places.places(actor, days[0])
    titles = {link.pk: title(link) for link in queries.links(actor)}
    context = {
        "days": days,
        "places": [
            (place, _by_day(place.days, days), _titled(place, titles, days)) for place in found
        ],
        "most": max((max(place.days.values()) for place in found), default=0),
    }
    return frame.page(request, actor, "member/share_places.html", context, tab="me")


def last_days(today: date) -> list[date]:
    """The days that are shown one by one, today the last."""
    return [today - timedelta(days=back) for back in reversed(range(SHOWN))]


def _by_day(clicks: Mapping[date, int], days: Sequence[date]) -> list[int]:
    return [clicks.get(day, 0) for day in days]


def _titled(
    place: Place, titles: Mapping[int, str], days: Sequence[date]
) -> list[tuple[int, str, list[int], int]]:
    """Of each link in a place its number, what it leads to, its clicks by day and in all."""
    rows = [
        (link, titles.get(link, ""), _by_day(of, days), of.total())
        for link, of in place.links.items()
    ]
    return sorted(rows, key=lambda row: -row[3])


@gate.member_page
@require_GET
def poster(request: HttpRequest, actor: Actor, link_id: int) -> HttpResponse:
    """A sheet to print, or to send as a picture."""
    link = _own(actor, link_id)
    context = shared.about(link) | {"address": shared.address(link)}
    return frame.page(request, actor, "member/share_poster.html", context)


def _own(actor: Actor, link_id: int) -> Link:
    found = queries.links(actor).filter(pk=link_id).first()
    if found is None:
        raise Http404
    return found


def rows(links: Sequence[Link]) -> list[Row]:
    """Links with what they lead to and what came of them."""
    counts = queries.counted([link.pk for link in links])
    return [Row(link, title(link), ICONS[Target(link.target)], counts[link.pk]) for link in links]


def title(link: Link) -> str:
    """What a link leads to, in a word: the line, the product, the lesson or the own group."""
    if link.target == Target.GROUP:
        club = sharing.club(link)
        return club.group.name if club else link.place
    if link.target == Target.LESSON:
        lesson = sharing.lesson(link)
        return lesson.topic if lesson else link.talk
    return sharing.product(link.line).name if link.target == Target.PRODUCT else link.line.code


def _days(link: Link) -> list[dict[str, Any]]:
    """Clicks of each day on which anybody clicked, the latest first."""
    today = clock.local_day(clock.now(), ZoneInfo(link.line.region.zone))
    since: date = today - DAYS
    found = queries.clicks_by_day([link.pk], since).get(link.pk, {})
    most = max(found.values(), default=0)
    return [{"day": day, "clicks": found[day], "most": most} for day in sorted(found, reverse=True)]
