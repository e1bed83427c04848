"""What can be done with rewards: grant, pay when there is money, release, take back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from loop28.back.compliance import queries as compliance
from loop28.back.compliance.models import Strength
from loop28.back.ledger import actions as ledger
from loop28.back.ledger.models import Basis
from loop28.front.rewards import queries, rules
from loop28.front.rewards.facts import RewardGranted, RewardSettled, RewardVoided
from loop28.front.rewards.models import Entitlement, RewardState
from loop28.kernel import journal, sql
from loop28.kernel.access import SYSTEM, Actor, require
from loop28.middle.members import queries as members

BATCH = 1000
"""Entitlements that are released, or paid after funding, in one transaction."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A reward that a member has earned; its ``reference`` decides that it is granted once.

    ``amount`` is fen for ``money``, points for ``points``, 0 for ``badge`` and ``course``. With
    ``hold_days`` it is the member's only when that many days have passed without a `void`.
    """

    reference: str
    line: int
    member: int
    kind: str
    amount: int = 0
    title: str = ""
    basis: str = Basis.TASK_FEE
    hold_days: int = 0


@journal.action
def grant(actor: Actor, grants: Sequence[Grant]) -> list[str]:
    """Grant rewards in the given order; the state each one is in, new or granted before.

    Money comes out of the line's budget at once, into the wallet or into what is held. What the
    budget cannot pay is UNFUNDED: still the member's right, and paid when there is money again.
    A known reference grants nothing and answers with where its reward stands by now; raises
    RuntimeError when it was for something else. Only the product itself grants.
    """
    require(actor)
    grants = _to_who_they_are(grants)
    fresh = _written(grants)
    _fund(fresh)
    journal.record(*(RewardGranted(**_said(row), state=row.state) for row in fresh))
    _record_settled(fresh)
    return _answers(grants, fresh)


@journal.action
def settle_unfunded(actor: Actor, line_id: int) -> int:
    """Pay what waits for this line's budget, the oldest first, as far as it goes; how many.

    A hold that is not over yet is kept: then the money is set aside first.
    """
    require(actor)
    waiting = Entitlement.objects.filter(line_id=line_id, state=RewardState.UNFUNDED)
    rows = list(waiting.select_for_update().order_by("id")[:BATCH])
    _fund(rows)
    _record_settled(rows)
    return sum(row.state != RewardState.UNFUNDED for row in rows)


@journal.action
def release_due(actor: Actor) -> int:
    """Make held rewards the members' own whose hold is over; how many, at most `BATCH`.

    Rows that another worker is releasing or somebody is taking back just now are left to them.
    """
    require(actor)
    over = queries.releasable().filter(available_at__lte=journal.now())
    rows = list(over.select_for_update(skip_locked=True).order_by("id")[:BATCH])
    _post(rules.release(_claim(row)) for row in rows if row.kind in rules.UNITS)
    for row in rows:
        row.state = RewardState.SETTLED
    _save(rows)
    _record_settled(rows)
    return len(rows)


@journal.action
def void(actor: Actor, references: Sequence[str], *, frozen: bool = False) -> list[str]:
    """Take rewards back that are not settled yet; the state each one is in then.

    What was held goes back to the budget. Its hold is the time to take a reward back: after it the
    reward stays, released or not, but for what is held because its member is ``frozen``. Raises
    KeyError for a reference that was never granted.
    """
    require(actor)
    rows = list(
        Entitlement.objects.select_for_update().filter(reference__in=references).order_by("id")
    )
    now = journal.now()
    held = [
        row
        for row in rows
        if row.state == RewardState.HELD and (frozen or rules.is_held(row.available_at, now))
    ]
    open_ = [row for row in rows if row.state == RewardState.UNFUNDED] + held
    _post(rules.give_back(_claim(row)) for row in held if row.kind in rules.UNITS)
    for row in open_:
        row.state = RewardState.VOID
    _save(open_)
    journal.record(*(RewardVoided(**_said(row)) for row in open_))
    states = {row.reference: row.state for row in rows}
    return [states[reference] for reference in references]


def _to_who_they_are(grants: Sequence[Grant]) -> list[Grant]:
    """What a record did that was merged away, another one earned by it."""
    now = members.turned_out(g.member for g in grants)
    return [replace(g, member=now[g.member]) if g.member in now else g for g in grants]


def _written(grants: Sequence[Grant]) -> list[Entitlement]:
    """The entitlements that are new by their references, in the given order, not yet paid."""
    now = journal.now()
    rows = [
        {
            "reference": g.reference,
            "line_id": g.line,
            "member_id": g.member,
            "kind": g.kind,
            "amount": g.amount,
            "title": g.title,
            "basis": g.basis,
            "state": RewardState.UNFUNDED.value,
            "granted_at": now,
            "available_at": rules.available(now, g.hold_days),
        }
        for g in grants
    ]
    columns = ("id", "reference")
    new = sql.insert(Entitlement, rows, unique=("reference",), returning=columns)
    ids = {reference: number for number, reference in new}
    fresh = []
    for row in rows:
        number = ids.pop(row["reference"], None)
        if number is not None:
            fresh.append(Entitlement(id=number, **row))
    return fresh


def _answers(grants: Sequence[Grant], fresh: Sequence[Entitlement]) -> list[str]:
    """Where each reward stands; those that were granted before are looked up."""
    rows = {row.reference: row for row in fresh}
    known = {g.reference for g in grants} - rows.keys()
    if known:
        rows |= {row.reference: row for row in Entitlement.objects.filter(reference__in=known)}
    for g in grants:
        row = rows[g.reference]
        same = (row.line_id, row.member_id, row.kind) == (g.line, g.member, g.kind)
        if not same or row.amount != g.amount:
            raise RuntimeError(f"{g.reference} was granted for something else")
    return [rows[g.reference].state for g in grants]


def _fund(rows: Sequence[Entitlement]) -> None:
    """Pay or hold each row as far as the budgets go, and write down where it stands then.

    What is a member's whose rewards are frozen is held whenever its own hold ends.
    """
    now, frozen = journal.now(), compliance.frozen(Strength.HOLD) if rows else set()
    for row in rows:
        hold = rules.is_held(row.available_at, now) or row.member_id in frozen
        row.state = RewardState.HELD if hold else RewardState.SETTLED
    moving = [row for row in rows if row.kind in rules.UNITS]
    moves = [_first_move(row) for row in moving]
    for row, posted in zip(moving, ledger.transfer(SYSTEM, moves, partial=True), strict=True):
        if posted is None:
            row.state = RewardState.UNFUNDED
    _save([row for row in rows if row.state != RewardState.UNFUNDED])


def _first_move(row: Entitlement) -> ledger.Move:
    return (rules.hold if row.state == RewardState.HELD else rules.pay)(_claim(row))


def _post(moves: Iterable[ledger.Move]) -> None:
    ledger.transfer(SYSTEM, list(moves))


def _save(rows: Sequence[Entitlement]) -> None:
    """Write the state of rows that changed; what is settled was settled now."""
    now = journal.now()
    states = [RewardState(row.state) for row in rows]
    sql.update(
        Entitlement,
        [
            {
                "id": row.pk,
                "state": state.value,
                "settled_at": now if state is RewardState.SETTLED else None,
            }
            for row, state in zip(rows, states, strict=True)
        ],
    )


def _record_settled(rows: Sequence[Entitlement]) -> None:
    settled = (row for row in rows if row.state == RewardState.SETTLED)
    journal.record(*(RewardSettled(**_said(row)) for row in settled))


def _said(row: Entitlement) -> dict[str, Any]:
    return {
        "line": row.line_id,
        "member": row.member_id,
        "entitlement": row.pk,
        "kind": row.kind,
        "amount": row.amount,
    }


def _claim(row: Entitlement) -> rules.Claim:
    return rules.Claim(row.reference, row.line_id, row.member_id, row.kind, row.amount, row.basis)
