"""What happens to playbooks."""

from dataclasses import dataclass

from loop28.kernel.journal import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookPublished(Fact):
    """A version was published; ``number`` counts the versions of its key from 1."""

    version: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftStarted(Fact):
    """Somebody began a draft, from a version where ``based_on`` names one."""

    draft: int
    based_on: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftHandedIn(Fact):
    """A draft's author asked for a review of it."""

    draft: int
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftTakenBack(Fact):
    """A draft's author went on writing before anybody decided."""

    draft: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSentBack(Fact):
    """A reviewer wants something changed; the review keeps their comment."""

    draft: int
    review: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPublished(Fact):
    """A draft became a version. ``alone``: its author published it, there was nobody else."""

    draft: int
    version: int
    alone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftDropped(Fact):
    """A draft's author gave it up."""

    draft: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalAsked(Fact):
    """Somebody wants to see a draft played before it is published."""

    draft: int
    rehearsal: int
