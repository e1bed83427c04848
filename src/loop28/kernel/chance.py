"""Where chance comes from: the machine's own source, or a seed in a rehearsal."""

import random
from typing import TypeAlias

from loop28.kernel import clock

Chance: TypeAlias = random.Random

_source: Chance = random.SystemRandom()


def source() -> Chance:
    """The generator to hand to a pure rule."""
    return _source


def seed(number: int | None) -> None:
    """Make chance repeatable, or with None real again; only over a database marked a rehearsal."""
    global _source
    if number is None:
        _source = random.SystemRandom()
        return
    if not clock.is_rehearsed():
        raise RuntimeError("only a database marked as a rehearsal may have its chance seeded")
    _source = random.Random(number)  # noqa: S311
