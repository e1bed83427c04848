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
class DemotionProposed(Fact):
    """By what the rule saw a level may be taken back; a person decides. ``kind`` says what."""

    line: int | None
    member: int
    level: str
    demotion: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Demoted(Fact):
    """A person took a level back; the reason is kept with the demotion."""

    line: int | None
    member: int
    level: str
    demotion: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemotionDropped(Fact):
    """A person left a level as it is; the reason is kept with the demotion that was proposed."""

    line: int | None
    member: int
    level: str
    demotion: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealMade(Fact):
    """A member disagrees with a decision about a level."""

    line: int | None
    member: int
    level: str
    appeal: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealAnswered(Fact):
    """A second person upheld an appeal, or did not; the answer is kept with it."""

    line: int | None
    member: int
    level: str
    appeal: int
    upheld: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Graduated(Fact):
    """A line is over: so many members finished it."""

    line: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineOffered(Fact):
    """A region offered its next line to a member."""

    member: int
    offer: int
    region: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferAnswered(Fact):
    """A member accepted or declined an offer; the reason is kept with the offer."""

    member: int
    offer: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferWithdrawn(Fact):
    """A person took an offer back; the reason is kept with the offer."""

    member: int
    offer: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLapsed(Fact):
    """An offer was not answered in time."""

    member: int
    offer: int
