from dataclasses import dataclass

from loop28.kernel.journal import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofSent(Fact):
    """A member sent a picture by which they prove a task."""

    line: int
    member: int
    task: str
    proof: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofReviewed(Fact):
    """Somebody looked at a picture; ``kind`` is the look, ``review`` where the reason is kept."""

    line: int
    member: int
    task: str
    proof: int
    review: int
    kind: str
    decision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofsErased(Fact):
    """The pictures of a member were erased; what was decided about them stays."""

    member: int
    proofs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ColleagueNamed(Fact):
    """It was noted who somebody of the staff is among the members; None: nobody any more."""

    user: int
    member: int | None
