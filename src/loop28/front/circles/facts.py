from dataclasses import dataclass

from loop28.kernel.journal import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleOpened(Fact):
    """A region opened a standing group."""

    circle: int
    group: int
    region: int
    playbook: int
    host: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RhythmChanged(Fact):
    """A standing group lives by another weekly playbook from now on."""

    circle: int
    playbook: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleHostChanged(Fact):
    """Another member hosts a standing group."""

    circle: int
    host: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitedToCircle(Fact):
    """A member was asked into a standing group; ``line`` is the one they were found in."""

    circle: int
    line: int | None
    member: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleInviteAnswered(Fact):
    """A member said yes or no to a standing group."""

    circle: int
    line: int | None
    member: int
    accepted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLeftCircle(Fact):
    """A member left a standing group."""

    circle: int
    member: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidInCircle(Fact):
    """Whoever runs a standing group said something in it, in the host's voice."""

    circle: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekBeatDue(Fact):
    """A beat of a standing group's week fell due and was sent."""

    circle: int
    beat: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekBeatSkipped(Fact):
    """A beat of a standing group's week was later than it may be, and was not sent."""

    circle: int
    beat: int
    late_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekBeatByHand(Fact):
    """The host sent a beat of the week by hand."""

    circle: int
    beat: int
    late_seconds: int
