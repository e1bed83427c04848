from dataclasses import dataclass

from loop28.kernel.journal import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardGranted(Fact):
    """A member earned a reward; ``state``: settled, held, waiting for money, or cut off by a cap.

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


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardReversed(Fact):
    """A reward that was paid for good lost its ground; ``amount`` is set against the next ones."""

    line: int
    member: int
    entitlement: int
    kind: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardSetOff(Fact):
    """So much of a new reward, ``by``, went back for ``entitlement``, which had been taken back."""

    line: int
    member: int
    entitlement: int
    kind: str
    amount: int
    by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponRedeemed(Fact):
    """A coupon was used on an order of the register."""

    line: int
    member: int
    entitlement: int
    order: int
