from dataclasses import dataclass

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
