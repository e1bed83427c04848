"""What the ledger keeps about a person: amounts, which stay."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from loop28.back.ledger import accounts, queries
from loop28.back.ledger.models import Unit
from loop28.kernel.access import Actor
from loop28.kernel.money import yuan
from loop28.kernel.privacy import AMOUNT, WHAT, WHEN, Row, Topic


def about(actor: Actor, members: Collection[int]) -> list[Topic]:
    """Everything that came into their wallet and went out of it."""
    rows: list[Row] = []
    for member in members:
        for move in queries.movements(actor, accounts.wallet(member).owner):
            fen = move.unit == Unit.FEN
            amount = f"¥ {yuan(move.change)}" if fen else f"{move.change} {Unit(move.unit).label}"
            what = move.get_basis_display() if move.basis else move.get_movement_display()
            rows.append([move.at, what, amount])
    return [Topic("wallet", _("Wallet"), [WHEN, WHAT, AMOUNT], rows)]


def erase(actor: Actor, members: Collection[int]) -> None:
    """Nothing: an account is a number and its amounts, and those are the books."""
