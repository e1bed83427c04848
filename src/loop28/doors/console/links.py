"""Links and clicks: what members share, where they put it, and who clicked on which day."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from loop28.doors import gate
from loop28.doors.console import frame
from loop28.doors.member import share
from loop28.front.referrals import places, queries
from loop28.front.referrals.models import PLACE_LIMIT, Link
from loop28.kernel import clock
from loop28.kernel.access import Actor
from loop28.kernel.text import number_in


@dataclass(frozen=True, slots=True)
class Row:
    """A link with its clicks on each day that is shown, in their order."""

    shared: share.Row
    days: list[int]
    recent: int


@require_safe
@gate.staff_page()
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The links of the actor's lines that were clicked lately, the most clicked first."""
    today = clock.local_day(clock.now(), ZoneInfo(settings.TIME_ZONE))
    days = share.last_days(today)
    region = frame.chosen_region(request, actor)
    found = queries.most_clicked(actor, days[0])
    if region:
        found = found.filter(line__region=region)
    found, place = _of_place(request, found)
    page = frame.paged(request, found)
    context = {
        "regions": frame.region_switch(request, actor),
        "page": page,
        "days": days,
        "rows": _rows(list(page.object_list), days),
        "place": place,
        "all": queries.links(actor).count(),
    }
    return frame.show(request, actor, "console/links.html", context, here="links")


def _of_place(request: HttpRequest, found: QuerySet[Link]) -> tuple[QuerySet[Link], str]:
    """Only the links of one place, as the page by group names it; and what it is called."""
    asked = request.GET
    if group := number_in(asked.get("group")):
        of = found.filter(group=group)
        first = of.select_related("group").first()
        return of, first.group.name if first and first.group else str(group)
    if promoter := number_in(asked.get("promoter")):
        word = asked.get("place", "")[:PLACE_LIMIT].replace("\x00", "")
        of = found.filter(promoter=promoter, group=None, place=word)
        return of, word or _("Without a place")
    return found, ""


@require_safe
@gate.staff_page()
def by_place(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Where links were put and clicked lately: chat groups of ours first of all their promoters,
    other places by who put them there.
    """
    today = clock.local_day(clock.now(), ZoneInfo(settings.TIME_ZONE))
    days = share.last_days(today)
    found = places.places(actor, days[0], region=frame.chosen_region(request, actor))
    page = frame.paged(request, found)
    context = {
        "regions": frame.region_switch(request, actor),
        "page": page,
        "days": days,
        "rows": [
            (place, [place.days.get(day, 0) for day in days], list(place.promoters.items()))
            for place in page.object_list
        ],
    }
    return frame.show(request, actor, "console/links_places.html", context, here="link-places")


def _rows(links: list[Link], days: list[date]) -> list[Row]:
    by_day = queries.clicks_by_day([link.pk for link in links], days[0])
    found = []
    for shared in share.rows(links):
        of = by_day.get(shared.link.pk, {})
        found.append(Row(shared, [of.get(day, 0) for day in days], sum(of.values())))
    return found
