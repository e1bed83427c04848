"""What the watch did in its nights."""

from dataclasses import dataclass

from loop28.kernel.journal import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class NightWatched(Fact):
    """The watch went round: new freezes, and how many chains are ``amber`` and ``red``."""

    frozen: int
    amber: int
    red: int
