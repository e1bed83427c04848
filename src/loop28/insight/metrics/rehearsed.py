"""What rehearsed lines came to, as ranges, beside a real line of the same playbook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median_low
from typing import Any

from loop28.front.lines import queries as lines
from loop28.front.lines.queries import Line
from loop28.insight.metrics import figures
from loop28.insight.metrics.figures import Figures
from loop28.kernel import clock
from loop28.kernel.access import Actor


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole; fen where money is shared out. Of nothing there is no share."""

    part: int
    whole: int

    @property
    def order(self) -> int:
        """For sorting: millionths, whole numbers."""
        return self.part * 1_000_000 // self.whole if self.whole else -1

    @property
    def each(self) -> int | None:
        """What comes to one, rounded down."""
        return self.part // self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Range:
    """A figure of several rehearsed lines, and of the real one where there is one."""

    low: Share
    middle: Share
    high: Share
    real: Share | None


@dataclass(frozen=True, slots=True)
class Ranges:
    """Shares that can be compared between lines of different size.

    ``passed`` and ``owners`` of those who joined, ``tasks`` done for each who passed, ``spent`` fen
    of the budget for each who joined.
    """

    joined: Range
    passed: Range
    tasks: Range
    owners: Range
    spent: Range


def ranges(reports: Sequence[Mapping[str, Any]], real: Figures | None) -> Ranges:
    """The ranges of rehearsals, each as ``loop28 rehearse --json`` tells it; at least one."""
    played = [_of_report(report) for report in reports]
    beside = _of_line(real) if real else None
    found = {}
    for name in Ranges.__dataclass_fields__:
        shares = sorted((one[name] for one in played), key=lambda share: share.order)
        middle = shares[median_low(range(len(shares)))]
        found[name] = Range(shares[0], middle, shares[-1], beside[name] if beside else None)
    return Ranges(**found)


def last_real(actor: Actor, versions: Sequence[int]) -> Figures | None:
    """The figures of the line of these versions that ended last, of those the actor sees."""
    over = lines.lines(actor).filter(playbook_id__in=versions).exclude(ended_at=None)
    line: Line | None = over.order_by("-ended_at", "-id").first()
    return figures.of_lines(actor, [line], clock.now())[0] if line else None


def _of_report(report: Mapping[str, Any]) -> dict[str, Share]:
    return _shares(
        joined=report["joined"],
        passed=report["opted_in"],
        tasks=report["tasks_completed"],
        owners=report["owners"],
        spent=report["budget_spent_fen"],
    )


def _of_line(real: Figures) -> dict[str, Share]:
    return _shares(
        joined=real.joined,
        passed=real.opted_in,
        tasks=real.tasks_done,
        owners=real.owners,
        spent=real.spent_fen,
    )


def _shares(*, joined: int, passed: int, tasks: int, owners: int, spent: int) -> dict[str, Share]:
    return {
        "joined": Share(joined, 1),
        "passed": Share(passed, joined),
        "tasks": Share(tasks, passed),
        "owners": Share(owners, joined),
        "spent": Share(spent, joined),
    }
