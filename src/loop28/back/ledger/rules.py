"""What may move from where to where, and which moves of a batch the balances allow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from loop28.back.ledger.accounts import AccountKey

# Ten billion yuan. A limit on everything: no sum of balances can leave 64 bits.
LARGEST = 10**12

# These have no floor: they say where money and points come from.
UNBOUNDED = frozenset({"treasury", "issuer"})

_UNITS = {"wallet": {"fen", "points"}, "held": {"fen", "points"}, "issuer": {"points"}}

# What a person may be paid for (product.md, a closed list). There is none for a downline.
_EARNED = {"commission", "task_fee", "invitation", "prize", "service_fee", "correction"}

# Every way there is, with the bases or movements it may carry. There is none from wallet to wallet
# and a gift only comes out of a packet, so a person cannot be paid in a way nobody thought about.
ROUTES: dict[tuple[str, str], set[str]] = {
    ("treasury", "budget"): {"fund"},
    ("budget", "packet"): {"reserve"},
    ("budget", "treasury"): {"return"},
    ("packet", "budget"): {"return"},
    ("packet", "wallet"): {"gift"},
    ("budget", "held"): {"reserve"},
    ("held", "budget"): {"return"},
    ("budget", "wallet"): _EARNED,
    ("held", "wallet"): _EARNED,
    ("treasury", "wallet"): {"correction"},
    ("wallet", "budget"): {"correction"},
    ("wallet", "treasury"): {"correction"},
    ("wallet", "paying"): {"payout"},
    ("paying", "wallet"): {"correction"},
    ("paying", "paid"): {"payout"},
    ("issuer", "wallet"): _EARNED,
    ("issuer", "held"): {"reserve"},
    ("held", "issuer"): {"return"},
    ("wallet", "issuer"): {"return", "correction"},
}


@dataclass(frozen=True, slots=True)
class Move:
    """So much from ``debit`` to ``credit``, once under its ``reference``.

    ``amount`` is in fen or points. A ``basis`` says why a person gets it and goes with a wallet as
    ``credit``, a ``movement`` with every other account. ``reverses`` is the reference of the
    transfer, of an earlier batch, that a correction takes back.
    """

    reference: str
    debit: AccountKey
    credit: AccountKey
    amount: int
    basis: str | None = None
    movement: str | None = None
    reverses: str | None = None


@dataclass(frozen=True, slots=True)
class Stand:
    """Where an account stands; a ``floor`` of None lets it fall without end.

    Nothing comes into one that is ``closed``.
    """

    balance: int
    floor: int | None
    closed: bool = False


def emptying(wallet: AccountKey, into: AccountKey, amount: int, name: str) -> list[Move]:
    """All that is in a wallet into another one of the same person.

    By way of where such money comes from, because there is no way from wallet to wallet.
    """
    source = AccountKey("company", "treasury" if wallet.unit == "fen" else "issuer", wallet.unit)
    return [
        Move(f"{name}:out", wallet, source, amount, movement="correction"),
        Move(f"{name}:in", source, into, amount, basis="correction"),
    ]


class ReferenceReused(RuntimeError):  # noqa: N818
    """The same reference with other content: a bug of the caller, never a replay."""


def mistake(move: Move) -> str | None:
    """What is wrong with the form of a move, or None."""
    if not 1 <= move.amount <= LARGEST:
        return f"an amount is from 1 to {LARGEST}"
    if not 1 <= len(move.reference) <= 80:
        return "a reference has from 1 to 80 characters"
    if any(not 1 <= len(key.owner) <= 40 for key in (move.debit, move.credit)):
        return "an owner has from 1 to 40 characters"
    if move.debit.unit != move.credit.unit:
        return "fen and points do not mix"
    return _wrong_unit(move) or _wrong_way(move)


def _wrong_unit(move: Move) -> str | None:
    for key in (move.debit, move.credit):
        if key.unit not in _UNITS.get(key.kind, {"fen"}):
            return f"a {key.kind} account has no {key.unit}"
    return None


def _wrong_way(move: Move) -> str | None:
    to_a_person = move.credit.kind == "wallet"
    if (move.basis is not None) is not to_a_person or (move.movement is None) is not to_a_person:
        return "into a wallet goes a basis, into every other account a movement"
    why = move.basis or move.movement
    if why not in ROUTES.get((move.debit.kind, move.credit.kind), set()):
        return f"there is no way from {move.debit.kind} to {move.credit.kind} for {why}"
    if move.reverses is not None and why != "correction":
        return "only a correction reverses"
    return None


def wrong_reversal(move: Move, original: Move | None) -> str | None:
    """What is wrong with a correction that reverses ``original``, or None.

    It takes from where the original brought, and not more. Where it goes is free: a fee that came
    out of what was held goes back to the budget.
    """
    if original is None:
        return "the transfer it reverses does not exist"
    if move.debit != original.credit:
        return "it takes from another account than the one the transfer went to"
    if move.amount > original.amount:
        return "it takes back more than was given"
    return None


def decide(
    moves: Sequence[Move], posted: Mapping[str, Move], stands: Mapping[AccountKey, Stand]
) -> list[bool | None]:
    """One answer per move, in the given order.

    True: post it. False: it was posted before, in ``posted`` or earlier in this batch. None: it
    would take an account below its floor, and is left out. Raises ReferenceReused.
    """
    known = dict(posted)
    left = {key: stand.balance for key, stand in stands.items()}
    answers: list[bool | None] = []
    for move in moves:
        if move.reference in known:
            if known[move.reference] != move:
                raise ReferenceReused(f"{move} is not {known[move.reference]}")
            answers.append(False)
            continue
        floor = stands[move.debit].floor
        if floor is not None and left[move.debit] - move.amount < floor:
            answers.append(None)
            continue
        left[move.debit] -= move.amount
        left[move.credit] += move.amount
        known[move.reference] = move
        answers.append(True)
    return answers
