"""``{% load console %}``: what console templates need beyond the look's own tags."""

from collections.abc import Mapping
from typing import Any

from django import template

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


register.filter("level_numbers", levels.words)
register.filter("level_needs", levels.needed)
