"""The names of accounts, in one place, so that nobody spells them differently.

Plain words, because rules know no Django; `models.Kind` and `models.Unit` are such words.
"""

from typing import NamedTuple


class AccountKey(NamedTuple):
    """Whose account, what for (a `Kind`), and in which `Unit`."""

    owner: str
    kind: str
    unit: str = "fen"

    def __str__(self) -> str:
        return f"{self.owner} {self.kind} {self.unit}"


TREASURY = AccountKey("company", "treasury")
ISSUER = AccountKey("company", "issuer", "points")
PAID = AccountKey("company", "paid")


def budget(line: int) -> AccountKey:
    """What a line may still spend."""
    return AccountKey(f"line:{line}", "budget")


def held(line: int, unit: str = "fen") -> AccountKey:
    """Rewards of a line whose condition is still open: no member's yet, so it is the line's."""
    return AccountKey(f"line:{line}", "held", unit)


def packet(packet_id: int) -> AccountKey:
    """What a red packet still holds."""
    return AccountKey(f"packet:{packet_id}", "packet")


def wallet(member: int, unit: str = "fen") -> AccountKey:
    """What is a member's own."""
    return AccountKey(f"member:{member}", "wallet", unit)


def paying(payout: int) -> AccountKey:
    """What is reserved for one payout until it is paid or rejected."""
    return AccountKey(f"payout:{payout}", "paying")
