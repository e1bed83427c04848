"""``{% load console %}``: what console templates need beyond the look's own tags."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import template
from django.utils.translation import ngettext

from loop28.doors import levels
from loop28.kernel import money

register = template.Library()


@register.filter
def named(names: Mapping[Any, str], key: Any) -> str:
    """What something is called; its number where it has no name."""
    return names.get(key, str(key))


@register.filter
def number(counts: Mapping[Any, int], key: Any) -> int:
    """How many of something there are; 0 where nothing was counted."""
    return counts.get(key, 0)


@register.filter
def plain_yuan(fen: int) -> str:
    """Fen as yuan for an input field: ``12.50``, without a sign of currency."""
    return money.yuan(fen)


@register.filter
def about(took: timedelta | None) -> str:
    """A duration as people say it: minutes, hours or days, whichever is the largest that fits."""
    if took is None:
        return "—"
    minutes = max(1, round(took.total_seconds() / 60))
    if minutes < 60:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    hours = round(minutes / 60)
    if hours < 48:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    days = round(hours / 24)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


register.filter("level_numbers", levels.words)
register.filter("level_needs", levels.needed)
