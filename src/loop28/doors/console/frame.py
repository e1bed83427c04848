"""What all console pages share: the menu by storey, the region switch, what becomes of a form."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from loop28.back.people import queries as people
from loop28.front.lines import queries as lines
from loop28.front.lines.queries import Line
from loop28.kernel.access import STAFF, Actor, NotAllowed, Role
from loop28.kernel.refusals import Refusal
from loop28.kernel.text import searchable as searchable

ROWS = 50
"""Rows of a long list on one page."""

RUNNERS = (Role.ADMINISTRATOR, Role.REGION_MANAGER)
"""Who changes the course of lines and decides about people."""

FUNDERS = (*RUNNERS, Role.FINANCE)
TAGGERS = (*RUNNERS, Role.MIDDLE)
PUBLISHERS = (*RUNNERS, Role.MIDDLE)
DRAFT_READERS = (*PUBLISHERS, Role.AUDITOR)
REPORTERS = (Role.ADMINISTRATOR, Role.MIDDLE)
PAYERS = (Role.ADMINISTRATOR, Role.FINANCE)
ORDER_READERS = (Role.ADMINISTRATOR, Role.MIDDLE, Role.FINANCE, Role.AUDITOR)
BOOK_READERS = (Role.ADMINISTRATOR, Role.FINANCE, Role.AUDITOR)
STAFF_READERS = (Role.ADMINISTRATOR, Role.AUDITOR)

_Entry = tuple[str, str | Promise, Iterable[Role]]
_MENU: tuple[tuple[str | Promise, tuple[_Entry, ...]], ...] = (
    (
        gettext_lazy("Small front"),
        (
            ("war-room", gettext_lazy("War room"), STAFF),
            ("quota", gettext_lazy("Quota"), STAFF),
            ("lines-calendar", gettext_lazy("Calendar of lines"), STAFF),
            ("league", gettext_lazy("League table"), STAFF),
            ("lines", pgettext_lazy("console", "Lines"), STAFF),
            ("groups-health", pgettext_lazy("console", "Groups"), STAFF),
            ("playbooks", gettext_lazy("Playbooks"), STAFF),
            ("hosts", gettext_lazy("Hosts and promotion"), STAFF),
            ("loop", gettext_lazy("The loop"), STAFF),
            ("events", gettext_lazy("Offline events"), STAFF),
            ("complaints", gettext_lazy("Complaints"), STAFF),
            ("group-rules", gettext_lazy("Blocked words"), STAFF),
            ("outbox", gettext_lazy("Outbox"), STAFF),
        ),
    ),
    (
        gettext_lazy("Big middle"),
        (
            ("talks", gettext_lazy("Talks"), STAFF),
            ("guests", gettext_lazy("Guests"), STAFF),
            ("members", pgettext_lazy("console", "Members"), STAFF),
            ("orders", gettext_lazy("Orders"), ORDER_READERS),
        ),
    ),
    (
        gettext_lazy("Back office"),
        (
            ("budgets", gettext_lazy("Budgets"), STAFF),
            ("payouts", gettext_lazy("Payouts"), BOOK_READERS),
            ("ledger", gettext_lazy("Ledger"), BOOK_READERS),
            ("staff", gettext_lazy("Staff"), STAFF_READERS),
            ("regions", gettext_lazy("Regions and cities"), STAFF),
            ("keys", gettext_lazy("Machine keys"), (Role.ADMINISTRATOR,)),
            ("import", gettext_lazy("Import people"), (Role.ADMINISTRATOR,)),
            ("journal", gettext_lazy("Journal"), STAFF_READERS),
        ),
    ),
)
_BY_REGION = {
    *("war-room", "quota", "lines-calendar", "league", "lines", "groups-health", "loop", "events"),
    *("complaints", "outbox", "budgets"),
}
"""Pages that the region switch filters; the menu keeps the choice between them."""


def show(
    request: HttpRequest,
    actor: Actor,
    template: str,
    context: dict[str, Any],
    *,
    here: str,
    status: int = 200,
) -> HttpResponse:
    """A console page; ``here`` is the entry of the menu it belongs to."""
    region = chosen_region(request, actor)
    around = {
        "user": request.user,
        "actor": actor,
        "menu": _menu(actor, here, region),
        "home_url": reverse("war-room"),
        "runs_lines": actor.role in RUNNERS,
        "funds_lines": actor.role in FUNDERS,
    }
    return render(request, template, around | context, status=status)


def _menu(actor: Actor, here: str, region: int | None) -> list[tuple[Any, list[Any]]]:
    found = []
    for heading, entries in _MENU:
        shown = [
            (label, address(name, region), name == here)
            for name, label, roles in entries
            if actor.role in roles
        ]
        if shown:
            found.append((heading, shown))
    return found


def address(name: str, region: int | None, **search: str) -> str:
    """The address of a page of the menu, with the chosen region where it filters by region."""
    if region and name in _BY_REGION:
        search["region"] = str(region)
    return reverse(name) + (f"?{urlencode(search)}" if search else "")


def is_poll(request: HttpRequest) -> bool:
    """Whether htmx asks, for the part of a page that moves."""
    return request.headers.get("HX-Request") == "true"


def chosen_region(request: HttpRequest, actor: Actor) -> int | None:
    """The region an actor of all regions looks at, None for all; others have no choice."""
    wanted = request.GET.get("region", "")
    if actor.region is not None or not (wanted.isascii() and wanted.isdigit()):
        return None
    found = people.region(actor, int(wanted))
    return found.pk if found else None


def region_switch(request: HttpRequest, actor: Actor) -> list[tuple[Any, str, bool]]:
    """The regions as the base template draws them; empty for those who see one."""
    if actor.region is not None:
        return []
    chosen = chosen_region(request, actor)
    switch = [(_("All regions"), request.path, chosen is None)]
    for region in people.regions(actor):
        switch.append((region.name, f"{request.path}?region={region.pk}", chosen == region.pk))
    return switch


def line_or_404(actor: Actor, line_id: int) -> Line:
    """A line the actor sees; for others it does not exist."""
    try:
        return lines.line(actor, line_id)
    except Line.DoesNotExist:
        raise Http404 from None


def paged(request: HttpRequest, rows: Any, size: int = ROWS) -> Page[Any]:
    """The page of a list that ``?page=`` asks for; nonsense asks for the first or the last."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


@contextmanager
def answered_by(form: forms.Form, **called: str) -> Iterator[None]:
    """Write a refusal next to the field it names, so that the page can be shown again.

    ``called`` says which field of the form stands for one of the action. Only what is not this
    person's to do goes on to the gate.
    """
    try:
        yield
    except NotAllowed:
        raise
    except Refusal as no:
        field = called.get(no.field, no.field)
        form.add_error(field if field in form.fields else None, str(no))


@contextmanager
def told(request: HttpRequest, done: str) -> Iterator[None]:
    """After a one-button action say what came of it on the page that is shown next."""
    try:
        yield
    except NotAllowed:
        raise
    except Refusal as no:
        messages.error(request, str(no))
    else:
        messages.success(request, done)


def status_of(form: forms.Form) -> int:
    """422 for a form that comes back with mistakes, so that machines and tests see it too."""
    return 422 if form.errors else 200
