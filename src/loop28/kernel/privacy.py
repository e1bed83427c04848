"""What every module says of the people it knows: what is kept about one, and how it is erased.

A module that keeps something about members has a `privacy.py`, a `Keeper`. They are found by the
order of the house, so that a new one is asked from its first day.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol, cast

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from loop28.kernel.access import Actor

Cell = str | Promise | int | datetime | date | None
Row = Sequence[Cell]

WHEN = pgettext_lazy("data", "When")
UNTIL = pgettext_lazy("data", "Until")
DONE = pgettext_lazy("data", "Done")
WHAT = pgettext_lazy("data", "What")
TEXT = pgettext_lazy("data", "Text")
STATE = pgettext_lazy("data", "State")
KIND = pgettext_lazy("data", "Kind")
LINE = pgettext_lazy("data", "Line")
GROUP = pgettext_lazy("data", "Group")
TASK = pgettext_lazy("data", "Task")
YUAN = pgettext_lazy("data", "Yuan")
AMOUNT = pgettext_lazy("data", "Amount")
COUNT = pgettext_lazy("data", "Count")
REASON = pgettext_lazy("data", "Reason")
DECISION = pgettext_lazy("data", "Decision")
NUMBERS = pgettext_lazy("data", "Numbers")
"""Heads of columns that many modules have."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What is kept about a person under one heading, as a table that they understand.

    ``key`` names its file. ``pictures`` are names in the storage of uploads.
    """

    key: str
    title: str | Promise
    columns: Sequence[str | Promise]
    rows: Sequence[Row]
    pictures: Sequence[str] = ()


class Keeper(Protocol):
    """A module's `privacy.py`. ``members`` are all the numbers one or many people ever had."""

    def about(self, actor: Actor, members: Collection[int]) -> list[Topic]:
        """Everything the module keeps about one person; the caller checked who asks."""

    def erase(self, actor: Actor, members: Collection[int]) -> None:
        """Make what is personal of these people unreadable, for good; again it changes nothing.

        Amounts, numbers and times stay: they are the books.
        """


def keepers() -> list[Keeper]:
    """All of them, from the ground up."""
    return [cast("Keeper", module) for module in _modules()]


def obstacles(actor: Actor, members: Collection[int]) -> list[str]:
    """Why these people cannot be erased yet, in the words of the modules that know."""
    asked = (getattr(module, "obstacles", None) for module in _modules())
    return [str(why) for ask in asked if ask for why in ask(actor, members)]


def _modules() -> Iterator[Any]:
    for app in settings.HOUSE:
        if find_spec(f"{app}.privacy"):
            yield import_module(f"{app}.privacy")
