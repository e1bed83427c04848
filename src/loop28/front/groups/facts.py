from dataclasses import dataclass
from datetime import datetime

from loop28.kernel.journal import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived(Fact):
    """A person wrote in a group; ``message`` is the row that holds the text."""

    message: int
    group: int
    member: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupJoined(Fact):
    """A person came into a group, for the first time or again."""

    group: int
    member: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLeft(Fact):
    """A person left a group."""

    group: int
    member: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTakenDown(Fact):
    """The host or the region took a message down; ``member`` wrote it, None is the programme.

    Here and below ``reason`` is the row that holds the words.
    """

    line: int | None
    group: int
    message: int
    member: int | None
    reason: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberMuted(Fact):
    """A person may not write in a group for a time."""

    line: int | None
    group: int
    member: int
    until: datetime
    reason: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberUnmuted(Fact):
    """A person may write again before the time was over."""

    line: int | None
    group: int
    member: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRemoved(Fact):
    """A person was removed from a group and does not come back by themselves."""

    line: int | None
    group: int
    member: int
    reason: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLetBack(Fact):
    """A person who was removed may join again."""

    line: int | None
    group: int
    member: int
    reason: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintMade(Fact):
    """A member complained about a message or, without one, the group; without a member the house.

    ``line`` is None where the house found a blocked word.
    """

    line: int | None
    group: int
    complaint: int
    message: int | None
    member: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintDecided(Fact):
    """The host or the region decided a complaint; ``member`` made it."""

    line: int | None
    group: int
    complaint: int
    member: int | None
    decision: str
    reason: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRulesSet(Fact):
    """Somebody changed what may not be written in groups of a kind: so many words, links or not."""

    kind: str
    words: int
    links_blocked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingGivenUp(Fact):
    """A message of the outbox is not tried any more: by a person, or by the house after its tries.

    ``outgoing`` is its row.
    """

    group: int
    outgoing: int
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingResumed(Fact):
    """A person had a message tried again that was failing or given up."""

    group: int
    outgoing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceSet(Fact):
    """Somebody changed a region's quiet hours or the daily limit of notices to one person.

    The hours are minutes after midnight.
    """

    region: int
    quiet_from: int
    quiet_until: int
    daily_limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticesStopped(Fact):
    """A person wants no more notices."""

    member: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticesResumed(Fact):
    """A person wants notices again."""

    member: int
