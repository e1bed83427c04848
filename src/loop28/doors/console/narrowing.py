"""Which lines a number elsewhere was counted over, read from an address."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loop28.back.people.models import Tier
from loop28.doors.console import frame
from loop28.front.lines import queries as lines
from loop28.front.lines import schedule, seats
from loop28.front.lines.queries import Line
from loop28.insight.metrics import figures
from loop28.insight.metrics.figures import Stage
from loop28.insight.metrics.overview import RECENT
from loop28.kernel.access import Actor
from loop28.kernel.text import is_number
from loop28.ui.text import local_day

Word = tuple[str, str, str]
"""The field of the address, its value, and what it asks for in words."""

OPEN = "open"
"""The stage of all lines that are not over."""

UNKNOWN = "none"
"""Stands for the people whose city is not known, where a tier is asked."""

_MARKS: dict[str, str | Promise] = {
    "held": gettext_lazy("not called off before their start"),
    "lately": gettext_lazy("not over, or ended in the last 28 days"),
    "called": gettext_lazy("whose call was made"),
}


def lines_behind(
    request: HttpRequest, actor: Actor, now: datetime
) -> tuple[list[Word], list[Line]]:
    """The words and the lines of an address, the latest first; nonsense asks for nothing.

    ``from`` and ``to`` are start days, ``host`` and ``playbook`` numbers, ``region`` and ``stage``
    those of the pages; ``mostly`` is the city tier most of a line's people come from.
    """
    rows = lines.lines(actor)
    if "held" in request.GET:
        rows = lines.not_called_off(actor)
    region = frame.chosen_region(request, actor)
    if region is not None:
        rows = rows.filter(region=region)
    if "lately" in request.GET:
        rows = rows.filter(Q(ended_at=None) | Q(ended_at__gte=now - RECENT))
    words, rows = _by_fields(request, rows.order_by("-start_day", "-id"))
    words += [(name, "1", str(said)) for name, said in _MARKS.items() if name in request.GET]
    found = of_stage(rows, request.GET.get("stage", ""), now)
    if request.GET.get("stage") == OPEN:
        words.append(("stage", OPEN, _("not over")))
    if "called" in request.GET:
        called = schedule.called([line.pk for line in found])
        found = [line for line in found if line.pk in called]
    tier, asked = tier_in(request, "mostly")
    if asked:
        main = seats.main_tiers([line.pk for line in found])
        found = [line for line in found if main.get(line.pk) == tier]
        said = _("people mostly from: %(tier)s") % {"tier": tier_name(tier)}
        words.append(("mostly", request.GET["mostly"], said))
    return words, found


def _by_fields(request: HttpRequest, rows: QuerySet[Line]) -> tuple[list[Word], QuerySet[Line]]:
    found = []
    for name, lookup, words in (
        ("from", "start_day__gte", _("started from %(value)s")),
        ("to", "start_day__lte", _("to %(value)s")),
    ):
        day = _day(request.GET.get(name, ""))
        if day is not None:
            rows = rows.filter(**{lookup: day})
            found.append((name, day.isoformat(), words % {"value": local_day(day)}))
    for name in ("host", "playbook"):
        number = request.GET.get(name, "")
        if is_number(number):
            rows = rows.filter(**{name: int(number)})
            one = rows.first()
            found.append((name, number, str(getattr(one, name)) if one else number))
    return found, rows


def of_stage(rows: Sequence[Line] | QuerySet[Line], stage: str, now: datetime) -> list[Line]:
    """Those of these lines that stand where a page asks for; all of them where it does not."""
    fits: Callable[[str], bool] = {
        "": lambda stands: True,
        OPEN: lambda stands: stands != Stage.OVER,
    }.get(stage, lambda stands: stands == stage)
    return [line for line in rows if fits(figures.stage(line, lines.today(line, now)))]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def tier_in(request: HttpRequest, name: str = "tier") -> tuple[int | None, bool]:
    """The tier an address asks for, and whether it asks for one at all."""
    wanted = request.GET.get(name, "")
    if wanted in {str(tier) for tier in Tier.values}:
        return int(wanted), True
    return None, wanted == UNKNOWN


def tier_name(tier: int | None) -> str:
    return str(Tier(tier).label) if tier else _("city not named")
