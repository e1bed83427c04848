"""What a fact is."""

from dataclasses import dataclass, fields
from typing import Any, ClassVar

KINDS: dict[str, type["Fact"]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Base of all facts. Holds ids, amounts and words of ours; never what a person typed.

    Subclasses are frozen dataclasses whose docstring is the reference. ``line`` and ``member``,
    where a fact has them, become columns of the journal.
    """

    name: ClassVar[str]

    def __init_subclass__(cls) -> None:
        # A dataclass with slots is made twice; the second is the one that stays.
        cls.name = cls.__name__
        KINDS[cls.__name__] = cls

    def data(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}
