"""The league table: regions, hosts and city tiers side by side, each number with its lines."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from loop28.back.people import queries as people
from loop28.doors import gate
from loop28.doors.console import frame, menu, narrowing
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
    Measure.COMPLAINTS: gettext_lazy("Complaints per line"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A place in a table: who, their figures, and where the rows behind each of them are."""

    place: int | None
    name: str
    of: Standing
    urls: dict[str, str]


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
    found = league.with_people(league.results(actor, list(rows.order_by("id")), now))
    tier, of_tier = narrowing.tier_in(request)
    measure = _measure(request)
    options: dict[str, Any] = {"tier": tier, "of_tier": of_tier}
    regions = league.by(found, lambda line: line.region_id, **options)
    hosts = league.by(found, lambda line: line.host_id, **options)
    addresses = Addresses(since, timezone.localdate(now), tier, of_tier)
    context = {
        "regions": frame.region_switch(request, actor),
        "region": region,
        "by_region": _rows(regions, measure, _names(actor), addresses.of),
        "by_host": _rows(
            hosts, measure, _hosts(found), lambda host: addresses.of(region, host=str(host))
        ),
        "by_tier": [
            Row(None, narrowing.tier_name(one), standing, of_people.of(region))
            for one, standing in league.by_tier(found).items()
            for of_people in [replace(addresses, tier=one, of_tier=True)]
        ],
        "any": bool(found),
        "of_tier": of_tier,
        "tier_name": narrowing.tier_name(tier) if of_tier else "",
        "measures": [(key, label, key == measure) for key, label in MEASURES.items()],
        "periods": [(key, label, key == period) for key, (label, _days) in PERIODS.items()],
        "since": since,
        "ranked_from": league.RANKED_FROM,
    }
    return frame.show(request, actor, "console/league.html", context, here="league")


def _measure(request: HttpRequest) -> Measure:
    """What ``?by=`` asks for; nonsense asks for the pass rate, which every line has first."""
    wanted = request.GET.get("by", "")
    return Measure(wanted) if wanted in set(Measure) else Measure.PASSING


def _names(actor: Actor) -> dict[int, str]:
    return {region.pk: region.name for region in people.regions(actor)}


def _hosts(found: Sequence[Result]) -> dict[int, str]:
    return {result.line.host_id: result.line.host.name for result in found}


def _rows(
    of: dict[int, Standing],
    measure: Measure,
    names: Mapping[int, str],
    urls: Callable[[int], dict[str, str]],
) -> list[Row]:
    return [
        Row(place, names[key], standing, urls(key))
        for place, key, standing in league.ranked(of, measure)
    ]


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the rows behind the figures of a period are, of the people of one tier if asked."""

    since: date
    today: date
    tier: int | None
    of_tier: bool

    def of(self, region: int | None, **search: str) -> dict[str, str]:
        """By figure; ``search`` says of whom besides the region."""
        span = {"from": self.since.isoformat(), "to": self.today.isoformat(), "held": "1"}
        wanted = str(self.tier or narrowing.UNKNOWN)
        tier = {"tier": wanted} if self.of_tier else {}
        mostly = {"mostly": wanted} if self.of_tier else {}
        lines = partial(menu.address, "lines", region, **span, **search)
        people = partial(menu.address, "line-people", region, **span, **search, **tier)
        return {
            "lines": lines(),
            "tier": menu.address("league", region, **tier),
            "joined": people(called="1", show="joined"),
            "passed": people(called="1", show="opted-in"),
            "active": people(show="opted-in"),
            "owners": people(stage="over", show="owners"),
            "cost": lines(stage="over", **mostly),
            "complaints": menu.address("league-complaints", region, **span, **search, **tier),
        }
