"""Assignments are written, and look back at what happened since they opened. Inside actions."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from loop28.front.tasks import progress, rules
from loop28.front.tasks.facts import TasksOpened
from loop28.front.tasks.models import Assignment, Happening
from loop28.front.tasks.programme import Programme
from loop28.kernel import journal, sql


class Given(NamedTuple):
    """A task that one member gets, from ``at`` on; ``by`` names what gives it, once."""

    member: int
    task: str
    by: str
    at: datetime


def write(given: Sequence[tuple[int, Given]], lines: Mapping[int, Programme]) -> list[int]:
    """Write down tasks given in these (numbers of) lines; the new assignments.

    Who has one already keeps it with its window: the unique key decides.
    """
    rows = [_row(line, one, lines[line]) for line, one in given]
    unique = ("line", "member", "task", "opening")
    found = sql.insert(Assignment, rows, unique=unique, returning=("id", "line"))
    tasks: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for line, one in given:
        tasks[line].add((one.task, one.by))
    new = Counter(line for _, line in found)
    journal.record(
        *(
            TasksOpened(line=line, tasks=len(tasks[line]), assignments=count)
            for line, count in sorted(new.items())
        )
    )
    return [number for number, _ in found]


def look_back(assignment_ids: Collection[int]) -> list[Assignment]:
    """Count for assignments whose windows are new what is known to have happened in them.

    Which of them something counted for. The caller is alone, as `intake.receive` is: no fact slips
    between the two.
    """
    moved = behind(assignment_ids)
    progress.count_anew(moved)
    return moved


def behind(assignment_ids: Collection[int]) -> list[Assignment]:
    """Those of these for which something happened since they opened, by kind of fact."""
    if not assignment_ids:
        return []
    rows = Assignment.objects.filter(sql.among("id", assignment_ids)).exclude(fact="")
    found = list(rows.order_by("id"))
    if not found:
        return []
    keys = {(row.member_id, row.fact) for row in found}
    since = min(row.opened_at for row in found)
    facts = Happening.objects.filter(sql.Agreeing(("member_id", "kind"), keys), at__gte=since)
    happened = set(facts.values_list("member_id", "kind"))
    return [row for row in found if (row.member_id, row.fact) in happened]


def _row(line: int, one: Given, of: Programme) -> sql.Row:
    task = of.tasks[one.task]
    counting = rules.counting(task)
    return {
        "line_id": line,
        "member_id": one.member,
        "task": one.task,
        "kind": task.kind,
        "opening": one.by,
        "opened_at": one.at,
        "closes_at": task.closes(one.at, of.zone),
        "fact": counting.fact,
        "mode": counting.mode,
        "bar": counting.bar,
        "progress": 0,
        "evidence": "",
        "taken_back": 0,
        "again_at": rules.again_at(task, one.by, one.at, of.zone),
    }
