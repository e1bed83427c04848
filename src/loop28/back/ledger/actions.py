"""The one verb of the ledger, and its use for two wallets that turned out to be one person's."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import QuerySet

from loop28.back.ledger import accounts, queries
from loop28.back.ledger.accounts import AccountKey
from loop28.back.ledger.models import Account, Kind, Transfer, Unit
from loop28.back.ledger.refusals import AccountClosed, Insufficient
from loop28.back.ledger.rules import (
    UNBOUNDED,
    Move,
    ReferenceReused,
    Stand,
    decide,
    emptying,
    mistake,
    wrong_reversal,
)
from loop28.kernel import journal, money, sql
from loop28.kernel.access import Actor
from loop28.kernel.prepared import prepared

__all__ = ["AccountKey", "Insufficient", "Move", "ReferenceReused", "hand_over", "transfer"]


@journal.action
def transfer(actor: Actor, moves: Sequence[Move], *, partial: bool = False) -> list[bool | None]:
    """Post the moves in the given order; one answer each.

    True: newly posted. False: posted before under the same reference. None, only with ``partial``:
    left out, because it would take an account below its floor; without ``partial`` the whole batch
    is refused with Insufficient. A batch that brings something to a wallet that is nobody's any
    more is refused with AccountClosed. Accounts come into being when they are first named. Raises
    ReferenceReused for a known reference with other content, ValueError for a move the rules do not
    know: both are bugs of the caller.

    At most six statements, however many moves. Locks the accounts until the end of the action.
    No fact is recorded: a transfer is the record, and whoever moves money says why in their own.
    """
    if not moves:
        return []
    for move in moves:
        _refuse_wrong(move, mistake(move))
    ids, stands = _locked({key for move in moves for key in (move.debit, move.credit)})
    posted, transfers = _posted(moves)
    for move in moves:
        if move.reverses is not None:
            _refuse_wrong(move, wrong_reversal(move, posted.get(move.reverses)))
    answers = decide(moves, posted, stands)
    if None in answers and not partial:
        _refuse_short(moves, answers, stands)
    fresh = [move for move, answer in zip(moves, answers, strict=True) if answer]
    if any(stands[move.credit].closed for move in fresh):
        raise AccountClosed
    _post(fresh, ids, transfers)
    return answers


@journal.action
def hand_over(actor: Actor, member: int, lost: int) -> None:
    """What is in the wallets of a record comes into those of the one it was merged into.

    Both turned out to be one person. The wallets of the lost one are closed for good.
    """
    pairs = [(accounts.wallet(lost, unit), accounts.wallet(member, unit)) for unit in Unit.values]
    company = {accounts.TREASURY, accounts.ISSUER}
    _, stands = _locked({*company, *(key for pair in pairs for key in pair)})
    moves = [
        move
        for wallet, into in pairs
        if (held := stands[wallet].balance)
        for move in emptying(wallet, into, held, f"merge:{lost}:{wallet.unit}")
    ]
    transfer(actor, moves)
    closing = Account.objects.filter(owner=accounts.wallet(lost).owner, kind=Kind.WALLET)
    closing.update(closed=True)


def _refuse_wrong(move: Move, why: str | None) -> None:
    if why:
        raise ValueError(f"{why}: {move}")


def _refuse_short(
    moves: Sequence[Move], answers: Sequence[bool | None], stands: dict[AccountKey, Stand]
) -> None:
    short = moves[answers.index(None)].debit
    needed = sum(
        move.amount
        for move, answer in zip(moves, answers, strict=True)
        if move.debit == short and answer is not False
    )
    raise Insufficient(
        account=str(short),
        needed=_said(needed, short.unit),
        left=_said(stands[short].balance, short.unit),
    )


def _said(amount: int, unit: str) -> str:
    return f"¥{money.yuan(amount)}" if unit == "fen" else str(amount)


def _locked(keys: set[AccountKey]) -> tuple[dict[AccountKey, int], dict[AccountKey, Stand]]:
    """Every account's id and where it stands, locked in id order.

    The missing ones are made first, in the order of their names, while this call holds no lock yet:
    two batches that name the same accounts in opposite order wait for each other, never in a ring.
    """
    missing = sorted(keys.difference(_there(keys)))
    sql.insert(Account, [_new(key) for key in missing], unique=["owner", "kind", "unit"])
    ids, stands = {}, {}
    for id_, owner, kind, unit, balance, floor, closed in _held(keys):
        key = AccountKey(owner, kind, unit)
        ids[key], stands[key] = id_, Stand(balance, floor, closed)
    return ids, stands


@prepared
def _there(keys: Collection[AccountKey]) -> QuerySet[Account, tuple[str, str, str]]:
    """Those of these accounts that are there."""
    return queries.named(keys).values_list("owner", "kind", "unit")


@prepared
def _held(keys: Collection[AccountKey]) -> QuerySet[Account, tuple[Any, ...]]:
    """Where these accounts stand, locked."""
    rows = queries.named(keys).order_by("id").select_for_update(no_key=True)
    return rows.values_list("id", "owner", "kind", "unit", "balance", "floor", "closed")


def _new(key: AccountKey) -> dict[str, object]:
    floor = None if key.kind in UNBOUNDED else 0
    names = {"owner": key.owner, "kind": key.kind, "unit": key.unit}
    return names | {"balance": 0, "floor": floor, "closed": False}


def _posted(moves: Sequence[Move]) -> tuple[dict[str, Move], dict[str, int]]:
    """What stands under the references of these moves, or is reversed by them, and its ids."""
    named = {move.reference for move in moves} | {move.reverses for move in moves if move.reverses}
    posted, ids = {}, {}
    for id_, reference, d_owner, d_kind, c_owner, c_kind, unit, *rest in _transfers(named):
        debit, credit = AccountKey(d_owner, d_kind, unit), AccountKey(c_owner, c_kind, unit)
        posted[reference] = Move(reference, debit, credit, *rest)
        ids[reference] = id_
    return posted, ids


@prepared
def _transfers(references: Collection[str]) -> QuerySet[Transfer, tuple[Any, ...]]:
    return Transfer.objects.filter(sql.among("reference", references)).values_list(
        "id",
        "reference",
        *("debit__owner", "debit__kind", "credit__owner", "credit__kind", "unit"),
        *("amount", "basis", "movement", "reverses__reference"),
    )


def _post(fresh: Sequence[Move], ids: dict[AccountKey, int], transfers: dict[str, int]) -> None:
    rows = [
        {
            "reference": move.reference,
            "debit": ids[move.debit],
            "credit": ids[move.credit],
            "amount": move.amount,
            "unit": move.debit.unit,
            "basis": move.basis,
            "movement": move.movement,
            "reverses": transfers[move.reverses] if move.reverses else None,
            "at": journal.now(),
        }
        for move in fresh
    ]
    written = sql.insert(Transfer, rows, unique=["reference"], returning=["reference"])
    if len(written) < len(rows):
        # Whoever posts the same content locks the same accounts and is seen by _posted. So what was
        # written meanwhile under one of these references moves something else.
        raise ReferenceReused(f"{len(rows) - len(written)} of {len(rows)} references were taken")
