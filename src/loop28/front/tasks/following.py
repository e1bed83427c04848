"""What is done opens what comes after it, from the instant it was done. Called inside the actions.

When a task was done is a matter of the facts alone: the instant in which they, told in the order in
which they happened, reach its bar. So an earlier fact that is told late moves the window of what
came after, and any order of the same facts comes to the same windows. A completion is not taken
from anybody by that, and a refund closes nothing that was opened: what somebody was shown stays.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from loop28.front.tasks import giving, rules
from loop28.front.tasks.completion import Row
from loop28.front.tasks.giving import Given
from loop28.front.tasks.models import Assignment
from loop28.front.tasks.programme import Programme
from loop28.kernel import sql


class Name(NamedTuple):
    """What names an assignment."""

    line: int
    member: int
    task: str
    opening: str


def follow(rows: Iterable[Row], lines: Mapping[int, Programme]) -> None:
    """Open what comes after those of these that are done, and so on while that is done at once.

    The caller is alone, as `intake.receive` is. After the end of a line nothing opens any more.
    """
    while done := [row for row in rows if row.done_at and _next(row, lines)]:
        rows = _open(done, lines)


def _next(row: Row, lines: Mapping[int, Programme]) -> Sequence[str]:
    of = lines[row.line_id]
    return of.playbook.next_tasks.get(row.task, ()) if of.line.ended_at is None else ()


def _open(done: Sequence[Row], lines: Mapping[int, Programme]) -> list[Assignment]:
    """Open what comes after these; which assignments got a window, or another one, by that."""
    after = [(name, row.done_at) for row in done if row.done_at for name in _after(row, lines)]
    there = _there([name for name, _ in after])
    new = [
        (name.line, Given(name.member, name.task, name.opening, at))
        for name, at in after
        if name not in there
    ]
    earlier = {
        there[name]: at for name, at in after if name in there and at < there[name].opened_at
    }
    _move(earlier, lines)
    return giving.look_back([*giving.write(new, lines), *(row.pk for row in earlier)])


def _move(starts: Mapping[Assignment, datetime], lines: Mapping[int, Programme]) -> None:
    """Let these assignments begin earlier, and so end earlier; what a pause gave them stays."""
    rows = []
    for row, at in starts.items():
        task, zone = lines[row.line_id].tasks[row.task], lines[row.line_id].zone
        stood_still = row.closes_at - task.closes(row.opened_at, zone)
        closes_at = task.closes(at, zone) + stood_still
        rows.append({"id": row.pk, "opened_at": at, "closes_at": closes_at})
    sql.update(Assignment, rows)


def _after(row: Row, lines: Mapping[int, Programme]) -> list[Name]:
    """What opens by this assignment, each once for what opened the first of its chain."""
    by = rules.opened_after(row.opening)
    return [Name(row.line_id, row.member_id, task, by) for task in _next(row, lines)]


def _name(row: Assignment) -> Name:
    return Name(row.line_id, row.member_id, row.task, row.opening)


def _there(names: Collection[Name]) -> dict[Name, Assignment]:
    columns = ("line_id", "member_id", "task", "opening")
    rows = Assignment.objects.select_for_update().filter(sql.Agreeing(columns, names))
    return {_name(row): row for row in rows.order_by("id")}
