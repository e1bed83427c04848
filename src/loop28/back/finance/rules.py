"""How finance names things: the references under which money moves, the account of a payee."""

import re
import unicodedata

from loop28.back.ledger import accounts
from loop28.back.ledger.rules import Move

NUMBER = 11
"""So many digits are a number, a mobile phone's or a card's, whatever else is there."""

WORD = 5
"""Fewer letters and digits name no account: «微信» alone may be anybody's."""

_ADDRESS = re.compile(r"[0-9a-z._%+-]+@[0-9a-z-]+(?:\.[0-9a-z-]+)+")


def account(typed: str) -> str:
    """What two spellings of one account have in common; empty where the text names none.

    An address counts whole: with other dots, or elsewhere, it is another person's.
    """
    plain = re.sub(r"\s*@\s*", "@", unicodedata.normalize("NFKC", typed).casefold())
    digits = re.sub(r"[^0-9]", "", _ADDRESS.sub("", plain))
    if len(digits) >= NUMBER:
        return digits
    if address := _ADDRESS.search(plain):
        return address[0]
    word = re.sub(r"[^0-9a-z]", "", plain)
    return word if len(word) >= WORD and re.search(r"[0-9@_]", plain) else ""


def funding(line: int, fen: int, key: str) -> Move:
    """From the company's own money into a line's budget. A key belongs to one line."""
    reference = f"fund:{line}:{key}"
    return Move(reference, accounts.TREASURY, accounts.budget(line), fen, movement="fund")


def giving_back(line: int, fen: int, key: str) -> Move:
    """From a line's budget back to the company."""
    reference = f"give-back:{line}:{key}"
    return Move(reference, accounts.budget(line), accounts.TREASURY, fen, movement="return")


def asking(payout: int, member: int, fen: int) -> Move:
    """Reserve: out of the wallet, so that it cannot be asked for twice."""
    debit, credit = accounts.wallet(member), accounts.paying(payout)
    return Move(_asked(payout), debit, credit, fen, movement="payout")


def paid(payout: int, fen: int) -> Move:
    """Post: the money has left the house."""
    debit = accounts.paying(payout)
    return Move(f"payout:{payout}:paid", debit, accounts.PAID, fen, movement="payout")


def rejected(payout: int, member: int, fen: int) -> Move:
    """Void: back into the wallet it came from."""
    return Move(
        f"payout:{payout}:rejected",
        accounts.paying(payout),
        accounts.wallet(member),
        fen,
        basis="correction",
        reverses=_asked(payout),
    )


def payout_of(reference: str) -> int:
    """The payout that one of these transfers moved; 0 for any other reference."""
    kind, _, rest = reference.partition(":")
    return int(rest.partition(":")[0]) if kind == "payout" else 0


def _asked(payout: int) -> str:
    return f"payout:{payout}:asked"
