"""What happened to one reward, step by step. Pure."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from loop28.back.finance.steps import Part


class Step(StrEnum):
    """Granted → claimable → claimed → settled, and what can come between."""

    GRANTED = "granted"
    CAPPED = "capped"
    HELD = "held"
    LOOKED_AT = "looked_at"
    UNFUNDED = "unfunded"
    CLAIMABLE = "claimable"
    THEIRS = "theirs"
    SET_OFF = "set_off"
    CLAIMED = "claimed"
    SETTLED = "settled"
    TAKEN_BACK = "taken_back"
    OWED = "owed"


class Moment(NamedTuple):
    """A step, when it came or will come, and for how much; None and 0 where that has no meaning.

    ``done`` is false for what is still waited for.
    """

    step: Step
    at: datetime | None = None
    amount: int = 0
    done: bool = True


class Granted(NamedTuple):
    """What the story needs to know of a reward; ``amount`` and ``owed`` in fen or points."""

    kind: str
    state: str
    amount: int
    owed: int
    granted_at: datetime
    available_at: datetime
    settled_at: datetime | None
    taken_back_at: datetime | None


def story(
    of: Granted,
    now: datetime,
    parts: Sequence[Part] = (),
    set_off: Sequence[tuple[int, datetime]] = (),
    *,
    frozen: bool = False,
) -> list[Moment]:
    """The steps of a reward in their order, with those that are still to come.

    Where its member's rewards are ``frozen``, somebody looks at what is held beyond its time. A
    hold that was not over when the reward was taken back is no step: nobody waits for its end.
    """
    found = [Moment(Step.GRANTED, of.granted_at, of.amount)]
    if of.state == "capped":
        return [*found, Moment(Step.CAPPED, of.granted_at)]
    over = of.settled_at is not None or of.available_at <= (of.taken_back_at or now)
    if of.available_at > of.granted_at and (over or of.state in {"held", "unfunded"}):
        found.append(Moment(Step.HELD, of.available_at, of.amount, done=over))
    if of.state == "held" and over and frozen:
        found.append(Moment(Step.LOOKED_AT, None, of.amount, done=False))
    if of.state == "unfunded":
        found.append(Moment(Step.UNFUNDED, None, of.amount, done=False))
    if of.settled_at is not None:
        found += _in_the_wallet(of, parts, set_off)
    if of.taken_back_at is not None:
        found.append(Moment(Step.TAKEN_BACK, of.taken_back_at, of.amount))
        if of.owed:
            found.append(Moment(Step.OWED, None, of.owed, done=False))
    return found


def _in_the_wallet(
    of: Granted, parts: Sequence[Part], set_off: Sequence[tuple[int, datetime]]
) -> list[Moment]:
    if of.kind != "money":
        return [Moment(Step.THEIRS, of.settled_at, of.amount)]
    found = [Moment(Step.CLAIMABLE, of.settled_at, of.amount)]
    found += [Moment(Step.SET_OFF, at, fen) for fen, at in set_off]
    for part in parts:
        if part.out is not None and part.out.payout:
            found.append(Moment(Step.CLAIMED, part.out.asked_at, part.fen))
            if part.out.settled_at is not None:
                found.append(Moment(Step.SETTLED, part.out.settled_at, part.fen))
    return found
