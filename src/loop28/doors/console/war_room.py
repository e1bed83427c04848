"""The war room: what is wrong first, then the figures of all lines and regions."""

from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from loop28.back.people import queries as people
from loop28.doors import gate
from loop28.doors.console import frame, mending, menu, narrowing, roles
from loop28.front.groups import outbox
from loop28.front.ladder import pool
from loop28.front.lines import beats
from loop28.front.playbooks import queries as playbooks
from loop28.insight.metrics import figures
from loop28.insight.metrics.overview import Overview, overview
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor
from loop28.ui.text import percent, yuan

FIRST_REDS = 6
"""Red items shown at first; the rest are one tap away, so that the figures stay on the screen."""


@require_safe
@gate.staff_page()
def war_room(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Red items, key figures, regions, running lines, funnel, heat map; or what to do first."""
    now = clock.now()
    region = frame.chosen_region(request, actor)
    seen = overview(actor, now, region)
    shown = seen.reds if request.GET.get("reds") == "all" else seen.reds[:FIRST_REDS]
    context = {
        "regions": frame.region_switch(request, actor),
        "now": now,
        "seen": seen,
        "reds": [mending.mend(red, now, actor) for red in shown],
        "more_reds": len(seen.reds) - len(shown),
        "steps": None if seen.figures else first_steps(actor),
        "kpi": _key_figures(seen),
        "rows": mending.beside(seen.running, seen.reds),
        "by_region": _by_region(request, actor, seen),
        "urls": _addresses(region),
        "lines_url": menu.address("lines", region),
        "running_url": menu.address("lines", region, stage="running"),
    }
    if frame.is_poll(request):
        return frame.show(request, actor, "console/parts/war_live.html", context, here="war-room")
    context |= {"funnel": _funnel(seen, region), "heat": _heat(seen, now)}
    return frame.show(request, actor, "console/war_room.html", context, here="war-room")


def _key_figures(seen: Overview) -> dict[str, Any]:
    called = seen.called
    joined, opted_in = sum(f.joined for f in called), sum(f.opted_in for f in called)
    waiting, free = seen.total(lambda f: f.waiting), sum(f.gap for f in seen.gathering)
    supervisors = seen.total(lambda f: f.supervisors)
    return {
        "seated": seen.seated,
        "seated_note": _("%(free)s seats to fill") % {"free": free}
        if free
        else _("%(waiting)s wait for a seat") % {"waiting": waiting},
        "running": len(seen.running),
        "running_note": _("%(count)s gathering") % {"count": len(seen.gathering)},
        "opted_in_week": seen.total(lambda f: f.opted_in_this_week),
        "opted_in_note": _("%(count)s in these lines") % {"count": opted_in},
        "pass_rate": percent(opted_in, joined),
        "pass_note": ngettext(
            "%(count)s line was called", "%(count)s lines were called", len(called)
        )
        % {"count": len(called)},
        "owners": seen.total(lambda f: f.owners),
        "owners_note": ngettext("%(count)s supervisor", "%(count)s supervisors", supervisors)
        % {"count": supervisors},
        "spent": seen.total(lambda f: f.spent_fen),
        "spent_note": _("%(sum)s left") % {"sum": yuan(seen.total(lambda f: f.left_fen))},
    }


def _addresses(region: int | None) -> dict[str, str]:
    """Where the rows behind the key figures are."""
    people = partial(menu.address, "line-people", region)
    return {
        "seated": people(stage=narrowing.OPEN),
        "opted_in_week": people(lately="1", show="opted-in-week"),
        "passed": people(lately="1", called="1", show="opted-in"),
        "owners": people(lately="1", show="owners"),
        "spent": menu.address("budgets", region, stage="lately"),
    }


def _funnel(seen: Overview, region: int | None) -> list[tuple[str, int, str]]:
    of = seen.funnel
    people = partial(menu.address, "line-people", region, lately="1")
    return [
        (_("Joined"), of.joined, people(show="joined")),
        (_("Opted in"), of.opted_in, people(show="opted-in")),
        (_("Did a task"), of.did_a_task, people(show="did-a-task")),
        (_("First order"), of.first_orders, people(show="sold")),
        (_("Shop owner"), of.owners, people(show="owners")),
    ]


def first_steps(actor: Actor) -> list[dict[str, Any]]:
    """What an empty installation needs, in order, and which of it the actor may do."""
    steps = [
        {
            "title": _("Publish a playbook"),
            "why": _("The programme of 28 days as a file. It is checked before it is published."),
            "url": "playbook-new",
            "done": playbooks.versions(actor).exists(),
            "may": actor.role in roles.PUBLISHERS,
        },
        {
            "title": _("Appoint a host"),
            "why": _("The shop owner who runs the line. Later hosts come from your own lines."),
            "url": "appoint",
            "done": pool.steps(actor).exists(),
            "may": actor.role in roles.RUNNERS,
        },
        {
            "title": _("Open a line"),
            "why": _("Region, playbook, start day, host, size and budget, in one form."),
            "url": "line-open",
            "done": False,
            "may": actor.role in roles.RUNNERS,
        },
    ]
    next_one = next(step for step in steps if not step["done"])
    return [step | {"next": step is next_one} for step in steps]


def _by_region(
    request: HttpRequest, actor: Actor, seen: Overview
) -> list[tuple[Any, Overview]] | None:
    """The regions side by side, for those who look at all of them."""
    if actor.region is not None or frame.chosen_region(request, actor) is not None:
        return None
    return [(region, seen.of_region(region.pk)) for region in people.regions(actor)]


def _heat(seen: Overview, now: datetime) -> dict[str, Any]:
    days = max((f.line.days for f in seen.running), default=0)
    active = figures.active_by_day([f.line for f in seen.running], now)
    return {
        "labels": [str(day) for day in range(1, days + 1)],
        "unit": "",
        "series": [{"name": f.line.code, "values": active[f.line.pk]} for f in seen.running],
    }


@require_POST
@gate.staff_page(*roles.RUNNERS)
def do_due(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Do what the worker should have done: fire everything that is due, in every line."""
    with frame.told(request, _("What was due is done.")):
        beats.fire_due(SYSTEM)
    return redirect("war-room")


@require_POST
@gate.staff_page(*roles.RUNNERS)
def send_waiting(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Hand what waits in the outbox to its platforms now."""
    with frame.told(request, _("The outbox was handed over.")):
        outbox.try_all(actor)
    return redirect("war-room")
