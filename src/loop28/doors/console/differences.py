"""Two playbooks side by side in words: what people read of `playbooks.comparison`."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from loop28.doors.console.lines import PASSING
from loop28.front.playbooks.comparison import Comparison, Difference, Field, How, compare
from loop28.front.playbooks.costs import Cost
from loop28.front.playbooks.schema import (
    Guest,
    Measure,
    Playbook,
    Question,
    Repeat,
    Reply,
    Reward,
    Tier,
)
from loop28.kernel.amounts import amount
from loop28.ui.text import yuan

LINES_MAX = 2_000
"""Lines of a text difference on a page: whoever rewrote everything reads the new text instead."""

HOWS: dict[How, tuple[str | Promise, str]] = {
    How.ADDED: (pgettext_lazy("difference", "new"), "good"),
    How.REMOVED: (pgettext_lazy("difference", "gone"), "bad"),
    How.MOVED: (pgettext_lazy("difference", "moved"), "info"),
    How.CHANGED: (pgettext_lazy("difference", "changed"), "warn"),
}
_NAMES: dict[str, str | Promise] = {
    "name": gettext_lazy("Name"),
    "key": gettext_lazy("Key"),
    "language": gettext_lazy("Language"),
    "profile": gettext_lazy("Runs on"),
    "size": gettext_lazy("Size"),
    "budget": gettext_lazy("Budget"),
    "caps.day": gettext_lazy("Rewards of one member a day, at most"),
    "caps.member": gettext_lazy("Rewards of one member, at most"),
    "caps.line": gettext_lazy("Rewards of a line, at most"),
    "hot_product.name": gettext_lazy("Hot product"),
    "hot_product.price": gettext_lazy("Price of the hot product"),
    "hot_product.market_price": gettext_lazy("Its price on the market"),
    "hot_product.link": gettext_lazy("Link of the hot product"),
    "phases": gettext_lazy("Phases"),
    "nudge": gettext_lazy("Word to those who are stuck"),
    "promotion.owner.tasks": gettext_lazy("Shop owner: tasks done"),
    "promotion.owner.orders": gettext_lazy("Shop owner: orders"),
    "promotion.owner.lessons": gettext_lazy("Shop owner: lessons taught"),
    "promotion.owner.complaints_max": gettext_lazy("Shop owner: complaints at most"),
    "promotion.owner.refunded_percent_max": gettext_lazy("Shop owner: percent refunded at most"),
    "promotion.supervisor.tasks": gettext_lazy("Supervisor: tasks done"),
    "promotion.supervisor.orders": gettext_lazy("Supervisor: orders"),
    "promotion.supervisor.lessons": gettext_lazy("Supervisor: lessons taught"),
    "promotion.supervisor.complaints_max": gettext_lazy("Supervisor: complaints at most"),
    "promotion.supervisor.refunded_percent_max": gettext_lazy(
        "Supervisor: percent refunded at most"
    ),
    "day": gettext_lazy("Day"),
    "at": gettext_lazy("Time"),
    "by": gettext_lazy("Sent by"),
    "late": gettext_lazy("When late"),
    "kind": gettext_lazy("Kind"),
    "text": gettext_lazy("Text"),
    "topic": gettext_lazy("Topic"),
    "guest": gettext_lazy("Guest"),
    "material": gettext_lazy("Material"),
    "every": gettext_lazy("Pause"),
    "messages": gettext_lazy("Messages"),
    "question": gettext_lazy("Question"),
    "replies": gettext_lazy("Ready replies"),
    "title": gettext_lazy("Title"),
    "total": gettext_lazy("Sum"),
    "shares": gettext_lazy("Shares"),
    "split": gettext_lazy("Split"),
    "expires": gettext_lazy("Expires"),
    "window": gettext_lazy("Time window"),
    "opens": gettext_lazy("Opens"),
    "tasks": gettext_lazy("Tasks"),
    "phase": gettext_lazy("Phase"),
    "how": gettext_lazy("What to do"),
    "effort": gettext_lazy("Effort"),
    "target": gettext_lazy("Target"),
    "after": gettext_lazy("Comes after"),
    "repeat": gettext_lazy("Comes again"),
    "level": gettext_lazy("Opens with the level"),
    "makeups": gettext_lazy("Make-up cards"),
    "reward": gettext_lazy("Reward"),
    "quiz": gettext_lazy("Quiz"),
    "measure": gettext_lazy("What counts"),
    "proof": gettext_lazy("Proof"),
    "recheck": gettext_lazy("Percent of pictures looked at again"),
}
_COUNTS: dict[str, str | Promise] = {
    "number": gettext_lazy("how many"),
    "distinct": gettext_lazy("how many different ones"),
    "sum": gettext_lazy("their amounts together"),
    "largest": gettext_lazy("the largest amount"),
    "streak": gettext_lazy("days in a row"),
}
_FEN = {
    *("budget", "total", "hot_product.price", "hot_product.market_price"),
    *("caps.day", "caps.member", "caps.line"),
}
_PHASE_FIELDS: dict[str, str | Promise] = {
    "name": gettext_lazy("Name of the phase «%(phase)s»"),
    "days": gettext_lazy("Days of the phase «%(phase)s»"),
    "group": gettext_lazy("Group of the phase «%(phase)s»"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A field as people read it: its label, and both values as text."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Told:
    """A beat or task that differs: what became of it, the thing itself and its fields."""

    how: str
    tone: str
    thing: Any
    fields: list[Said]


@dataclass(frozen=True, slots=True)
class Priced:
    """The most a line costs in both when so many percent pass; ``more`` in fen, or less than 0."""

    percent: int
    before: Cost
    after: Cost

    @property
    def more(self) -> int:
        return self.after.total_fen - self.before.total_fen


@dataclass(frozen=True, slots=True)
class Sides:
    """A comparison in words."""

    same: bool
    head: list[Said]
    beats: list[Told]
    tasks: list[Told]
    costs: list[Priced]


def told(before: Playbook, after: Playbook) -> Sides:
    """Everything that differs, readable, with what lines cost when few, some and most pass."""
    found: Comparison = compare(before, after, PASSING)
    return Sides(
        found.same,
        [_said(field) for field in found.head],
        [_told(difference) for difference in found.beats],
        [_told(difference) for difference in found.tasks],
        [Priced(*each) for each in found.costs],
    )


def of_texts(before: str, after: str) -> list[tuple[str, str]]:
    """(sign, line) of a text difference with three lines around; sign is ``+``, ``-`` or empty,
    ``@`` where lines were left out."""
    found = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=3)
    lines = [line for number, line in enumerate(found) if 2 <= number < LINES_MAX]
    return [(line[0].strip(), "" if line[0] == "@" else line[1:]) for line in lines]


def _told(difference: Difference) -> Told:
    label, tone = HOWS[difference.how]
    return Told(str(label), tone, difference.thing, [_said(field) for field in difference.fields])


def _said(field: Field) -> Said:
    before, after = field.before, field.after
    if isinstance(before, list) and isinstance(after, list):
        before, after = _apart(before, after)
    return Said(_label(field.name), _value(field.name, before), _value(field.name, after))


def _apart(before: Sequence[Any], after: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """What only one of two lists has; both as they are where only the order differs."""
    gone = [one for one in before if one not in after]
    new = [one for one in after if one not in before]
    return (gone, new) if gone or new else (list(before), list(after))


def _label(name: str) -> str:
    if name.startswith("phases."):
        _phases, phase, field = name.split(".")
        return str(_PHASE_FIELDS[field]) % {"phase": phase}
    if name.startswith("budgets."):
        part = name.removeprefix("budgets.")
        return _("Part «%(part)s» of the budget") % {"part": part}
    return str(_NAMES[name])


def _value(name: str, value: Any) -> str:
    match value:
        case None:
            return "—"
        case int() if name in _FEN or name.startswith("budgets."):
            return yuan(value)
        case list():
            return "\n".join(_value("", one) for one in value)
        case time():
            return f"{value:%H:%M}"
        case timedelta():
            return _duration(value)
        case Guest():
            return f"{value.name}, {value.title}"
        case Reply():
            return f"«{value.answer}» → {value.reply}"
        case Question():
            return f"{value.ask} {' / '.join(value.options)} ({value.answer})"
        case Reward():
            return _reward(value)
        case Measure():
            return _measure(value)
        case Repeat():
            return _repeat(value)
        case "photo":
            return _("a picture")
    return str(value)


def _duration(takes: timedelta) -> str:
    """As it is written in the file: the largest unit that fits."""
    minutes = takes // timedelta(minutes=1)
    if minutes % 1440 == 0:
        return f"{minutes // 1440}d"
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"


def _measure(measure: Measure) -> str:
    if measure.at_least is not None:
        bar = f"≥ {amount(measure.at_least)}"
    else:
        bar = f"> {amount(measure.more_than or 0)}"
    where = [f"{name} = {' / '.join(values)}" for name, values in measure.where.items()]
    return " · ".join([measure.fact, f"{_COUNTS[measure.count]} {bar}", *where])


def _repeat(repeat: Repeat) -> str:
    if repeat.per == "day":
        return _("each day, %(most)s times at most") % {"most": repeat.at_most}
    return _("each week, %(most)s times at most") % {"most": repeat.at_most}


def _reward(reward: Reward) -> str:
    given = [yuan(reward.money)] if reward.money else []
    if reward.points:
        given.append(_("%(points)s points") % {"points": reward.points})
    given += [named for named in (reward.coupon, reward.badge, reward.course) if named]
    given += [_tier(tier) for tier in reward.tiers]
    if reward.first:
        given.append(_("for the first %(first)s") % {"first": reward.first})
    if reward.most is not None:
        given.append(_("at most %(sum)s together") % {"sum": yuan(reward.most)})
    if reward.budget:
        given.append(_("from «%(part)s»") % {"part": reward.budget})
    return " · ".join(given) or "—"


def _tier(tier: Tier) -> str:
    brings = yuan(tier.money) if tier.money else _("%(points)s points") % {"points": tier.points}
    return f"≥ {amount(tier.at_least)}: {brings}"
