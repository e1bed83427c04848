"""What people have done with their data, and what time does; how a wish came is a word of ours."""

from dataclasses import dataclass

from loop28.kernel.journal import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class DataTaken(Fact):
    """What is kept about a member was written into a file; ``asked`` says how they wished it."""

    member: int
    asked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureAsked(Fact):
    """A member wishes to be erased; ``asked`` says how they said so."""

    member: int
    asked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureCancelled(Fact):
    """A member thought better of it."""

    member: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeUp(Fact):
    """So many things of a kind were thrown away, because they are kept no longer."""

    kind: str
    count: int
