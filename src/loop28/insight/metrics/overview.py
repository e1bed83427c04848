"""The war room's figures: all lines an actor watches, summed up, and the same by region."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from loop28.front.lines import queries as lines
from loop28.front.tasks import queries as tasks
from loop28.insight.metrics import figures, red
from loop28.insight.metrics.figures import Figures, Stage
from loop28.insight.metrics.red import Red
from loop28.kernel.access import Actor

RECENT = timedelta(days=28)
"""Lines that ended longer ago are history and no longer part of the overview."""


@dataclass(frozen=True, slots=True)
class Funnel:
    """People at each step, from the first to the last."""

    joined: int
    opted_in: int
    did_a_task: int
    first_orders: int
    owners: int


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything an actor watches. ``figures`` are in the order of region and start day."""

    figures: list[Figures]
    reds: list[Red]

    @property
    def funnel(self) -> Funnel:
        return funnel(self.figures)

    @property
    def running(self) -> list[Figures]:
        return [f for f in self.figures if f.stage is Stage.RUNNING]

    @property
    def gathering(self) -> list[Figures]:
        return [f for f in self.figures if f.stage is Stage.GATHERING]

    @property
    def seated(self) -> int:
        """People who have a seat in a line that is not over."""
        return sum(f.seated for f in self.figures if f.stage is not Stage.OVER)

    @property
    def called(self) -> list[Figures]:
        """Lines whose people were asked to opt in: only they have a pass rate."""
        return [f for f in self.figures if f.called]

    def total(self, number: Callable[[Figures], int]) -> int:
        """The sum of a number over all lines."""
        return sum(number(f) for f in self.figures)

    def of_region(self, region: int) -> "Overview":
        """The part of one region."""
        return Overview(
            [f for f in self.figures if f.line.region_id == region],
            [r for r in self.reds if r.line and r.line.region_id == region],
        )


def overview(actor: Actor, now: datetime, region: int | None = None) -> Overview:
    """All lines that are not over or ended lately; with ``region`` only that one's."""
    rows = lines.lines(actor).filter(Q(ended_at=None) | Q(ended_at__gte=now - RECENT))
    if region is not None:
        rows = rows.filter(region=region)
    found = figures.of_lines(actor, list(rows.order_by("region_id", "start_day", "id")), now)
    return Overview(found, red.items(actor, found, now))


def funnel(of: Sequence[Figures]) -> Funnel:
    """How many people of these lines came how far."""
    doers = tasks.doers([f.line.pk for f in of])
    return Funnel(
        joined=sum(f.joined for f in of),
        opted_in=sum(f.opted_in for f in of),
        did_a_task=sum(doers.get(f.line.pk, 0) for f in of),
        first_orders=sum(f.first_orders for f in of),
        owners=sum(f.owners for f in of),
    )
