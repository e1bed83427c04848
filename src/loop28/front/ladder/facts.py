from dataclasses import dataclass

from loop28.kernel.journal import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Promoted(Fact):
    """A member has a level: by the rule of a line, or decided or appointed by a person.

    ``line`` is None for somebody appointed by staff.
    """

    line: int | None
    member: int
    level: str
    promotion: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorProposed(Fact):
    """By its numbers a member may become supervisor; a person decides."""

    line: int
    member: int
    promotion: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionDeclined(Fact):
    """A person declined a proposed step up, and said why where the promotion is kept."""

    line: int | None
    member: int
    level: str
    promotion: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Graduated(Fact):
    """A line is over: so many members finished it."""

    line: int
    count: int
