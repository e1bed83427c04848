"""A member's money: what is there, where each fen came from, how to have it paid out."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from loop28.back.compliance import queries as compliance
from loop28.back.finance import actions as finance
from loop28.back.finance import queries as payouts
from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.back.ledger.models import Kind, Movement, Transfer, Unit
from loop28.doors import gate
from loop28.doors.member import frame
from loop28.doors.member.forms import PayoutForm
from loop28.front.packets import queries as packets
from loop28.front.rewards import queries as rewards
from loop28.front.rewards.models import RewardKind, RewardState
from loop28.kernel.access import Actor, NotAllowed
from loop28.kernel.refusals import Refusal
from loop28.middle.members import queries as members

ROWS = 20


class Entry(NamedTuple):
    """One line of the account: what for, by which right, how much (fen or points)."""

    transfer: Transfer
    title: str
    reason: str | Promise
    icon: str


@gate.member_page
@require_GET
def wallet(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Balance, what is still to come, what came, badges, payouts."""
    mine = list(rewards.of_member(actor, actor.id))
    moved = ledger.movements(actor, f"member:{actor.id}", [Kind.WALLET])
    page = Paginator(moved, ROWS).get_page(request.GET.get("page"))
    context = {
        "balance": _balance(actor),
        "points": ledger.balance(actor, accounts.wallet(actor.id, Unit.POINTS)),
        "page": page,
        "entries": entries(actor, list(page)),
        "to_come": [r for r in mine if r.state in {RewardState.HELD, RewardState.UNFUNDED}],
        "honours": [r for r in mine if _is_honour(r.kind, r.state)],
        "payouts": payouts.payouts(actor)[:10],
        "looked_at": compliance.looking_at(actor),
    }
    return frame.page(request, actor, "member/wallet.html", context, tab="wallet")


@gate.member_page
@require_http_methods(["GET", "POST"])
def payout(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Ask to be paid out. The money is reserved at once; the same form again is one request."""
    balance = _balance(actor)
    form = PayoutForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _asked(actor, form):
        notes.success(request, _("Asked for. Finance pays within a few working days."))
        return redirect("wallet")
    context = {"form": form, "balance": balance, "adult": members.is_adult(actor.id)}
    status = 422 if form.errors else 200
    return frame.page(request, actor, "member/payout.html", context, tab="wallet", status=status)


def _asked(actor: Actor, form: PayoutForm) -> bool:
    said = form.cleaned_data
    try:
        finance.ask_payout(
            actor,
            said["fen"],
            said["payee"],
            said["payee_account"],
            str(said["key"]),
            adult=members.is_adult(actor.id),
        )
    except NotAllowed:
        raise
    except Refusal as no:
        form.refuse(no)
        return False
    return True


def _balance(actor: Actor) -> int:
    return ledger.balance(actor, accounts.wallet(actor.id))


def _is_honour(kind: str, state: str) -> bool:
    return kind in {RewardKind.BADGE, RewardKind.COURSE} and state == RewardState.SETTLED


def entries(actor: Actor, moved: Sequence[Transfer]) -> list[Entry]:
    """Say in words what each transfer was, by what its reference names."""
    titles = _titles(actor, [transfer.reference for transfer in moved])
    return [_entry(transfer, titles.get(transfer.reference, "")) for transfer in moved]


def _entry(transfer: Transfer, title: str) -> Entry:
    right: Any = transfer.get_basis_display() if transfer.basis else ""
    if transfer.movement == Movement.PAYOUT:
        return Entry(transfer, _("Payout"), "", "up")
    if transfer.reference.startswith("payout:"):
        return Entry(transfer, _("Payout came back"), right, "refresh")
    if transfer.reference.startswith("merge:"):
        return Entry(transfer, _("From your other record with us"), "", "wallet")
    return Entry(transfer, title or str(right), right if title else "", _icon(transfer))


def _icon(transfer: Transfer) -> str:
    return "packet" if transfer.reference.startswith("packet:") else "task"


def _titles(actor: Actor, references: Sequence[str]) -> dict[str, str]:
    """The packet's or the reward's own title, by the transfer's reference."""
    of_packets = {r: int(r.split(":")[1]) for r in references if r.startswith("packet:")}
    of_rewards = {r: r.removeprefix("reward:") for r in references if r.startswith("reward:")}
    found = packets.by_id(list(of_packets.values()))
    granted = rewards.by_reference(actor, list(of_rewards.values()))
    titles = {r: found[number].title for r, number in of_packets.items() if number in found}
    return titles | {r: granted[name].title for r, name in of_rewards.items() if name in granted}
