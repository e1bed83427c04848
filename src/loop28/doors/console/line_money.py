"""What a line gives and costs: its red packets, its tasks, its budget."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from loop28.back.finance import actions as finance
from loop28.back.ledger import queries as ledger
from loop28.back.ledger.models import Kind, Transfer
from loop28.doors import gate
from loop28.doors.console import frame, line, line_rewards, roles
from loop28.doors.console.fields import KeyField, YuanField
from loop28.front.evidence import queries as evidence
from loop28.front.lines import schedule
from loop28.front.lines.queries import Line
from loop28.front.packets import queries as packet_queries
from loop28.front.rewards import queries as rewards
from loop28.front.tasks import board, standstill
from loop28.front.tasks import queries as task_queries
from loop28.insight.metrics import figures
from loop28.kernel import clock
from loop28.kernel.access import Actor
from loop28.ui.text import yuan

TOP = 10
BOARD = 30
"""Places of the leader board that are shown, and rows at most where many share the last of them."""


@require_safe
@gate.staff_page()
def packets(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """The packets that were issued, the newest first, and what is still to come."""
    of, now = frame.line_or_404(actor, line_id), clock.now()
    (f,) = figures.of_lines(actor, [of], now)
    coming = [beat for beat in schedule.costly([line_id], now) if beat.kind == "packet"]
    context = line.head(actor, of, now, "line-packets") | {
        "f": f,
        "open_fen": f.packets["issued"] - f.packets["claimed"] - f.packets["returned"],
        "page": frame.paged(request, packet_queries.packets(actor, line_id)),
        "coming": len(coming),
        "next_packet": coming[0] if coming else None,
    }
    return frame.show(request, actor, "console/line_packets.html", context, here="lines")


@require_safe
@gate.staff_page()
def packet(request: HttpRequest, actor: Actor, line_id: int, packet_id: int) -> HttpResponse:
    """Who got what from one packet."""
    of, now = frame.line_or_404(actor, line_id), clock.now()
    found = packet_queries.packets(actor, line_id).filter(beat_id=packet_id).first()
    if found is None:
        raise Http404
    taken = packet_queries.taken(actor, packet_id)
    context = line.head(actor, of, now, "line-packets") | {
        "packet": found,
        "taken": taken,
        "luckiest": packet_queries.luckiest(taken),
        "left_fen": found.total - found.taken_fen - found.returned_fen,
    }
    return frame.show(request, actor, "console/line_packet.html", context, here="lines")


@require_safe
@gate.staff_page()
def tasks(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """How every task went that was opened so far."""
    of, now = frame.line_or_404(actor, line_id), clock.now()
    results = task_queries.results(actor, line_id, evidence.in_review_of(line_id))
    context = line.head(actor, of, now, "line-tasks") | {
        "results": results,
        "reviewed": any(one.task.proof for one in results),
        "board": [one for one in board.of_line(actor, line_id)[:BOARD] if one.place <= TOP],
        "may_give": actor.role in roles.RUNNERS and of.ended_at is None,
    }
    return frame.show(request, actor, "console/line_tasks.html", context, here="lines")


class FundForm(forms.Form):
    """More money for a line."""

    fen = YuanField(label=gettext_lazy("Amount in yuan"))
    key = KeyField()


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page()
def budget(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """What was given, spent and is left, how long it lasts, and the form that adds money."""
    of = frame.line_or_404(actor, line_id)
    if request.method == "POST":
        form = FundForm(request.POST)
        if form.is_valid():
            with frame.answered_by(form):
                _fund(actor, of, form.cleaned_data)
                messages.success(request, _added(form))
                return redirect("line-budget", line_id)
    else:
        form = FundForm(initial={"fen": request.GET.get("add", ""), "key": uuid4()})
    now = clock.now()
    (f,) = figures.of_lines(actor, [of], now)
    money = rewards.paid_by_line(actor, [line_id]).get(line_id, rewards.Paid())
    page = frame.paged(request, ledger.movements(actor, f"line:{line_id}", [Kind.BUDGET]))
    context = line.head(actor, of, now, "line-budget") | {
        "f": f,
        "form": form,
        "money": money,
        "caps": line_rewards.caps(actor, of),
        "free_fen": _free_fen(of, f.left_fen),
        "open_fen": f.packets["issued"] - f.packets["claimed"] - f.packets["returned"],
        "page": page,
        "packet_titles": _packet_titles(page.object_list),
    }
    status = frame.status_of(form)
    return frame.show(
        request, actor, "console/line_budget.html", context, here="lines", status=status
    )


def _free_fen(of: Line, left_fen: int) -> int:
    """What can be given back of a line that is over."""
    if of.ended_at is None:
        return 0
    return standstill.free_fen(of.pk, left_fen, evidence.provable_of(of.pk))


def _packet_titles(transfers: Iterable[Transfer]) -> dict[str, str]:
    """The titles of the packets that transfers went into or came back from, by their owner."""
    owners = {a.owner for t in transfers for a in (t.debit, t.credit)}
    numbers = {int(o.removeprefix("packet:")) for o in owners if o.startswith("packet:")}
    found = packet_queries.by_id(sorted(numbers))
    return {f"packet:{number}": packet.title for number, packet in found.items()}


def _added(form: FundForm) -> str:
    return _("%(sum)s were added.") % {"sum": yuan(form.cleaned_data["fen"])}


def _fund(actor: Actor, of: Line, wish: dict[str, Any]) -> None:
    finance.fund(
        actor, line_id=of.pk, fen=wish["fen"], key=str(wish["key"]), region_id=of.region_id
    )
