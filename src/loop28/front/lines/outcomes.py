"""What came of a beat, as a code with numbers: read in the language of whoever looks."""

from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Outcome(StrEnum):
    """The codes."""

    TASKS_OPENED = "tasks-opened"
    NOBODY_YET = "nobody-yet"
    BUDGET_EMPTY = "budget-empty"
    TAKEN_OUT = "taken-out"
    PAUSED = "paused"
    STOPPED = "stopped"
    SENT_BY_HOST = "sent-by-host"


_TEXTS: dict[str, str | Promise] = {
    Outcome.TASKS_OPENED: _("%(tasks)s tasks for %(members)s people"),
    Outcome.NOBODY_YET: _("nobody has opted in yet"),
    Outcome.BUDGET_EMPTY: _("the budget is empty"),
    Outcome.TAKEN_OUT: _("taken out by hand"),
    Outcome.PAUSED: _("the line was paused"),
    Outcome.STOPPED: _("the line was stopped"),
    Outcome.SENT_BY_HOST: _("the host sent it in a chat of their own"),
}


def outcome(code: Outcome, **numbers: int) -> dict[str, Any]:
    """What to keep with the beat."""
    return {"code": code.value, **numbers}


def readable(kept: dict[str, Any]) -> str:
    """The sentence for it; empty where there is nothing to say."""
    return str(_TEXTS[kept["code"]]) % kept if kept else ""
