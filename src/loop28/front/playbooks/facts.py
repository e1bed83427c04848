"""What happens to playbooks."""

from dataclasses import dataclass

from loop28.kernel.journal import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookPublished(Fact):
    """A version was published; ``number`` counts the versions of its key from 1."""

    version: int
    number: int
