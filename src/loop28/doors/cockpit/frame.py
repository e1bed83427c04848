"""What is around every page of a host: which line, the tabs, who may be here."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from loop28.doors.member import frame as phone
from loop28.doors.member.frame import Tab
from loop28.front.groups import queries as groups
from loop28.front.lines import queries as lines
from loop28.front.lines.models import Line
from loop28.front.tasks import queries as tasks
from loop28.kernel.access import Actor


def hosted(actor: Actor) -> list[Line]:
    """The lines a member hosts, those that go on first, the newest first; 404 for all others."""
    found = list(lines.lines(actor).order_by("-start_day", "-id"))
    if not found:
        raise Http404
    return sorted(found, key=lambda line: line.ended_at is not None)


def line_or_404(actor: Actor, line_id: int) -> Line:
    """A line this member hosts; for others it does not exist."""
    try:
        return lines.line(actor, line_id)
    except Line.DoesNotExist:
        raise Http404 from None


def page(
    request: HttpRequest,
    actor: Actor,
    template: str,
    line: Line,
    context: dict[str, Any],
    *,
    tab: str,
    status: int = 200,
) -> HttpResponse:
    """A page about one line of the host's, with its tabs."""
    noted = phone.note_what_was_read(request, actor)
    around = {"actor": actor, "line": line, "zone": line.region.zone}
    shown = around | {"tabs": tabs(actor, line, tab)} | context
    response = render(request, template, shown, status=status)
    if noted:
        response.delete_cookie(phone.SEEN)
    return response


def tabs(actor: Actor, line: Line, current: str) -> list[Tab]:
    """The places of a host, with what waits in each."""
    mine = list(groups.groups(actor).values_list("id", flat=True))
    unread = sum(groups.unread(actor, mine).values())
    to_tick = tasks.to_tick(actor, line.pk).count()
    of_line = [line.pk]
    return [
        Tab(_("Today"), _today(line), "today", current == "today"),
        Tab(_("People"), reverse("host-people", args=of_line), "people", current == "people"),
        Tab(_("Tick"), reverse("host-tick", args=of_line), "task", current == "tick", to_tick),
        Tab(_("Groups"), reverse("groups"), "group", False, unread),
        Tab(_("Earnings"), reverse("host-earnings"), "wallet", current == "earnings"),
    ]


def _today(line: Line) -> str:
    return f"{reverse('host-today')}?line={line.pk}"
