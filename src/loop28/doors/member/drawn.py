"""What many people look at in the same minute is drawn once."""

from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

T = TypeVar("T")
_SECONDS = 60


def once(key: str, draw: Callable[[], T]) -> T:
    """What ``draw()`` made in the last minute under this key; the key names all it depends on."""
    found: T | None = cache.get(key)
    if found is None:
        found = draw()
        cache.set(key, found, _SECONDS)
    return found
