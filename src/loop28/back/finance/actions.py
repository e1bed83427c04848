"""Funding lines, and paying members out: asked, exported by one person, settled by another."""

from collections.abc import Sequence

from loop28.back.compliance import actions as compliance
from loop28.back.compliance import queries as freezes
from loop28.back.compliance.models import Strength
from loop28.back.finance import queries, rules
from loop28.back.finance.facts import (
    BooksAudited,
    LineFunded,
    LineGaveBack,
    PayoutAsked,
    PayoutExported,
    PayoutPaid,
    PayoutRejected,
)
from loop28.back.finance.models import Export, Payee, Payout, PayoutState
from loop28.back.finance.refusals import (
    AdultsOnlyPaid,
    AmountOutOfRange,
    FourEyes,
    KeyUsed,
    NothingToExport,
    PayeeTaken,
    PayoutFrozen,
    PayoutNotOnList,
    PayoutSettled,
    PayoutUnknown,
)
from loop28.back.ledger import actions as ledger
from loop28.back.ledger.actions import ReferenceReused, transfer
from loop28.back.ledger.rules import LARGEST
from loop28.kernel import access, journal, money, sql, text
from loop28.kernel.access import Actor, NotAllowed, Role


@journal.action
def fund(actor: Actor, line_id: int, fen: int, key: str, *, region_id: int | None = None) -> bool:
    """Give a line ``fen`` to spend; False when the same was done under this key before.

    A region manager funds lines of their own region: the caller, which knows the line, passes its
    ``region_id``. Refuses with NotAllowed, AmountOutOfRange, KeyUsed.
    """
    access.require(actor, Role.ADMINISTRATOR, Role.FINANCE, Role.REGION_MANAGER)
    if actor.role is Role.REGION_MANAGER and (region_id is None or region_id != actor.region):
        raise NotAllowed
    _check_amount(fen)
    key = text.clean_line(key, limit=50, field="key")
    try:
        (new,) = transfer(actor, [rules.funding(line_id, fen, key)])
    except ReferenceReused:
        raise KeyUsed(field="key") from None
    if new:
        journal.record(LineFunded(line=line_id, fen=fen))
    return bool(new)


@journal.action
def give_back(actor: Actor, line_id: int, fen: int, key: str) -> None:
    """Return ``fen`` of a line's budget to the company; once under a ``key``.

    How much nobody has a right to any more is known further up. Refuses with Insufficient.
    """
    access.require(actor)
    (new,) = transfer(actor, [rules.giving_back(line_id, fen, key)])
    if new:
        journal.record(LineGaveBack(line=line_id, fen=fen))


@journal.action
def ask_payout(
    actor: Actor, fen: int, payee: str, payee_account: str, key: str, *, adult: bool
) -> Payout:
    """A member asks for ``fen`` of their own wallet; the same key again returns the same payout.

    ``adult`` is what the door knows of the member. Refuses with NotAllowed, AdultsOnlyPaid,
    AmountOutOfRange, TextMissing, TextTooLong, KeyUsed, PayeeTaken, Insufficient.
    """
    if actor.role is not Role.MEMBER:
        raise NotAllowed
    if not adult:
        raise AdultsOnlyPaid
    _check_amount(fen)
    asked = {
        "member": actor.id,
        "fen": fen,
        "payee": text.clean_line(payee, limit=60, field="payee"),
        "payee_account": text.clean_line(payee_account, limit=80, field="payee_account"),
    }
    # A key belongs to one caller: what somebody else sends under the same key is another request.
    request_key = f"{actor.id}:{text.clean_line(key, limit=40, field='key')}"
    written = sql.insert(
        Payout,
        [
            asked
            | {"state": PayoutState.ASKED, "asked_at": journal.now(), "reason": ""}
            | {"request_key": request_key}
        ],
        unique=["request_key"],
    )
    payout = Payout.objects.get(request_key=request_key)
    if not written:
        if any(getattr(payout, name) != value for name, value in asked.items()):
            raise KeyUsed(field="key")
        return payout
    _bind(payout)
    transfer(actor, [rules.asking(payout.pk, actor.id, fen)])
    journal.record(PayoutAsked(member=actor.id, payout=payout.pk, fen=fen))
    return payout


@journal.action
def export_payouts(actor: Actor) -> Export:
    """Put everything that was asked for onto one new list; `queries.export_rows` reads it.

    Whose payouts are frozen waits. Refuses with NotAllowed and NothingToExport.
    """
    _require_person(actor)
    waiting = list(queries.payable().select_for_update().order_by("id"))
    if not waiting:
        raise NothingToExport
    export = Export.objects.create(made_at=journal.now(), made_by_id=actor.id)
    rows = [{"id": p.pk, "state": PayoutState.EXPORTED, "export": export.pk} for p in waiting]
    sql.update(Payout, rows)
    journal.record(
        *(PayoutExported(member=p.member, payout=p.pk, export=export.pk) for p in waiting)
    )
    return export


