from dataclasses import dataclass

from loop28.kernel.journal import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketIssued(Fact):
    """A packet is in its group, paid from the line's budget."""

    line: int
    packet: int
    fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareTaken(Fact):
    """A member opened a share; the money is in their wallet."""

    line: int
    packet: int
    member: int
    fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketClosed(Fact):
    """All shares are taken, or the packet expired and the rest went back to the budget."""

    line: int
    packet: int
    returned_fen: int
