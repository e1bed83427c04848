"""Links and clicks: what members share, where they put it, and who clicked on which day."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from loop28.doors import gate
from loop28.doors.console import frame
from loop28.doors.member import share
from loop28.front.referrals import queries
from loop28.front.referrals.models import Link
from loop28.kernel import clock
from loop28.kernel.access import Actor

DAYS = 7
"""Days shown one by one, today included."""


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
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    region = frame.chosen_region(request, actor)
    found = queries.most_clicked(actor, days[0])
    if region:
        found = found.filter(line__region=region)
    page = frame.paged(request, found)
    context = {
        "regions": frame.region_switch(request, actor),
        "page": page,
        "days": days,
        "rows": _rows(list(page.object_list), days),
        "all": queries.links(actor).count(),
    }
    return frame.show(request, actor, "console/links.html", context, here="links")


def _rows(links: list[Link], days: list[date]) -> list[Row]:
    by_day = queries.clicks_by_day([link.pk for link in links], days[0])
    found = []
    for shared in share.rows(links):
        of = by_day.get(shared.link.pk, {})
        found.append(Row(shared, [of.get(day, 0) for day in days], sum(of.values())))
    return found