@journal.action
def mark_paid(actor: Actor, payout_ids: Sequence[int]) -> int:
    """Say that these payouts were paid by hand; how many were not marked before.

    Refuses, and marks none, with NotAllowed, PayoutUnknown, PayoutSettled (one was rejected),
    PayoutNotOnList, PayoutFrozen, FourEyes.
    """
    _require_person(actor)
    frozen = freezes.frozen(Strength.PAYOUT)
    payouts = [p for p in _locked(payout_ids) if p.state != PayoutState.PAID]
    for payout in payouts:
        if payout.state == PayoutState.REJECTED:
            raise PayoutSettled(payout=payout.pk)
        if payout.export is None:
            raise PayoutNotOnList(payout=payout.pk)
        if payout.member in frozen:
            raise PayoutFrozen(payout=payout.pk)
        _require_another(actor, payout)
    transfer(actor, [rules.paid(p.pk, p.fen) for p in payouts])
    _settle(actor, payouts, PayoutState.PAID)
    journal.record(*(PayoutPaid(member=p.member, payout=p.pk, fen=p.fen) for p in payouts))
    return len(payouts)


@journal.action
def reject_payout(actor: Actor, payout_id: int, reason: str) -> bool:
    """Do not pay; the money goes back to the wallet. False when it was rejected before.

    What is on a list is rejected by another person than its exporter, too: they may just be paying
    it. Refuses with NotAllowed, TextMissing, TextTooLong, PayoutUnknown, PayoutSettled, FourEyes.
    """
    _require_person(actor)
    reason = text.clean_line(reason, limit=200, field="reason")
    (payout,) = _locked([payout_id])
    if payout.state == PayoutState.REJECTED:
        return False
    if payout.state == PayoutState.PAID:
        raise PayoutSettled(payout=payout.pk)
    _require_another(actor, payout)
    transfer(actor, [rules.rejected(payout.pk, payout.member, payout.fen)])
    _settle(actor, [payout], PayoutState.REJECTED, reason)
    _let_go(payout)
    journal.record(PayoutRejected(member=payout.member, payout=payout.pk, fen=payout.fen))
    return True


@journal.action
def hand_over(actor: Actor, member: int, lost: int) -> None:
    """A record was merged into another of the same person: its payouts and wallets go with it, and
    what froze them.
    """
    access.require(actor, Role.ADMINISTRATOR)
    compliance.hand_over(actor, member, lost)
    sql.hand_over(Payout, member, of=lost)
    sql.hand_over(Payee, member, of=lost)
    ledger.hand_over(actor, member, lost)


@journal.action
def note_audit(actor: Actor, differences: int) -> None:
    """Write down that the books were recomputed, and how many differences that named."""
    journal.record(BooksAudited(differences=differences))


def _bind(payout: Payout) -> None:
    """The account is this member's unless it is another's; of two at one moment one gets it."""
    if account := rules.account(payout.payee_account):
        row = {"account": account, "member": payout.member}
        sql.insert(Payee, [row], unique=["account"], returning=())
        if Payee.objects.get(account=account).member != payout.member:
            raise PayeeTaken(field="payee_account")


def _let_go(rejected: Payout) -> None:
    """Nobody keeps an account to themselves by a payout that was rejected."""
    account = rules.account(rejected.payee_account)
    others = Payout.objects.filter(member=rejected.member).exclude(state=PayoutState.REJECTED)
    if account not in map(rules.account, others.values_list("payee_account", flat=True)):
        Payee.objects.filter(account=account, member=rejected.member).delete()


def _check_amount(fen: int) -> None:
    if not 1 <= fen <= LARGEST:
        raise AmountOutOfRange(field="fen", least=money.yuan(1), most=money.yuan(LARGEST))


def _require_person(actor: Actor) -> None:
    """Not even the system settles payouts: every name in the books is a person's."""
    if actor.role not in {Role.ADMINISTRATOR, Role.FINANCE}:
        raise NotAllowed


def _require_another(actor: Actor, payout: Payout) -> None:
    if payout.export and payout.export.made_by_id == actor.id:
        raise FourEyes


def _locked(payout_ids: Sequence[int]) -> list[Payout]:
    rows = Payout.objects.filter(pk__in=payout_ids).order_by("id")
    payouts = list(rows.select_for_update(of=("self",)).select_related("export"))
    unknown = set(payout_ids) - {payout.pk for payout in payouts}
    if unknown:
        raise PayoutUnknown(payout=min(unknown))
    return payouts


def _settle(actor: Actor, payouts: Sequence[Payout], state: PayoutState, reason: str = "") -> None:
    Payout.objects.filter(pk__in=[p.pk for p in payouts]).update(
        state=state, settled_at=journal.now(), settled_by=actor.id, reason=reason
    )
