"""What is different between two playbooks, as people speak of it. Pure.

Beats and tasks are the same one when they have the same key, whatever else changed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import Any

from loop28.front.playbooks.costs import Cost, cost
from loop28.front.playbooks.schema import Beat, Part, Playbook, Task


class How(StrEnum):
    """What became of something; ``moved`` is a beat that comes at another time and is as it was."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Field:
    """A field by its name in the file, and what it says in each of the two; empty where it is not.

    Texts are as in the file, amounts in fen, times and durations their own.
    """

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Difference:
    """A beat or a task that is not the same in both; ``fields`` are what changed in it.

    ``before`` and ``after`` are the thing itself, None where it is missing.
    """

    key: str
    how: How
    before: Any
    after: Any
    fields: tuple[Field, ...] = ()

    @property
    def thing(self) -> Any:
        """The newer of the two that is there."""
        return self.before if self.after is None else self.after


@dataclass(frozen=True, slots=True)
class Comparison:
    """``head`` are fields of the playbook itself; ``costs`` the most a line costs by percent."""

    head: tuple[Field, ...]
    beats: tuple[Difference, ...]
    tasks: tuple[Difference, ...]
    costs: tuple[tuple[int, Cost, Cost], ...]

    @property
    def same(self) -> bool:
        """Whether the two do the same: only remarks or the order of the file may differ."""
        return not (self.head or self.beats or self.tasks)


_APART = {"beats", "tasks", "loop28"}
_WHEN = {"day", "at"}


def compare(before: Playbook, after: Playbook, percents: tuple[int, ...]) -> Comparison:
    """Everything in which ``after`` is not as ``before``; costs when so many percent pass."""
    return Comparison(
        head=tuple(_head(before, after)),
        beats=_sorted_beats(_differences(_by_key(before.beats), _by_key(after.beats))),
        tasks=tuple(_differences(_by_key(before.tasks), _by_key(after.tasks))),
        costs=tuple((each, cost(before, each), cost(after, each)) for each in percents),
    )


def _head(before: Playbook, after: Playbook) -> Iterator[Field]:
    """Parts within the playbook are told field by field: ``hot_product.price``; phases and parts
    of the budget one by one: ``phases.warmup.days``, ``budgets.tasks``."""
    old, new = _flat(before), _flat(after)
    for name in [*old, *(name for name in new if name not in old)]:
        if old.get(name) != new.get(name):
            yield Field(name, old.get(name, ""), new.get(name, ""))


def _flat(part: Part, under: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in type(part).model_fields:
        value = getattr(part, name)
        if not under and name in _APART:
            continue
        if isinstance(value, Part):
            found |= _flat(value, f"{under}{name}.")
        elif name == "budgets":
            found |= {f"budgets.{part.key}": part.most for part in value}
        elif name == "phases":
            found[name] = [phase.key for phase in value]
            for phase in value:
                found |= _flat(phase, f"phases.{phase.key}.")
        elif not (under.startswith("phases.") and name == "key"):
            found[f"{under}{name}"] = value
    return found


def _by_key(things: list[Any]) -> dict[str, Any]:
    return {thing.key: thing for thing in things}


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for key in [*before, *(key for key in after if key not in before)]:
        old, new = before.get(key), after.get(key)
        if old is None or new is None:
            yield Difference(key, How.ADDED if old is None else How.REMOVED, old, new)
        elif old != new:
            fields = tuple(_fields(old, new))
            only_when = {field.name for field in fields} <= _WHEN
            yield Difference(key, How.MOVED if only_when else How.CHANGED, old, new, fields)


def _fields(before: Beat | Task, after: Beat | Task) -> Iterator[Field]:
    """Fields that say something else; a beat of another kind has fields the other has not."""
    names = [*type(before).model_fields, *type(after).model_fields]
    for name in dict.fromkeys(names):
        old, new = getattr(before, name, ""), getattr(after, name, "")
        if old != new:
            yield Field(name, old, new)


def _sorted_beats(found: Iterator[Difference]) -> tuple[Difference, ...]:
    """In the order of the days, as the newer one has them."""

    def when(difference: Difference) -> tuple[int, time]:
        return difference.thing.day, difference.thing.at

    return tuple(sorted(found, key=when))
