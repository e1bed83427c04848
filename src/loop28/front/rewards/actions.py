"""What can be done with rewards: grant, pay when there is money, release, take back."""

from base64 import b32encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.utils.crypto import salted_hmac

from loop28.back.compliance import queries as compliance
from loop28.back.compliance.models import Strength
from loop28.back.finance import queries as finance
from loop28.back.ledger import actions as ledger
from loop28.back.ledger.models import Basis
from loop28.front.rewards import capping, queries, rules, set_off
from loop28.front.rewards.facts import (
    RewardGranted,
    RewardReversed,
    RewardSettled,
    RewardVoided,
)
from loop28.front.rewards.models import Entitlement, RewardKind, RewardState
from loop28.front.rewards.set_off import claim
from loop28.kernel import journal, sql
from loop28.kernel.access import SYSTEM, Actor, require
from loop28.middle.members import queries as members

BATCH = 1000
"""Entitlements that are released, or paid after funding, in one transaction."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A reward that a member has earned; its ``reference`` decides that it is granted once.

    ``amount`` is fen for ``money``, points for ``points``, 0 for what is only named. With
    ``hold_days`` it is the member's only when that many days have passed without a `void`.

    ``limits`` are the caps it counts against, by kind of cap; ``task``, ``budget`` and the local
    ``day`` name those that there are several of.
    """

    reference: str
    line: int
    member: int
    kind: str
    amount: int = 0
    title: str = ""
    basis: str = Basis.TASK_FEE
    hold_days: int = 0
    task: str = ""
    budget: str = ""
    day: date | None = None
    limits: Mapping[str, int] = field(default_factory=dict)


@journal.action
def grant(actor: Actor, grants: Sequence[Grant]) -> list[str]:
    """Grant rewards in the given order; the state each one is in, new or granted before.

    Money comes out of the line's budget at once, into the wallet or into what is held. What the
    budget cannot pay is UNFUNDED: still the member's right, and paid when there is money again.
    What is over a cap is CAPPED, for good. What the member owes is taken of what comes to them.
    A known reference grants nothing and answers with where its reward stands by now; raises
    RuntimeError when it was for something else. Only the product itself grants.
    """
    require(actor)
    grants = _to_who_they_are(grants)
    fresh = _written(grants)
    debts = set_off.owed_by(fresh)
    capping.cut_off(fresh, {g.reference: g.limits for g in grants})
    _fund([row for row in fresh if row.state != RewardState.CAPPED], debts)
    _save([row for row in fresh if row.state in {RewardState.CAPPED, RewardState.UNFUNDED}])
    journal.record(*(RewardGranted(**_said(row), state=row.state) for row in fresh))
    _record_settled(fresh)
    return _answers(grants, fresh)


@journal.action
def settle_unfunded(actor: Actor, line_id: int) -> None:
    """Pay what waits for this line's budget, the oldest first, as far as it goes; at most `BATCH`.

    A hold that is not over yet is kept: then the money is set aside first. What is larger than all
    that is left stands in nobody's way.
    """
    require(actor)
    left = finance.budget_left(actor, [line_id])[line_id]
    waiting = Entitlement.objects.filter(
        line_id=line_id, state=RewardState.UNFUNDED, amount__lte=left
    )
    rows = list(waiting.select_for_update().order_by("id")[:BATCH])
    promised = _promised([(row.member_id, row.available_at) for row in rows])
    for row, state in zip(rows, promised, strict=True):
        row.state = state
    _fund(rows, set_off.owed_by(rows))
    _save([row for row in rows if row.state != RewardState.UNFUNDED])
    _record_settled(rows)


@journal.action
def release_due(actor: Actor) -> int:
    """Make held rewards the members' own whose hold is over; how many, at most `BATCH`.

    Rows that another worker is releasing or somebody is taking back just now are left to them.
    """
    require(actor)
    over = queries.releasable().filter(available_at__lte=journal.now())
    rows = list(over.select_for_update(skip_locked=True).order_by("id")[:BATCH])
    for row in rows:
        row.state = RewardState.SETTLED
    debts = set_off.owed_by(rows)
    _post(rules.release(claim(row)) for row in rows if row.kind in rules.UNITS)
    set_off.pay_back(rows, debts)
    _save(rows)
    _record_settled(rows)
    return len(rows)


