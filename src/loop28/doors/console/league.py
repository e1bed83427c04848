"""The league table: regions, hosts and city tiers side by side, each number with its lines."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from loop28.back.people import queries as people
from loop28.back.people.models import Tier
from loop28.doors import gate
from loop28.doors.console import frame, menu
from loop28.front.lines import queries as lines
from loop28.insight.metrics import league
from loop28.insight.metrics.league import Measure, Result, Standing
from loop28.kernel import clock
from loop28.kernel.access import Actor

PERIODS: dict[str, tuple[str | Promise, int]] = {
    "": (gettext_lazy("12 weeks"), 84),
    "half": (gettext_lazy("half a year"), 182),
    "year": (gettext_lazy("a year"), 364),
}
"""Lines count by their start day, in whole weeks back from today."""

MEASURES: dict[Measure, str | Promise] = {
    Measure.PASSING: gettext_lazy("Pass rate"),
    Measure.ACTIVE: gettext_lazy("Active in training"),
    Measure.OWNERS: gettext_lazy("Owners per line"),
    Measure.COST: gettext_lazy("Cost per owner"),
}
BY_TIER = {Measure.PASSING, Measure.OWNERS}
"""What can be told of the people of one tier."""

UNKNOWN = "none"
"""Stands for the people whose city is not known, where a tier is asked."""


@dataclass(frozen=True, slots=True)
class Row:
    """A place in a table: who, their figures, and where the lines behind them are.

    ``ended_url`` leads to those of them that ended: owners and money are counted over these.
    """

    place: int | None
    name: str
    of: Standing
    url: str
    ended_url: str


@require_safe
@gate.staff_page()
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Regions, hosts, tiers by one measure over a period; of the people of one tier if asked."""
    now = clock.now()
    region, period = frame.chosen_region(request, actor), request.GET.get("period", "")
    since = timezone.localdate(now) - timedelta(days=PERIODS.get(period, PERIODS[""])[1])
    rows = lines.not_called_off(actor).filter(
        start_day__gte=since, start_day__lte=timezone.localdate(now)
    )
    if region is not None:
        rows = rows.filter(region=region)
    found = league.results(actor, list(rows.order_by("id")), now)
    tier, of_tier = _tier(request)
    measure = _measure(request, of_tier)
    options: dict[str, Any] = {"tier": tier, "of_tier": of_tier}
    regions = league.by(found, lambda line: line.region_id, **options)
    hosts = league.by(found, lambda line: line.host_id, **options)
    context = {
        "regions": frame.region_switch(request, actor),
        "region": region,
        "by_region": _rows(regions, measure, _names(actor), partial(_url, since)),
        "by_host": _rows(hosts, measure, _hosts(found), partial(_of_host, since, region)),
        "by_tier": [
            (_tier_name(one), one or UNKNOWN, standing)
            for one, standing in league.by_tier(found).items()
        ],
        "all": Standing(found, **options),
        "all_url": _url(since, region),
        "all_ended_url": _url(since, region, stage="over"),
        "of_tier": of_tier,
        "tier_name": _tier_name(tier) if of_tier else "",
        "measures": [
            (key, label, key == measure)
            for key, label in MEASURES.items()
            if not of_tier or key in BY_TIER
        ],
        "periods": [(key, label, key == period) for key, (label, _days) in PERIODS.items()],
        "since": since,
        "ranked_from": league.RANKED_FROM,
    }
    return frame.show(request, actor, "console/league.html", context, here="league")


def _tier(request: HttpRequest) -> tuple[int | None, bool]:
    """The tier that ``?tier=`` asks for, and whether it asks for one at all."""
    wanted = request.GET.get("tier", "")
    if wanted in {str(tier) for tier in Tier.values}:
        return int(wanted), True
    return None, wanted == UNKNOWN


def _tier_name(tier: int | None) -> str:
    return str(Tier(tier).label) if tier else _("city not named")


def _measure(request: HttpRequest, of_tier: bool) -> Measure:
    """What ``?by=`` asks for, if it can be told; else the pass rate, which every line has first."""
    known = BY_TIER if of_tier else MEASURES
    wanted = request.GET.get("by", "")
    return next((one for one in known if one == wanted), Measure.PASSING)


def _names(actor: Actor) -> dict[int, str]:
    return {region.pk: region.name for region in people.regions(actor)}


def _hosts(found: Sequence[Result]) -> dict[int, str]:
    return {result.line.host_id: result.line.host.name for result in found}


def _rows(
    of: dict[int, Standing], measure: Measure, names: Mapping[int, str], url: Callable[..., str]
) -> list[Row]:
    return [
        Row(place, names[key], standing, url(key), url(key, stage="over"))
        for place, key, standing in league.ranked(of, measure)
    ]


def _url(since: date, region: int | None, **search: str) -> str:
    today = timezone.localdate(clock.now())
    span = {"from": since.isoformat(), "to": today.isoformat()}
    return menu.address("lines", region, **span, **search)


def _of_host(since: date, region: int | None, host: int, **search: str) -> str:
    return _url(since, region, host=str(host), **search)
