"""How far each fen of a wallet is on its way to the bank. Pure.

Money in a wallet is all alike. So what is claimed is what came first, and how far something is can
be told from what came in, what was asked for and what was paid: nothing else is kept about it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple


class Came(NamedTuple):
    """So many fen that came into a wallet; ``key`` is the transfer's."""

    key: int
    fen: int


class Out(NamedTuple):
    """So many fen that are leaving it, or have left: what was asked for and not rejected.

    ``payout`` is its number, 0 for a correction; ``settled_at`` when it was paid.
    """

    fen: int
    asked_at: datetime
    settled_at: datetime | None = None
    payout: int = 0


class Part(NamedTuple):
    """So many fen of what came in, with what claims them; None: they can be claimed."""

    fen: int
    out: Out | None = None


def parts(came: Sequence[Came], outs: Sequence[Out]) -> dict[int, list[Part]]:
    """What became of everything that came, by its key; both oldest first."""
    waiting = [(out, out.fen) for out in outs]
    found: dict[int, list[Part]] = {}
    for key, fen in came:
        found[key] = []
        while fen and waiting:
            out, rest = waiting[0]
            part = min(fen, rest)
            found[key].append(Part(part, out))
            fen -= part
            waiting[0] = (out, rest - part)
            if part == rest:
                del waiting[0]
        if fen:
            found[key].append(Part(fen))
    return found
