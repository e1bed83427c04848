"""What the engine must come to, told as slowly and obviously as possible.

No batches, no keys of a database, no increments: each assignment looks at all facts there are.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from loop28.front.tasks.rules import Happened

ZONE = ZoneInfo("Asia/Shanghai")


class Task(NamedTuple):
    """A measured task: what moves it, how it counts, when it is enough, what it asks for."""

    fact: str
    way: str
    bar: int
    strict: bool
    where: dict[str, list[str]]
    hours: int
    after: str = ""


class Assigned(NamedTuple):
    member: int
    task: str
    opened_at: datetime
    closes_at: datetime
    by: str = ""


def opened(
    given: Sequence[Assigned], tasks: Mapping[str, Task], facts: Sequence[Happened]
) -> list[Assigned]:
    """What was given, and what came after it, by all facts there ever were."""
    found = list(given)
    for one in found:  # which grows while it is walked
        at = when(one, tasks[one.task], facts)
        for key, task in tasks.items():
            if at is not None and task.after == one.task:
                closes_at = at + timedelta(hours=task.hours)
                by = "after:" + one.by.removeprefix("after:")
                found.append(Assigned(one.member, key, at, closes_at, by))
    return found


def when(one: Assigned, task: Task, facts: Sequence[Happened]) -> datetime | None:
    """When an assignment was done, had each fact been told as it happened; None if it never was."""
    told: list[Happened] = []
    for fact in sorted(facts, key=lambda fact: fact.at):
        told.append(fact)
        if done(one, task, told):
            return fact.at
    return None


def holding(facts: Sequence[Happened], gone: set[str]) -> list[Happened]:
    """The first fact under each key, as long as it was not taken back."""
    known: dict[str, Happened] = {}
    for fact in facts:
        known.setdefault(fact.key, fact)
    return [fact for key, fact in known.items() if key not in gone]


def progress(one: Assigned, task: Task, facts: Sequence[Happened]) -> int:
    """How far an assignment is when these facts hold."""
    mine = [fact for fact in facts if counts(one, task, fact)]
    if task.way == "number":
        return len(mine)
    if task.way == "distinct":
        return len({fact.subject or fact.key for fact in mine})
    if task.way == "streak":
        return longest({fact.at.astimezone(ZONE).date() for fact in mine})
    amounts = [fact.amount for fact in mine]
    return sum(amounts) if task.way == "sum" else max(amounts, default=0)


def longest(days: set[date]) -> int:
    """The most of these days that stand in a row."""
    best = 0
    for first in days:
        length = 0
        while first + timedelta(days=length) in days:
            length += 1
        best = max(best, length)
    return best


def counts(one: Assigned, task: Task, fact: Happened) -> bool:
    if fact.member_id != one.member or fact.kind != task.fact:
        return False
    if not one.opened_at <= fact.at <= one.closes_at:
        return False
    return all((fact.fields or {}).get(name) in values for name, values in task.where.items())


def done(one: Assigned, task: Task, facts: Sequence[Happened]) -> bool:
    so_far = progress(one, task, facts)
    return so_far > task.bar if task.strict else so_far >= task.bar
