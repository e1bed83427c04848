"""What the register of orders tells the modules above it."""

from dataclasses import dataclass
from datetime import datetime

from loop28.kernel.journal import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPaid(Fact):
    """A shop reported a new order of ``fen`` sold by ``member``; ``own`` when they bought it.

    Nothing may be unlocked by an own purchase.
    """

    member: int
    order: int
    fen: int
    own: bool
    paid_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRefunded(Fact):
    """``fen`` more of an order went back to the buyer; ``left`` is what stays paid."""

    member: int
    order: int
    fen: int
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderWasOwn(Fact):
    """The buyer of an order turned out to be its seller: it counts no more."""

    member: int
    order: int
