"""The loop: which line came from which, and how many next lines each brought forth."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from loop28.front.ladder import queries as ladder
from loop28.front.lines import queries as lines
from loop28.front.lines import seats
from loop28.front.lines.queries import Line
from loop28.insight.metrics import reproduction
from loop28.insight.metrics.reproduction import Estimate
from loop28.kernel.access import SYSTEM, Actor


@dataclass(frozen=True, slots=True)
class Link:
    """A line in the loop. ``tier`` is the city tier most of its people come from.

    ``parents`` are the lines whose graduates bring its people, ``mother`` the one its host finished
    last. ``children`` were opened within the window by graduates of this line as hosts: each child
    has one mother, so nothing counts twice. ``exposure`` is which part of the window has passed.
    """

    line: Line
    tier: int | None
    mother: int | None
    parents: Sequence[int]
    exposure: float
    children: list[Line] = field(default_factory=list)


def links(actor: Actor, now: datetime) -> list[Link]:
    """All lines the actor watches, the latest first, with what came before and after each.

    Children are counted in all regions, whoever looks: a region's number is one number.
    """
    everybody = list(lines.lines(SYSTEM).order_by("opened_at", "id"))
    ids = list(lines.lines(actor).order_by("-start_day", "-id").values_list("id", flat=True))
    known = {line.pk: line for line in everybody}
    mine = [known[number] for number in ids]
    tiers, parents = seats.main_tiers(ids), lines.parents(ids)
    mothers = _mothers(everybody)
    found = {
        line.pk: Link(
            line,
            tiers.get(line.pk),
            mothers.get(line.pk),
            parents.get(line.pk, []),
            _exposure(line, now),
        )
        for line in mine
    }
    for child in everybody:
        mother = found.get(mothers.get(child.pk, 0))
        if mother and _in_time(mother.line, child):
            mother.children.append(child)
    return list(found.values())


def _exposure(line: Line, now: datetime) -> float:
    """A line that was stopped had no graduates who could open one: it says nothing of the loop."""
    if line.ended_at is None or line.stopped_at is not None:
        return 0.0
    return reproduction.exposure(line.ended_at, now)


def _mothers(children: Sequence[Line]) -> dict[int, int]:
    """By line, the one its host finished last before it was opened."""
    finished = ladder.finishes({child.host_id for child in children})
    found: dict[int, int] = {}
    for child in children:
        before = [at for at in finished.get(child.host_id, ()) if at[0] <= child.opened_at]
        if before:
            found[child.pk] = max(before)[1]
    return found


def _in_time(mother: Line, child: Line) -> bool:
    ended = mother.ended_at
    return ended is not None and child.opened_at <= ended + reproduction.WINDOW


def estimate(of: Sequence[Link]) -> Estimate | None:
    """The reproduction number of these lines; None while they are too few."""
    return reproduction.estimate((link.exposure, len(link.children)) for link in of)


def estimates(
    of: Sequence[Link], key: Callable[[Link], int | None]
) -> Mapping[int | None, Estimate | None]:
    """The same for each group of lines."""
    groups: dict[int | None, list[Link]] = {}
    for link in of:
        groups.setdefault(key(link), []).append(link)
    return {name: estimate(group) for name, group in groups.items()}
