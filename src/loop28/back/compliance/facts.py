"""What happens to somebody's money while a person looks at it; reasons stay in the freeze."""

from dataclasses import dataclass

from loop28.kernel.journal import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFrozen(Fact):
    """Money of a member waits until a person decides; ``kind`` is what was noticed."""

    member: int
    freeze: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeAnswered(Fact):
    """A member said something about a freeze of theirs."""

    member: int
    freeze: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeDecided(Fact):
    """A person decided about a freeze: ``decision`` is released or upheld."""

    member: int
    freeze: int
    kind: str
    decision: str
