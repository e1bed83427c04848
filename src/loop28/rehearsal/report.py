"""What came of a rehearsed line, as one object of plain numbers."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from loop28.back.finance import queries as finance
from loop28.front.groups import queries as groups
from loop28.front.ladder import queries as ladder
from loop28.front.lines import queries as lines
from loop28.front.lines import seats
from loop28.front.lines.models import Line
from loop28.front.packets import queries as packets
from loop28.front.tasks import queries as tasks
from loop28.insight import audit
from loop28.kernel.access import SYSTEM


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of one line; ``active_by_day`` has a number for each day of the playbook."""

    joined: int
    active_by_day: list[int]
    opted_in: int
    tasks_completed: int
    first_orders: int
    graduated: int
    owners: int
    supervisors: int
    packets: dict[str, int]
    budget_spent_fen: int
    audit: str | list[str]
    seconds: float

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def report(line_id: int, seconds: float) -> Report:
    """Read it from what the modules publish; the books are audited on the way."""
    line = lines.line(SYSTEM, line_id)
    results = tasks.results(SYSTEM, line_id)
    made = ladder.made_by_line([line_id]).get(line_id, {})
    money = packets.totals([line_id])[line_id]
    differences = audit.differences()
    counts = seats.head_counts([line_id])[line_id]
    return Report(
        joined=counts["joined"],
        active_by_day=_active(line),
        opted_in=counts["opted_in"],
        tasks_completed=sum(result.done for result in results),
        first_orders=sum(r.done for r in results if r.task.kind == "first_order"),
        graduated=ladder.graduated_by_line([line_id]).get(line_id, 0),
        owners=made.get("owner", 0),
        supervisors=made.get("supervisor", 0),
        packets={f"{name}_fen": money[name] for name in ("issued", "claimed", "returned")},
        budget_spent_fen=finance.spent(SYSTEM, [line_id])[line_id],
        audit=differences or "clean",
        seconds=round(seconds, 1),
    )


def _active(line: Line) -> list[int]:
    by_day = groups.people_active_by_day([p.group_id for p in lines.phases(line.pk)])
    days = (line.start_day + timedelta(days=number) for number in range(line.days))
    return [by_day.get(day, 0) for day in days]
