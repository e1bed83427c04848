"""What happened to budgets and payouts. Who is paid, and where to, stays in the payout itself."""

from dataclasses import dataclass

from loop28.kernel.journal import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFunded(Fact):
    """The company gave a line ``fen`` to spend."""

    line: int
    fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineGaveBack(Fact):
    """A line that needs its money no more gave ``fen`` back to the company."""

    line: int
    fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutAsked(Fact):
    """A member asked to be paid; ``fen`` left the wallet and is reserved for the payout."""

    member: int
    payout: int
    fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutExported(Fact):
    """A payout went onto a list that finance took away."""

    member: int
    payout: int
    export: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutPaid(Fact):
    """Another person than the one who exported it says that the payout was paid."""

    member: int
    payout: int
    fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutRejected(Fact):
    """A payout is not paid; ``fen`` went back to the wallet."""

    member: int
    payout: int
    fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BooksAudited(Fact):
    """The books were recomputed from the transfers; ``differences`` is 0 when they are clean."""

    differences: int
