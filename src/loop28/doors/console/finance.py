"""Money of the house: budgets of lines, payouts by two people, movements of the ledger."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Case, Q, Sum, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from loop28.back.compliance import queries as compliance
from loop28.back.compliance.models import Strength
from loop28.back.finance import actions, queries
from loop28.back.finance.models import PayoutState
from loop28.back.ledger import queries as ledger
from loop28.back.ledger.models import Kind
from loop28.doors import files, gate
from loop28.doors.console import frame, roles
from loop28.doors.console.fields import ReasonForm
from loop28.front.lines import queries as lines
from loop28.insight.metrics import figures
from loop28.insight.metrics.figures import Stage
from loop28.insight.metrics.overview import RECENT
from loop28.kernel import clock, money
from loop28.kernel.access import Actor
from loop28.kernel.text import number_in
from loop28.middle.members import queries as members

KINDS = {
    Kind.TREASURY: gettext_lazy("treasury"),
    Kind.BUDGET: gettext_lazy("budget"),
    Kind.PACKET: gettext_lazy("red packet"),
    Kind.HELD: gettext_lazy("held rewards"),
    Kind.WALLET: gettext_lazy("wallet"),
    Kind.PAYING: gettext_lazy("to be paid"),
    Kind.PAID: gettext_lazy("paid out"),
    Kind.ISSUER: gettext_lazy("points issued"),
}
"""Kinds of accounts in a word or two, for a dense table."""

SHOWN = {
    "": gettext_lazy("Not settled"),
    PayoutState.ASKED: gettext_lazy("Asked"),
    PayoutState.EXPORTED: gettext_lazy("On a list"),
    PayoutState.PAID: gettext_lazy("Paid"),
    PayoutState.REJECTED: gettext_lazy("Rejected"),
}

TICKED = 200
"""Payouts on one page of a list, to be ticked together: far fewer than a form may hold."""

STAGES: dict[str, str | Promise] = {
    "": gettext_lazy("Not over"),
    "lately": gettext_lazy("Not over or just ended"),
    Stage.OVER: gettext_lazy("Over"),
}


@require_safe
@gate.staff_page()
def budgets(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The budgets of all lines that are not over, those that end soonest first."""
    now = clock.now()
    rows = lines.lines(actor).order_by("-start_day", "-id")
    region = frame.chosen_region(request, actor)
    if region is not None:
        rows = rows.filter(region=region)
    stage = request.GET.get("stage", "")
    stage = stage if stage in STAGES else ""
    page = frame.paged(request, rows.filter(_of_stage(stage, now)))
    found = figures.of_lines(actor, list(page.object_list), now)
    context = {
        "regions": frame.region_switch(request, actor),
        "region": region,
        "page": page,
        "rows": sorted(found, key=lambda f: (f.foresight.empty_at is None, f.foresight.empty_at)),
        "stages": [(key, label, key == stage) for key, label in STAGES.items()],
        "over": stage == Stage.OVER,
        "funded_fen": sum(f.funded_fen for f in found),
        "spent_fen": sum(f.spent_fen for f in found),
        "left_fen": sum(f.left_fen for f in found),
        "short_fen": sum(f.foresight.short_fen for f in found),
    }
    return frame.show(request, actor, "console/budgets.html", context, here="budgets")


def _of_stage(stage: str, now: datetime) -> Q:
    running = Q(ended_at=None)
    if stage == Stage.OVER:
        return ~running
    return running | Q(ended_at__gte=now - RECENT) if stage else running


