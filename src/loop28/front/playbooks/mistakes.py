"""A mistake in a playbook: where it is and which one. Its words are in `wording`.

Pure, because the rules that find mistakes are.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

Path = tuple[str | int, ...]


class Place(NamedTuple):
    """Line and column in the file, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Mistake:
    """``code`` says which mistake, ``details`` fill its words, ``path`` is like ``beats[3].at``."""

    line: int
    column: int
    path: str
    code: str
    details: dict[str, object] = field(default_factory=dict)


def dotted(path: Path) -> str:
    """``("beats", 3, "at")`` → ``beats[3].at``; items are counted from 0."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")
