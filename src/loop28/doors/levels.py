"""The numbers of a step up in words, as staff and members read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from loop28.front.ladder import rules

NUMBERS: dict[str, str | Promise] = {
    "tasks": _("tasks done"),
    "orders": _("orders sold"),
    "lessons": _("lessons taught"),
    "complaints": _("complaints found right"),
    "refunded_percent": _("percent of orders refunded"),
}


@dataclass(frozen=True, slots=True)
class Toward:
    """One number on the way to a level: what was done of what is needed, or may be at most."""

    label: str
    did: int
    asked: int
    limit: bool

    @property
    def counted(self) -> int:
        """As far as it brings somebody nearer."""
        return min(self.did, self.asked)

    @property
    def reached(self) -> bool:
        return self.did <= self.asked if self.limit else self.did >= self.asked


def toward(kept: Mapping[str, Any]) -> list[Toward]:
    """The numbers that a level asks for, each with how far it is; none that asks for nothing."""
    needs = kept["needs"]
    return [
        Toward(str(label), kept[name], needs[name], name in rules.LIMITS)
        for name, label in NUMBERS.items()
        if name in needs and (needs[name] or name in rules.LIMITS)
    ]


def words(kept: Mapping[str, Any]) -> list[str]:
    """Numbers as a step up keeps them, each beside what was needed: «tasks done: 5 (≥ 3)»."""
    needs = kept.get("needs", {})
    return [
        f"{label}: {kept[name]}" + (f" ({_asks(name, needs[name])})" if name in needs else "")
        for name, label in NUMBERS.items()
        if name in kept
    ]


def needed(needs: Mapping[str, int]) -> list[str]:
    """What a level asks for: «tasks done ≥ 3»."""
    return [
        f"{label} {_asks(name, needs[name])}" for name, label in NUMBERS.items() if name in needs
    ]


def _asks(name: str, says: int) -> str:
    return f"{'≤' if name in rules.LIMITS else '≥'} {says}"
