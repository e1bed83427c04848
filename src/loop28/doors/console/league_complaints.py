"""The complaints that count against hosts, one for each thing people were right about."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from loop28.doors import gate
from loop28.doors.console import frame, moderation, narrowing
from loop28.front.groups import moderated
from loop28.front.ladder import queries as ladder
from loop28.insight.metrics import league
from loop28.insight.metrics.league import Standing
from loop28.kernel import clock
from loop28.kernel.access import Actor
from loop28.kernel.text import is_number


@require_safe
@gate.staff_page()
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Of the lines an address asks for; with ``about`` those that a host's pause is counted by."""
    now, about = clock.now(), request.GET.get("about", "")
    if is_number(about):
        words = [("about", about, _("of the last 90 days"))]
        found = ladder.counting_complaints([int(about)], now).get(int(about), [])
    else:
        words, of = narrowing.lines_behind(request, actor, now)
        tier, asked = narrowing.tier_in(request)
        if asked:
            said = _("people from: %(tier)s") % {"tier": narrowing.tier_name(tier)}
            words.append(("tier", request.GET["tier"], said))
        told = league.with_people(league.results(actor, of, now))
        found = Standing(told, tier, asked).complaints
    rows = moderated.complaints(actor).filter(id__in=found).order_by("-decided_at", "-id")
    page = frame.paged(request, rows)
    context = {
        "regions": frame.region_switch(request, actor),
        "page": page,
        "rows": moderation.rows_of(list(page.object_list), now),
        "state": "decided",
        "narrowed": words,
    }
    return frame.show(request, actor, "console/league_complaints.html", context, here="league")
