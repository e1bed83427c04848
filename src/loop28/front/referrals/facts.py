from dataclasses import dataclass

from loop28.kernel.journal import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkMade(Fact):
    """A member made a link of their own to a thing of their line."""

    line: int
    member: int
    link: int
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkClicked(Fact):
    """A person touched a link for the first time: once for each ``link`` and ``fan``.

    ``target`` is line, product, lesson or group. A ``doubtful`` one came out of a crowd.
    """

    line: int
    link: int
    promoter: int
    fan: int
    click: int
    target: str
    doubtful: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FanLocked(Fact):
    """A fan is this promoter's from now on, by the touch of a link."""

    line: int
    link: int
    promoter: int
    fan: int
    fan_lock: int
    target: str
    doubtful: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FanJoined(Fact):
    """A visitor became a member, and the promoter who had locked them brought them."""

    line: int
    promoter: int
    fan: int
    fan_lock: int
    member: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FanLockEnded(Fact):
    """A lock was over before its time, or was none as it turns out when it is over already.

    ``kind`` is why: self, member, second or moved.
    """

    line: int
    promoter: int
    fan: int
    fan_lock: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FanClaimed(Fact):
    """A member says that a fan who is locked to somebody else is theirs."""

    line: int
    member: int
    fan: int
    fan_lock: int
    dispute: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FanClaimDecided(Fact):
    """A person decided whose fan it is: ``decision`` is kept or moved; the dispute has the reason.

    ``fan_lock`` is the one that lives from now on, ``target`` what its link leads to.
    """

    line: int
    member: int
    fan: int
    fan_lock: int
    dispute: int
    decision: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitorsForgotten(Fact):
    """Visitors who never joined were forgotten when their locks were over."""

    count: int
