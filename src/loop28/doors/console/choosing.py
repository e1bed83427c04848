"""Choosing hosts in a form where thousands may host: the first, or whoever is looked for."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from loop28.doors import gate
from loop28.doors.console import barring, roles
from loop28.doors.console.fields import SomeClosed
from loop28.front.ladder import pool
from loop28.front.ladder.pool import Host
from loop28.front.ladder.rules import Bar
from loop28.front.playbooks import queries as playbooks
from loop28.kernel.access import SYSTEM, Actor
from loop28.kernel.text import number_in

SHOWN = 40
"""Hosts a form offers at once. Whoever was chosen before stays among them."""

Choice = tuple[int, str]


class _More:
    """A widget with a field beside it in which to look for others than those it offers."""

    more = False

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context(name, value, attrs)  # type: ignore[misc]
        found["widget"]["more"] = self.more
        return found


class HostSelect(_More, SomeClosed):
    """One host."""

    template_name = "console/parts/host_select.html"


class HostChecks(_More, forms.CheckboxSelectMultiple):
    """Several hosts."""

    template_name = "console/parts/host_checks.html"


def offer(
    form: forms.Form,
    actor: Actor,
    name: str,
    ask: object = None,
    but: int = 0,
    barred: Callable[[Collection[int]], Mapping[int, Bar]] = lambda _members: {},
) -> None:
    """Let a field of a form offer hosts: those it says already, then the first of the pool.

    ``ask`` stands where nobody is chosen; ``but`` is not to be chosen. ``barred`` says who may not
    host what the form asks for: they are shown with the reason, closed.
    """
    field = form.fields[name]
    said = form[name].value()
    found, more = hosts(actor, said if isinstance(said, list) else [said])
    choices = [choice for choice in found if choice[0] != but]
    may, closed = barring.parted(choices, barred([member for member, _name in choices]))
    if ask:
        barring.fill(form, name, ask, may, closed)
    else:
        field.choices = may  # type: ignore[attr-defined]
    field.widget.more = more


def hosts(
    actor: Actor, chosen: Collection[object] = (), text: str = ""
) -> tuple[list[Choice], bool]:
    """Those of the pool who were chosen, as a form says it, and the first whom the words fit; and
    whether there are more.
    """
    numbers = {number_in(one) for one in chosen} - {0}
    kept = pool.among(actor, numbers) if numbers else []
    found = pool.told(pool.find(actor, text)[: SHOWN + len(kept) + 1])
    others = [host for host in found if host.member not in numbers]
    shown = (*kept, *others[:SHOWN])
    return [(host.member, _named(host)) for host in shown], len(others) > SHOWN


def _named(host: Host) -> str:
    return f"{host.name} · {host.line}" if host.line else host.name


@require_safe
@gate.staff_page(*roles.RUNNERS)
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The choices of a form's field again, for the words that were typed beside it (htmx)."""
    several = "several" in request.GET
    chosen = request.GET.getlist("inviters" if several else "host")
    found, _more = hosts(actor, chosen, request.GET.get("find", "")[:60])
    may, closed = barring.parted(found, {} if several else _barred(request, found))
    context = {
        "hosts": [(number, name, str(number) in chosen) for number, name in may],
        "closed": closed,
        "closed_words": barring.CLOSED,
        "several": several,
        "ask": _("Choose a host"),
    }
    return render(request, "console/parts/host_choices.html", context)


def _barred(request: HttpRequest, found: Sequence[Choice]) -> dict[int, Bar]:
    """Who may not host what the form beside the choice asks for, if it names day and playbook."""
    playbook = number_in(request.GET.get("playbook", ""))
    known = playbooks.versions(SYSTEM).filter(pk=playbook).exists()
    return barring.barred(
        [member for member, _name in found],
        barring.day(request.GET.get("start_day", "")),
        playbook if known else None,
    )
