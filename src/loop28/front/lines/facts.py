from dataclasses import dataclass
from datetime import datetime

from loop28.kernel.journal import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class LineOpened(Fact):
    """A region opened a line."""

    line: int
    region: int
    playbook: int
    host: int
    budget_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberJoinedLine(Fact):
    """A person has a seat in a line, for the first time or again; brought by ``inviter``."""

    line: int
    member: int
    inviter: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberWaits(Fact):
    """The line was full: a person waits for a seat."""

    line: int
    member: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLeftLine(Fact):
    """A person left a line."""

    line: int
    member: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberSpokenTo(Fact):
    """Whoever runs a line had a word with a member who had fallen silent or was stuck."""

    line: int
    member: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatDue(Fact):
    """A beat fell due and is to be done now by the module it is for."""

    line: int
    beat: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatSkipped(Fact):
    """A beat was later than it may be, and was not done."""

    line: int
    beat: int
    late_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HandBeatDone(Fact):
    """The host did a beat by hand."""

    line: int
    beat: int
    late_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OptedIn(Fact):
    """A person answered the call and is in the next group. ``via`` says how."""

    line: int
    member: int
    via: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseClosed(Fact):
    """A phase of a line ended; the ``last`` one ends the line."""

    line: int
    phase: int
    last: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatMoved(Fact):
    """Staff gave a beat that is still to come another day or time; ``mend`` has the reason."""

    line: int
    beat: int
    mend: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatEdited(Fact):
    """Staff changed what a beat that is still to come says or gives."""

    line: int
    beat: int
    mend: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatTakenOut(Fact):
    """Staff decided that a beat that is still to come will not be done."""

    line: int
    beat: int
    mend: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatAdded(Fact):
    """Staff gave a line a beat that its playbook does not have."""

    line: int
    beat: int
    mend: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HostReplaced(Fact):
    """Another member runs the line from now on."""

    line: int
    host: int
    former: int
    mend: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePaused(Fact):
    """A line stands still: nothing of its calendar is done until it is resumed."""

    line: int
    mend: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineResumed(Fact):
    """A line goes on that stood still since ``paused_at``.

    What is still planned comes ``days`` days later than it would have; ``skipped`` beats that fell
    into the pause are not done.
    """

    line: int
    paused_at: datetime
    days: int
    skipped: int
    mend: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineStopped(Fact):
    """A line was ended before its time: ``skipped`` beats are not done, nobody graduates."""

    line: int
    skipped: int
    mend: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedBack(Fact):
    """``count`` people who did not pass a line are to be asked into another."""

    line: int
    into: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WinBackSent(Fact):
    """A host wrote to somebody who did not pass, with an invitation into another line."""

    line: int
    member: int
