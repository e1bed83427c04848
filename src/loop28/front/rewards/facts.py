from dataclasses import dataclass

from loop28.kernel.journal import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardGranted(Fact):
    """A member earned a reward; ``state`` says whether it is settled, held or waits for money.

    ``amount`` is in fen or points by ``kind``, 0 for a badge or a course.
    """

    line: int
    member: int
    entitlement: int
    kind: str
    amount: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardSettled(Fact):
    """A reward is the member's own: in the wallet, or theirs to keep."""

    line: int
    member: int
    entitlement: int
    kind: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardVoided(Fact):
    """A reward was taken back before it was settled; what was held for it went back."""

    line: int
    member: int
    entitlement: int
    kind: str
    amount: int
