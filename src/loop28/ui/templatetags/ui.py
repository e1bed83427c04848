"""``{% load ui %}``: what templates need beyond Django's own tags."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.core.paginator import Page
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from loop28.ui import drawing, text

register = template.Library()

register.filter("yuan", text.yuan)
register.filter("count", text.count)
register.filter("percent", text.percent)
register.filter("initials", text.initials)
register.filter("avatar_hue", text.avatar_hue)
register.filter("local_time", text.local_time)
register.filter("local_day", text.local_day)
register.filter("local_stamp", text.local_stamp)
register.simple_tag(drawing.icon, name="icon")
register.simple_tag(drawing.sparkbars, name="sparkbars")
register.simple_tag(drawing.qr, name="qr")


@register.filter
def yuan_plus(fen: int | None) -> str:
    """A reward or an entry of a wallet: ``"+¥ 0.30"``."""
    return f"{'+' if fen and fen > 0 else ''}{text.yuan(fen)}"


@register.filter
def chart_value(value: float | None, unit: str = "") -> str:
    """A figure of a chart's table as the chart itself writes it."""
    if value is None:
        return text.DASH
    if unit == "yuan":
        return text.yuan(int(value))
    return f"{value:,}{'%' if unit == 'percent' else ''}"


@register.simple_tag
def chart_rows(data: dict[str, Any]) -> SafeString:
    """The rows of a chart's table: its label, then a cell for each series.

    Joined here and not in the template, for which a map of lines and days is a thousand cells.
    """
    unit, columns = data.get("unit", ""), [series["values"] for series in data["series"]]
    cells = [
        "".join(f'<td class="num">{chart_value(at(values, n), unit)}</td>' for values in columns)
        for n in range(len(data["labels"]))
    ]
    return format_html_join(
        "",
        '<tr><th scope="row">{}</th>{}</tr>',
        ((label, SafeString(row)) for label, row in zip(data["labels"], cells, strict=True)),
    )


@register.inclusion_tag("ui/parts/ring.html")
def ring(value: int, total: int, big: object = "", small: object = "") -> dict[str, Any]:
    """A ring filled by value of total, with a large and a small text inside."""
    return {
        "value": min(max(value, 0), total),
        "total": max(total, 1),
        "big": value if big == "" else big,
        "small": small,
    }


@register.inclusion_tag("ui/parts/day_path.html")
def day_path(days: Sequence[Any], warmup: int = 7) -> dict[str, Any]:
    """The way of a line in rows of seven: (number, state, url or "") per day.

    State is one of done, part, missed, today, ahead.
    """
    return {"parts": [part for part in (days[:warmup], days[warmup:]) if part], "warmup": warmup}


@register.inclusion_tag("ui/parts/funnel.html")
def funnel(steps: Iterable[Sequence[Any]]) -> dict[str, Any]:
    """A funnel without scripts: (label, count, url or "") per step, top first."""
    rows, before, top = [], None, 0
    for label, number, url in steps:
        top = top or number
        rows.append({"label": label, "count": number, "url": url, "before": before})
        before = number
    return {"rows": rows, "top": top or 1}


@register.simple_tag
def page_numbers(page: Page[Any]) -> list[int | str]:
    """Page numbers with gaps, for the pager."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))


@register.filter
def badge(number: int) -> str:
    """An unread mark: a number up to 99, or nothing inside the dot."""
    if isinstance(number, bool):
        return ""
    return "99+" if number > 99 else str(number)


@register.filter
def at(values: Sequence[Any], index: int) -> Any:
    """The value at an index; None behind the end, for series that stop before today."""
    return values[index] if index < len(values) else None
