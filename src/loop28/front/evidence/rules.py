"""When a picture can be sent, how many people look at it, what a look comes to. Pure."""

from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from loop28.back.compliance.rules import FOUR_EYES_ABOVE

RETRY = timedelta(hours=24)
"""After a picture was not accepted there is at least so much time for another one."""

WAITING, APPROVED, REJECTED = "waiting", "approved", "rejected"
FIRST, SECOND, AGAIN, NONE = "first", "second", "again", ""


class Stand(NamedTuple):
    """What a picture is after a look, and which look it waits for."""

    state: str
    look: str


def ends(closes_at: datetime, rejected_at: datetime | None) -> datetime:
    """Until when a picture counts, both instants included: whoever waited for us gets time."""
    return max(closes_at, rejected_at + RETRY) if rejected_at else closes_at


def after(look: str, *, approved: bool, fen: int, again: bool) -> Stand:
    """Where a picture stands after this look.

    ``fen`` is the money that hangs on it; ``again`` says whether it was drawn for a re-audit.
    """
    if not approved:
        return Stand(REJECTED, NONE)
    if look == FIRST and fen > FOUR_EYES_ABOVE:
        return Stand(WAITING, SECOND)
    return Stand(APPROVED, AGAIN if again and look != AGAIN else NONE)


def drawn(percent: int, chance: Random) -> bool:
    """Whether this one is among those of a hundred that are looked at once more."""
    return chance.randrange(100) < percent
