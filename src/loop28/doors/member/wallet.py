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
from loop28.back.compliance.models import Strength
from loop28.back.finance import actions as finance
from loop28.back.finance import queries as payouts
from loop28.back.finance.rules import payout_of
from loop28.back.finance.steps import Part
from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.back.ledger.models import Kind, Movement, Transfer, Unit
from loop28.doors import gate
from loop28.doors.member import frame
from loop28.doors.member.forms import PayoutForm
from loop28.front.packets import queries as packets
from loop28.front.rewards import queries as rewards
from loop28.front.rewards import rules, wallets
from loop28.front.rewards.models import Entitlement, RewardKind, RewardState
from loop28.front.rewards.wallets import Wallet
from loop28.kernel import clock
from loop28.kernel.access import Actor, NotAllowed
from loop28.kernel.refusals import Refusal
from loop28.middle.members import queries as members

ROWS = 20
TO_COME = {RewardState.HELD, RewardState.UNFUNDED}
LOST = {RewardState.CAPPED, RewardState.VOID, RewardState.REVERSED}


class Entry(NamedTuple):
    """One line of the account: what for, by which right, how much (fen or points).

    ``parts`` say how far the money is, ``reward`` whose story it belongs to.
    """

    transfer: Transfer
    title: str
    reason: str | Promise
    icon: str
    parts: Sequence[Part] = ()
    reward: Entitlement | None = None


@gate.member_page
@require_GET
def wallet(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Balance, what is still to come, what came and how far it is, badges, coupons, payouts."""
    mine = list(rewards.of_member(actor, actor.id))
    followed = wallets.of_member(actor, actor.id)
    outs = [(p.out, p.fen) for parts in followed.parts.values() for p in parts if p.out]
    looked_at = compliance.looking_at(actor)
    moved = ledger.movements(actor, f"member:{actor.id}", [Kind.WALLET])
    page = Paginator(moved, ROWS).get_page(request.GET.get("page"))
    context = {
        "balance": _balance(actor),
        "points": ledger.balance(actor, accounts.wallet(actor.id, Unit.POINTS)),
        "page": page,
        "entries": entries(actor, list(page), followed),
        "to_come": [r for r in mine if r.state in TO_COME],
        "waiting_fen": sum(r.amount for r in mine if r.state in TO_COME and r.kind == "money"),
        "claimed_fen": sum(fen for out, fen in outs if out.payout and not out.settled_at),
        "paid_fen": sum(fen for out, fen in outs if out.payout and out.settled_at),
        "lost": [r for r in mine if r.state in LOST][:ROWS],
        "owed": [r for r in mine if r.owed],
        "now": clock.now(),
        "coupons": [r for r in mine if r.code and r.state == RewardState.SETTLED],
        "honours": [r for r in mine if _is_honour(r.kind, r.state)],
        "payouts": payouts.payouts(actor)[:10],
        "looked_at": looked_at,
        "frozen": Strength.HOLD in looked_at,
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
    context = {
        "form": form,
        "balance": balance,
        "adult": members.is_adult(actor.id),
        "looked_at": [s for s in compliance.looking_at(actor) if s == Strength.PAYOUT],
    }
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


def entries(actor: Actor, moved: Sequence[Transfer], followed: Wallet | None = None) -> list[Entry]:
    """Say in words what each transfer was, by what its reference names, and how far it is."""
    names = [transfer.reference for transfer in moved]
    titles, granted = _packets(names), _rewards(actor, names)
    titles |= {name: reward.title for name, reward in granted.items()}
    parts = followed.parts if followed else {}
    return [
        _entry(transfer, titles.get(transfer.reference, ""))._replace(
            parts=parts.get(transfer.pk, ()), reward=granted.get(transfer.reference)
        )
        for transfer in moved
    ]


def _entry(transfer: Transfer, title: str) -> Entry:
    if rules.set_off_by(transfer.reference):
        return Entry(transfer, title, _("set against your reward, which was taken back"), "refresh")
    right: Any = transfer.get_basis_display() if transfer.basis else ""
    if transfer.movement == Movement.PAYOUT:
        return Entry(transfer, _("Payout"), "", "up")
    if payout_of(transfer.reference):
        return Entry(transfer, _("Payout came back"), right, "refresh")
    if transfer.reference.startswith("merge:"):
        return Entry(transfer, _("From your other record with us"), "", "wallet")
    return Entry(transfer, title or str(right), right if title else "", _icon(transfer))


def _icon(transfer: Transfer) -> str:
    return "packet" if transfer.reference.startswith("packet:") else "task"


def _packets(references: Sequence[str]) -> dict[str, str]:
    """The titles of packets by the transfers' references."""
    numbers = {r: int(r.split(":")[1]) for r in references if r.startswith("packet:")}
    found = packets.by_id(list(numbers.values()))
    return {r: found[number].title for r, number in numbers.items() if number in found}


def _rewards(actor: Actor, references: Sequence[str]) -> dict[str, Entitlement]:
    """The rewards that transfers paid, or paid back for, by the transfers' references."""
    paid = {r: name for r in references if (name := rules.paid_by(r))}
    back = {r: names[0] for r in references if (names := rules.set_off_by(r))}
    granted = rewards.by_reference(actor, list(paid.values()))
    owed = rewards.of_member(actor, actor.id).in_bulk(back.values()) if back else {}
    found = {r: granted[name] for r, name in paid.items() if name in granted}
    return found | {r: owed[number] for r, number in back.items() if number in owed}
