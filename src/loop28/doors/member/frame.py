"""What is around every phone page: the tabs, what is unread, and how far its reader has read."""

from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from loop28.doors.member import visitors
from loop28.front.groups import actions as group_actions
from loop28.front.groups import queries as groups
from loop28.front.lines import queries as lines
from loop28.kernel.access import Actor
from loop28.kernel.text import number_in

SEEN = "loop28_seen"
"""The cookie in which a chat notes how far it was read, as ``group.message``.

A chat answers polls of hundreds of people, so it writes nothing itself: the next other page does.
"""


class Tab(NamedTuple):
    """A tab as the base template draws it; ``unread`` is a number for its mark."""

    label: str | Promise
    url: str
    icon: str
    current: bool
    unread: int = 0


def page(
    request: HttpRequest,
    actor: Actor,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    tab: str = "",
    status: int = 200,
) -> HttpResponse:
    """A member's page with its tabs, ``tab`` being the current one."""
    noted = note_what_was_read(request, actor)
    visitors.recognise(request, actor.id)
    # Lazily: a page without tabs asks nothing for them.
    shown = {"actor": actor, "tabs": SimpleLazyObject(lambda: tabs(actor, tab)), **(context or {})}
    response = render(request, template, shown, status=status)
    if noted:
        response.delete_cookie(SEEN)
    return response


def tabs(actor: Actor, current: str) -> list[Tab]:
    """The places a member can go; who hosts lines has the cockpit between them."""
    mine = list(groups.groups(actor).values_list("id", flat=True))
    unread = sum(groups.unread(actor, mine).values())
    places = [
        (_("Today"), "today", "today", 0),
        (_("Groups"), "groups", "group", unread),
        (_("Wallet"), "wallet", "wallet", 0),
        (_("Me"), "me", "me", groups.unread_notices(actor)),
    ]
    if lines.lines(actor).exists():
        places.insert(1, (_("My lines"), "host-today", "flag", 0))
    return [Tab(text, reverse(n), icon, n == current, new) for text, n, icon, new in places]


def note_what_was_read(request: HttpRequest, actor: Actor, *, keep: int | None = None) -> bool:
    """Write down how far the chat was read that was left; the one to ``keep`` is still open."""
    group, _dot, message = request.COOKIES.get(SEEN, "").partition(".")
    if not (number_in(group) and number_in(message)) or number_in(group) == keep:
        return False
    group_actions.read_up_to(actor, number_in(group), number_in(message))
    return True
