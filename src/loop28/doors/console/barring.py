"""Who may not host a line, with the reason, beside those whom a form offers."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from loop28.front.ladder import hosting
from loop28.front.ladder.rules import Bar, Run
from loop28.front.playbooks import queries as playbooks
from loop28.kernel import clock

WHY: dict[Bar, str | Promise] = {
    Bar.BUSY: _("hosts enough lines on these days"),
    Bar.COMPLAINTS: _("pauses: too many complaints were right"),
    Bar.TRAINING: _("their own line is not over"),
}
"""In the order in which they are shown: who has hosted before is looked for first."""

CLOSED: str | Promise = _("May not host now")

CLOSED_SHOWN = 20
"""Who may not host is shown to answer a question; all newcomers of a region would hide the rest."""


Choices = list[tuple[int, str]]


def parted(known: Iterable[tuple[int, str]], barred: Mapping[int, Bar]) -> tuple[Choices, Choices]:
    """(member, words) of those who may, and of the others with the reason."""
    of, order = list(known), list(WHY)
    closed = [one for one in of if one[0] in barred]
    closed.sort(key=lambda one: order.index(barred[one[0]]))
    shown = [(member, f"{told} · {WHY[barred[member]]}") for member, told in closed[:CLOSED_SHOWN]]
    return [one for one in of if one[0] not in barred], shown


def fill(form: forms.Form, name: str, ask: object, may: Choices, closed: Choices) -> None:
    """Let a field with a `HostSelect` offer the first, and show the others closed."""
    field = form.fields[name]
    choices: list[Any] = [("", ask), *may]
    field.choices = [*choices, (str(CLOSED), closed)] if closed else choices  # type: ignore[attr-defined]
    field.widget.closed = {member for member, _words in closed}


def barred(
    members: Collection[int], start_day: date | None, playbook: int | None
) -> dict[int, Bar]:
    """Why each of these may not host a line of a playbook from a day on, once both are known."""
    if start_day is None or playbook is None:
        return {}
    return hosting.barred(members, Run(start_day, playbooks.playbook(playbook).days), clock.now())


def day_in(form: forms.Form, name: str = "start_day") -> date | None:
    """The day a field holds, typed or proposed; None for nonsense."""
    value = form[name].value()
    return value if isinstance(value, date) else day(str(value))


def day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def number_in(form: forms.Form, name: str) -> int | None:
    """The number a choice holds, typed or proposed, if it is among what can be chosen."""
    value = str(form[name].value())
    known = {str(key): key for key, _label in form.fields[name].choices}  # type: ignore[attr-defined]
    return int(value) if value and value in known else None
