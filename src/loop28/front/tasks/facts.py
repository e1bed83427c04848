from dataclasses import dataclass

from loop28.kernel.journal import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class TasksOpened(Fact):
    """Tasks of a line were given to members: so many assignments that were not there before."""

    line: int
    tasks: int
    assignments: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskHandedOut(Fact):
    """Staff gave a task to so many members of a line by hand; ``handout`` has the reason."""

    line: int
    task: str
    members: int
    handout: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCompleted(Fact):
    """A member did a task; its rewards are granted. ``task`` is its key in the playbook."""

    line: int
    member: int
    task: str
    assignment: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeUpPlayed(Fact):
    """A member played a make-up card: that ``day`` of the line counts for their streak."""

    line: int
    member: int
    task: str
    assignment: int
    day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudged(Fact):
    """A member who is stuck is told which task waits for them."""

    line: int
    member: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskTakenBack(Fact):
    """What had completed a task was refunded or found false; its rewards are taken back."""

    line: int
    member: int
    task: str
    assignment: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TasksJoined(Fact):
    """Two records of one person had the same task; ``assignment`` stays, ``gone`` went into it."""

    line: int
    member: int
    task: str
    assignment: int
    gone: int
