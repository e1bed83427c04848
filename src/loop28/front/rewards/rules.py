"""How a reward travels: promised, held, paid, given back. Each way has a reference of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from loop28.back.ledger import accounts
from loop28.back.ledger.accounts import AccountKey
from loop28.back.ledger.rules import Move

UNITS: Mapping[str, str] = {"money": "fen", "points": "points"}
"""The kinds of reward that move something in the ledger, and what. A badge moves nothing."""

_REWARD = "reward:"
_SET_OFF = "setoff:"

USABLE = timedelta(days=365)
"""How long a coupon is good, from when it is its member's. A guess: where it is less, its title
says so, and who takes the coupon reads it."""


class Usable(StrEnum):
    """Whether a coupon can be used."""

    NOW = "now"
    NOT_YET = "not_yet"
    USED = "used"
    TAKEN_BACK = "taken_back"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Claim:
    """What the ledger needs to know of one entitlement. ``amount`` is in fen or points."""

    reference: str
    line: int
    member: int
    kind: str
    amount: int
    basis: str


def available(granted_at: datetime, hold_days: int) -> datetime:
    """When the hold of a reward ends: whole days of 24 hours, because a window is a promise."""
    return granted_at + timedelta(days=hold_days)


def is_held(available_at: datetime, now: datetime) -> bool:
    """Whether a reward may not yet be the member's. The instant the hold ends is already free."""
    return now < available_at


def usable_until(settled_at: datetime) -> datetime:
    """The last instant that counts."""
    return settled_at + USABLE


def usable(
    settled_at: datetime | None, taken_back_at: datetime | None, used: bool, now: datetime
) -> Usable:
    """Where a coupon stands; what was used stays used, whatever came after it."""
    if used:
        return Usable.USED
    if taken_back_at is not None:
        return Usable.TAKEN_BACK
    if settled_at is None:
        return Usable.NOT_YET
    return Usable.NOW if now <= usable_until(settled_at) else Usable.EXPIRED


def pay(claim: Claim) -> Move:
    """At once into the wallet. The same reference as `release`: nobody is paid by both ways."""
    wallet = accounts.wallet(claim.member, UNITS[claim.kind])
    return Move(_name(claim), _source(claim), wallet, claim.amount, basis=claim.basis)


def hold(claim: Claim) -> Move:
    """Out of the budget, so that it is sure to be there, but not yet the member's."""
    return Move(
        f"{_name(claim)}:hold", _source(claim), _held(claim), claim.amount, movement="reserve"
    )


def release(claim: Claim) -> Move:
    """From what is held into the wallet."""
    wallet = accounts.wallet(claim.member, UNITS[claim.kind])
    return Move(_name(claim), _held(claim), wallet, claim.amount, basis=claim.basis)


def give_back(claim: Claim) -> Move:
    """From what is held to where it came from."""
    return Move(
        f"{_name(claim)}:void", _held(claim), _source(claim), claim.amount, movement="return"
    )


PAYS_BACK = frozenset({"task_fee"})
"""What is set against what a member owes: fees of tasks. Never a gift, nor a commission."""


class SetOff(NamedTuple):
    """So much of the reward ``paid`` goes back for the one that is ``owed``; both by their ids."""

    paid: int
    owed: int
    amount: int


def set_offs(paid: Mapping[int, int], owed: Mapping[int, int]) -> list[SetOff]:
    """What of a member's new rewards goes back, the oldest debt first; never more than came."""
    found: list[SetOff] = []
    left = dict(owed)
    for reward, amount in paid.items():
        for debt in left:
            part = min(amount, left[debt])
            if part:
                found.append(SetOff(reward, debt, part))
                amount, left[debt] = amount - part, left[debt] - part
    return found


def pay_back(debt: Claim, names: SetOff) -> Move:
    """Out of the wallet to where the reward that was taken back had come from."""
    wallet = accounts.wallet(debt.member, UNITS[debt.kind])
    reference = f"{_SET_OFF}{names.owed}:{names.paid}"
    return Move(reference, wallet, _source(debt), names.amount, movement="correction")


def paid_by(reference: str) -> str:
    """The reward that a transfer into a wallet paid, by its reference; empty for any other."""
    return reference.removeprefix(_REWARD) if reference.startswith(_REWARD) else ""


def set_off_by(reference: str) -> tuple[int, int] | None:
    """Of a transfer that `pay_back` made: the reward that is owed, and of which it was taken."""
    if not reference.startswith(_SET_OFF):
        return None
    owed, paid = map(int, reference.removeprefix(_SET_OFF).split(":"))
    return owed, paid


def _name(claim: Claim) -> str:
    return f"{_REWARD}{claim.reference}"


def _source(claim: Claim) -> AccountKey:
    return accounts.budget(claim.line) if claim.kind == "money" else accounts.ISSUER


def _held(claim: Claim) -> AccountKey:
    return accounts.held(claim.line, UNITS[claim.kind])
