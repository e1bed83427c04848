"""What happens to a person's record; names and texts are never in a fact."""

from dataclasses import dataclass

from loop28.kernel.journal import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRegistered(Fact):
    """A person became a member: declared to be of age and agreed to this version of the text."""

    member: int
    consent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRenamed(Fact):
    """A member has another name."""

    member: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberMoved(Fact):
    """A member has another city, or none any more."""

    member: int
    city: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberImported(Fact):
    """A person came in with a file: they count as registered and have not agreed to anything."""

    member: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberTagged(Fact):
    """A member got a tag."""

    member: int
    tag: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberUntagged(Fact):
    """A tag of a member was taken away."""

    member: int
    tag: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersMerged(Fact):
    """Two records were one person: what the ``lost`` one had belongs to ``member`` from now on."""

    member: int
    lost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberIdentified(Fact):
    """A member is known on another platform, too."""

    member: int
    platform: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinksEnded(Fact):
    """All personal links and signed-in phones of a member ended."""

    member: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentGiven(Fact):
    """A member who had withdrawn agreed again, to this version of the text."""

    member: int
    consent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawn(Fact):
    """A member withdrew consent: nothing more is sent to them, and they leave their groups."""

    member: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberErased(Fact):
    """Everything personal of a member was made unreadable; their number and amounts stay."""

    member: int
