"""How an assignment becomes done, and open again when it was not. Called inside the actions."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from loop28.front.groups import actions as groups
from loop28.front.lines import seats
from loop28.front.lines.refusals import NotInLine
from loop28.front.playbooks.schema import Task
from loop28.front.rewards import actions as rewards
from loop28.front.rewards import queries as reward_queries
from loop28.front.tasks import programme, rules
from loop28.front.tasks.facts import TaskCompleted, TaskTakenBack
from loop28.front.tasks.models import Assignment
from loop28.front.tasks.programme import Programme
from loop28.front.tasks.refusals import TaskClosed
from loop28.front.tasks.rules import Assigned, Stand
from loop28.kernel import journal, sql
from loop28.kernel.access import SYSTEM

Row = Assignment | Assigned
"""An assignment as whoever acts on it finds it, or as facts do that move it."""


def locked(ids: Collection[int]) -> dict[int, Assignment]:
    """These assignments, locked in id order; raises Assignment.DoesNotExist if one is not there."""
    rows = Assignment.objects.select_for_update().filter(id__in=ids).order_by("id")
    found = {row.pk: row for row in rows}
    if len(found) < len(set(ids)):
        raise Assignment.DoesNotExist
    return found


def refuse_late(rows: Iterable[Assignment], lines: Mapping[int, Programme]) -> None:
    """Refuse with TaskClosed when one of these that is not done is closed by now."""
    now = journal.now()
    for row in rows:
        if rules.stand(row.closes_at, row.done_at, now) is Stand.MISSED:
            of = lines[row.line_id]
            closed = row.closes_at.astimezone(ZoneInfo(of.line.region.zone))
            raise TaskClosed(task=of.tasks[row.task].name, closed=f"{closed:%Y-%m-%d %H:%M}")


def refuse_absent(rows: Iterable[Assignment]) -> None:
    """Refuse with NotInLine when somebody left, or was removed from, the line of one of these."""
    people = {(row.line_id, row.member_id) for row in rows}
    if people - seats.not_left(people):
        raise NotInLine


class Done(NamedTuple):
    """An assignment that is done, what proves it, and when that happened.

    With a ``tier`` above 0 it was done already, and now its result is that much better.
    """

    assignment: Row
    evidence: str
    at: datetime
    tier: int = 0


def finish(done: Sequence[Done], lines: Mapping[int, Programme]) -> None:
    """Write down what is done and how far it is; grant the rewards; mark the members active.

    The caller is alone and knows that none of them was done, or not as well.
    """
    if not done:
        return
    new = [one for one in done if not one.tier]
    note(new)
    rows = [one.assignment for one in new]
    rewards.grant(SYSTEM, [grant for one in done for grant in _grants(one, lines)])
    mark_active(rows, lines)
    journal.record(
        *(
            TaskCompleted(line=row.line_id, member=row.member_id, task=row.task, assignment=row.pk)
            for row in rows
        )
    )


def note(done: Sequence[Done]) -> None:
    """Write down how far these are, when they were done, and what carries that."""
    for row, evidence, at, _tier in done:
        row.done_at, row.evidence = at, evidence
    sql.update(
        Assignment,
        [
            {
                "id": row.pk,
                "progress": row.progress,
                "counted_to": row.counted_to,
                "done_at": at,
                "evidence": evidence,
            }
            for row, evidence, at, _tier in done
        ],
    )


def mark_active(rows: Iterable[Row], lines: Mapping[int, Programme]) -> None:
    """The members of these assignments did something in their lines' groups today."""
    members: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        members[row.line_id].add(row.member_id)
    if not members:
        return
    in_groups = programme.groups_of_day([lines[line].line for line in members], journal.now())
    groups.mark_active(SYSTEM, {in_groups[line]: active for line, active in members.items()})


def undo(rows: Sequence[Row], lines: Mapping[int, Programme]) -> None:
    """Take completions back with their rewards.

    What was paid for good is set against the next rewards, so that crossing the bar again pays once
    in the end. The caller is alone and knows that all of them are done.
    """
    rewards.void(SYSTEM, _granted(rows, lines))
    for row in rows:
        row.done_at, row.evidence, row.taken_back = None, "", row.taken_back + 1
    sql.update(
        Assignment,
        [
            {"id": row.pk, "done_at": None, "evidence": "", "taken_back": row.taken_back}
            for row in rows
        ],
    )
    journal.record(
        *(
            TaskTakenBack(line=row.line_id, member=row.member_id, task=row.task, assignment=row.pk)
            for row in rows
        )
    )


def _grants(done: Done, lines: Mapping[int, Programme]) -> list[rewards.Grant]:
    row, _evidence, at, tier = done
    of = lines[row.line_id]
    task = of.tasks[row.task]
    earned = [rules.tiers(task)[tier - 1][1]] if tier else rules.rewards(task)
    limits = of.limits(task) if earned else {}
    return [
        rewards.Grant(
            reference=rules.reference(row.pk, kind, row.taken_back, tier),
            line=row.line_id,
            member=row.member_id,
            kind=kind,
            amount=amount,
            title=title,
            hold_days=rules.hold_days(row.fact, task),
            task=row.task,
            budget=task.reward.budget or "",
            day=of.local_day(at),
            limits=limits,
        )
        for kind, amount, title in earned
    ]


def references(row: Row, task: Task) -> list[str]:
    """The references of all rewards that a task may bring in this round, its tiers' among them."""
    base = [rules.reference(row.pk, one.kind, row.taken_back) for one in rules.rewards(task)]
    return base + [
        rules.reference(row.pk, one.kind, row.taken_back, number)
        for number, (_bar, one) in enumerate(rules.tiers(task), start=1)
    ]


def _granted(rows: Sequence[Row], lines: Mapping[int, Programme]) -> list[str]:
    """The references of what was granted for these: tiers only as far as they were reached."""
    tasks = {row.pk: lines[row.line_id].tasks[row.task] for row in rows}
    flat = [name for row in rows for name in references(row, tasks[row.pk])]
    if not any(task.reward.tiers for task in tasks.values()):
        return flat
    return list(reward_queries.by_reference(SYSTEM, flat))