@require_safe
@gate.staff_page(*roles.BOOK_READERS)
def payouts(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who asked to be paid, by state; the lists that were exported."""
    state = request.GET.get("state", "")
    rows = queries.payouts(actor)
    if state in PayoutState.values:
        rows = rows.filter(state=state)
    else:
        rows = rows.filter(state__in=[PayoutState.ASKED, PayoutState.EXPORTED])
    page = frame.paged(request, rows.select_related("export__made_by", "settled_by"))
    context = {
        "page": page,
        "names": members.names(payout.member for payout in page.object_list),
        "states": [(key, label, key == state) for key, label in SHOWN.items()],
        "asked": queries.payable().count(),
        "frozen": compliance.frozen(Strength.PAYOUT),
        "lists": queries.exports(actor)[:10],
        "reason_form": ReasonForm(),
        "may_pay": actor.role in roles.PAYERS,
    }
    return frame.show(request, actor, "console/payouts.html", context, here="payouts")


@require_POST
@gate.staff_page(*roles.PAYERS)
def export(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Put everything that was asked for on a list."""
    done = _("The list is made. Download it, pay, and let a second person confirm.")
    with frame.told(request, done):
        made = actions.export_payouts(actor)
        return redirect("payout-list", made.pk)
    return redirect("payouts")


@require_safe
@gate.staff_page(*roles.PAYERS)
def payout_list(request: HttpRequest, actor: Actor, export_id: int) -> HttpResponse:
    """One list: what is on it, its file, and the button for the second person. What is not settled
    comes first, so that after some were marked the next ones are there.
    """
    made = queries.exports(actor).filter(pk=export_id).first()
    if made is None:
        raise Http404
    on_list = queries.payouts(actor).filter(export=export_id)
    open_ = Q(state=PayoutState.EXPORTED)
    in_order = on_list.order_by(Case(When(open_, then=0), default=1), "id")
    page = frame.paged(request, in_order, TICKED)
    context = {
        "export": made,
        "page": page,
        "names": members.names(row.member for row in page.object_list),
        "total_fen": on_list.aggregate(fen=Sum("fen", default=0))["fen"],
        "open": on_list.filter(open_).count(),
        "frozen": compliance.frozen(Strength.PAYOUT),
        "mine": made.made_by_id == actor.id,
        "reason_form": ReasonForm(),
    }
    return frame.show(request, actor, "console/payout_list.html", context, here="payouts")


@require_safe
@gate.staff_page(*roles.PAYERS)
def payout_file(request: HttpRequest, actor: Actor, export_id: int) -> HttpResponse:
    """A list as CSV, in the encoding that spreadsheets recognise."""
    rows = queries.export_rows(actor, export_id)
    if not rows:
        raise Http404
    names = members.names(row.member for row in rows)
    heading = [_("payout"), _("member"), _("payee"), _("account"), _("yuan")]
    cells = [
        (
            row.payout,
            names.get(row.member, row.member),
            row.payee,
            row.payee_account,
            money.yuan(row.fen),
        )
        for row in rows
    ]
    return files.table(f"payouts-{export_id}", [heading, *cells])


@require_POST
@gate.staff_page(*roles.PAYERS)
def mark_paid(request: HttpRequest, actor: Actor, export_id: int) -> HttpResponse:
    """Say that the chosen payouts of a list were paid."""
    on_list = {row.payout for row in queries.export_rows(actor, export_id)}
    chosen = [number_in(said) for said in request.POST.getlist("payout")]
    if not chosen or not on_list.issuperset(chosen):
        messages.error(request, _("Choose what was paid."))
        return redirect("payout-list", export_id)
    done = ngettext(
        "%(count)s payout is marked paid.", "%(count)s payouts are marked paid.", len(chosen)
    ) % {"count": len(chosen)}
    with frame.told(request, done):
        actions.mark_paid(actor, chosen)
    return redirect("payout-list", export_id)


@require_POST
@gate.staff_page(*roles.PAYERS)
def reject(request: HttpRequest, actor: Actor, payout_id: int) -> HttpResponse:
    """Do not pay, and say why; the money goes back to the wallet."""
    with frame.told(request, _("The payout was rejected; the money is back in the wallet.")):
        actions.reject_payout(actor, payout_id, request.POST.get("reason", ""))
    return redirect("payouts")


@require_safe
@gate.staff_page(*roles.BOOK_READERS)
def movements(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The ledger's movements, the newest first: all, or those of one owner of accounts."""
    owner = request.GET.get("owner", "")[:40]
    rows = ledger.movements(actor, owner) if owner else ledger.transfers(actor)
    page = frame.paged(request, rows)
    context = {
        "page": page,
        "owner": owner,
        "owners": _owners(actor, page.object_list),
        "kinds": KINDS,
    }
    return frame.show(request, actor, "console/ledger.html", context, here="ledger")


def _owners(actor: Actor, rows: Any) -> dict[str, str]:
    """What the owners of accounts on a page are called: codes of lines, names of members."""
    owners = {a.owner for row in rows for a in (row.debit, row.credit)}
    numbers = {owner: int(owner.partition(":")[2]) for owner in owners if ":" in owner}
    of_lines = {number for owner, number in numbers.items() if owner.startswith("line:")}
    of_members = {number for owner, number in numbers.items() if owner.startswith("member:")}
    codes = dict(lines.lines(actor).filter(id__in=of_lines).values_list("id", "code"))
    names = members.names(of_members)
    called = {"company": _("company")}
    for owner, number in numbers.items():
        kind = owner.partition(":")[0]
        called[owner] = {
            "line": codes.get(number, owner),
            "member": names.get(number, owner),
            "packet": _("packet %(number)s") % {"number": number},
            "payout": _("payout %(number)s") % {"number": number},
        }.get(kind, owner)
    return called
