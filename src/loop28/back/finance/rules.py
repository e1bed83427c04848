"""The references under which finance moves money: one per key, or per payout and step."""

from loop28.back.ledger import accounts
from loop28.back.ledger.rules import Move


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


def _asked(payout: int) -> str:
    return f"payout:{payout}:asked"
