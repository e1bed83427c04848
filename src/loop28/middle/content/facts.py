"""What happens to talks and guests; words, names and reasons are never in a fact."""

from dataclasses import dataclass

from loop28.kernel.journal import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkWritten(Fact):
    """A talk has a new version in the library."""

    talk: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestFree(Fact):
    """A guest named days on which they can be booked."""

    guest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestBooked(Fact):
    """A guest is booked for some hours."""

    guest: int
    booking: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestReleased(Fact):
    """A booking of a guest was called off. The booking says why."""

    guest: int
    booking: int
