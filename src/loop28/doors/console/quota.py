"""The quota board: which lines the regions owe in a month, and which of them are there."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from loop28.doors import gate
from loop28.doors.console import frame, menu
from loop28.insight.metrics import quota
from loop28.kernel import clock
from loop28.kernel.access import Actor


@require_safe
@gate.staff_page()
def board(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The lines of a month: regions by weeks, each slot a link to its line or to opening it."""
    now = clock.now()
    today = timezone.localdate(now)
    month = _month(request, today)
    region = frame.chosen_region(request, actor)
    seen = quota.board(actor, quota.weeks_of(month), now, region)
    context = {
        "regions": frame.region_switch(request, actor),
        "region": region,
        "board": seen,
        "month": month,
        "previous": f"{_before(month):%Y-%m}",
        "next": f"{_after(month):%Y-%m}",
        "this_week": clock.monday(today),
        "next_week": clock.monday(today) + quota.WEEK,
        "filled_url": menu.address("lines", region, **_between(seen.first, today)),
        "opening_url": menu.address(
            "lines", region, stage="gathering", **_between(seen.first, seen.last)
        ),
        "rows": [(row, _row_url(row.region.pk, seen)) for row in seen.rows],
    }
    return frame.show(request, actor, "console/quota.html", context, here="quota")


def _month(request: HttpRequest, today: date) -> date:
    """The month that ``?month=2026-11`` names; nonsense names the one whose week it is."""
    try:
        month = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return quota.month_of(today)
    return month if 2000 <= month.year <= 2200 else quota.month_of(today)


def _before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def _after(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _between(first: date, last: date) -> dict[str, str]:
    return {"from": first.isoformat(), "to": last.isoformat()}


def _row_url(region: int, seen: quota.Board) -> str:
    return menu.address("lines", region, **_between(seen.first, seen.last))