@journal.action
def void(actor: Actor, references: Sequence[str], why: str = "") -> list[str]:
    """Take rewards back; the state each one is in then.

    What was held goes back to the budget. What was paid for good is REVERSED: it stays where it is
    and is set against the member's next rewards. Raises KeyError for a reference that was never
    granted; one that was taken back before stays as it is. ``why`` is what the person said who
    decided it, where one did.
    """
    require(actor)
    rows = list(
        Entitlement.objects.select_for_update().filter(reference__in=references).order_by("id")
    )
    standing = [row for row in rows if row.taken_back_at is None]
    held = [row for row in standing if row.state == RewardState.HELD]
    capping.give_room(standing)
    _post(rules.give_back(claim(row)) for row in held if row.kind in rules.UNITS)
    for row in standing:
        row.taken_back_why = why
        _take_back(row)
    _save(standing)
    journal.record(*(_taken_back(row) for row in standing))
    states = {row.reference: row.state for row in rows}
    return [states[reference] for reference in references]


def _take_back(row: Entitlement) -> None:
    """Only what moved something can be owed; a badge that was theirs is no longer."""
    row.taken_back_at = journal.now()
    if row.state == RewardState.SETTLED and row.kind in rules.UNITS:
        row.state, row.owed = RewardState.REVERSED, row.amount
    else:
        row.state, row.settled_at = RewardState.VOID, None


def _taken_back(row: Entitlement) -> RewardVoided | RewardReversed:
    fact = RewardReversed if row.state == RewardState.REVERSED else RewardVoided
    return fact(**_said(row))


def _to_who_they_are(grants: Sequence[Grant]) -> list[Grant]:
    """What a record did that was merged away, another one earned by it."""
    now = members.turned_out(g.member for g in grants)
    return [replace(g, member=now[g.member]) if g.member in now else g for g in grants]


def _written(grants: Sequence[Grant]) -> list[Entitlement]:
    """The entitlements that are new by their references, in the given order, not yet paid.

    They are written as what they will be if nothing is in the way, which is nearly always.
    """
    now = journal.now()
    ends = [rules.available(now, g.hold_days) for g in grants]
    states = _promised([(g.member, end) for g, end in zip(grants, ends, strict=True)])
    rows = [
        {
            "reference": g.reference,
            "line_id": g.line,
            "member_id": g.member,
            "kind": g.kind,
            "amount": g.amount,
            "title": g.title,
            "basis": g.basis,
            "state": state.value,
            "granted_at": now,
            "available_at": end,
            "settled_at": now if state is RewardState.SETTLED else None,
            "owed": 0,
            "code": _code(g.reference) if g.kind == RewardKind.COUPON else "",
            "task": g.task,
            "budget": g.budget,
            "day": g.day,
            "capped_by": "",
            "taken_back_why": "",
        }
        for g, end, state in zip(grants, ends, states, strict=True)
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


def _promised(many: Sequence[tuple[int, datetime]]) -> list[RewardState]:
    """Where rewards of these members, held until then, stand when the budget has the money.

    What is a member's whose rewards are frozen is held whenever its own hold ends.
    """
    now, frozen = journal.now(), compliance.frozen(Strength.HOLD) if many else set()
    return [
        RewardState.HELD if member in frozen or rules.is_held(end, now) else RewardState.SETTLED
        for member, end in many
    ]


def _code(reference: str) -> str:
    """What a member shows for a coupon: nobody guesses it, and the same reward has the same one."""
    return b32encode(salted_hmac("loop28.coupon", reference).digest())[:10].decode()


def _fund(rows: Sequence[Entitlement], debts: Sequence[Entitlement]) -> None:
    """Pay or hold each row, as its state says, as far as the budgets go; the rest is UNFUNDED."""
    moving = [row for row in rows if row.kind in rules.UNITS]
    moves = [_first_move(row) for row in moving]
    for row, posted in zip(moving, ledger.transfer(SYSTEM, moves, partial=True), strict=True):
        if posted is None:
            row.state = RewardState.UNFUNDED
    set_off.pay_back(moving, debts)


def _first_move(row: Entitlement) -> ledger.Move:
    return (rules.hold if row.state == RewardState.HELD else rules.pay)(claim(row))


def _post(moves: Iterable[ledger.Move]) -> None:
    ledger.transfer(SYSTEM, list(moves))


def _save(rows: Sequence[Entitlement]) -> None:
    """Write where these rows stand now; what became settled was settled now."""
    now = journal.now()
    for row in rows:
        if row.state == RewardState.SETTLED:
            row.settled_at = now
        elif row.state != RewardState.REVERSED:
            row.settled_at = None
    names = ("settled_at", "taken_back_at", "taken_back_why", "owed", "capped_by")
    sql.update(
        Entitlement,
        [
            {"id": row.pk, "state": RewardState(row.state).value}
            | {name: getattr(row, name) for name in names}
            for row in rows
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
