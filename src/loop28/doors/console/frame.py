"""What all console pages share: the frame, the region switch, what becomes of a form."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from loop28.back.people import queries as people
from loop28.doors.console import menu, roles
from loop28.front.lines import queries as lines
from loop28.front.lines.queries import Line
from loop28.kernel.access import Actor, NotAllowed
from loop28.kernel.refusals import Refusal
from loop28.kernel.text import number_in
from loop28.kernel.text import searchable as searchable

ROWS = 50
"""Rows of a long list on one page."""

LINES = 25
"""Lines on one page, each with a dozen figures: those that six regions open in a month."""


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
        "menu": menu.storeys(actor, here, region),
        "section_pages": menu.beside(actor, here, region) if _is_at(request, here) else [],
        "home_url": reverse("war-room"),
        "runs_lines": actor.role in roles.RUNNERS,
        "funds_lines": actor.role in roles.FUNDERS,
    }
    return render(request, template, around | context, status=status)


def _is_at(request: HttpRequest, page: str) -> bool:
    """Whether this is the page of the menu itself, not one below it."""
    return request.resolver_match is not None and request.resolver_match.url_name == page


def is_poll(request: HttpRequest) -> bool:
    """Whether htmx asks, for the part of a page that moves."""
    return request.headers.get("HX-Request") == "true"


def chosen_region(request: HttpRequest, actor: Actor) -> int | None:
    """The region an actor of all regions looks at, None for all; others have no choice."""
    wanted = number_in(request.GET.get("region"))
    if actor.region is not None or not wanted:
        return None
    found = people.region(actor, wanted)
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
