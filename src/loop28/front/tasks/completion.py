"""How an assignment becomes done, and open again when it was not. Called inside the actions."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from loop28.front.groups import actions as groups
from loop28.front.rewards import actions as rewards
from loop28.front.rewards.models import RewardState
from loop28.front.tasks import programme, rules
from loop28.front.tasks.facts import TaskCompleted, TaskTakenBack
from loop28.front.tasks.models import Assignment
from loop28.front.tasks.programme import Programme
from loop28.front.tasks.refusals import TaskClosed
from loop28.front.tasks.rules import Stand
from loop28.kernel import journal, sql
from loop28.kernel.access import SYSTEM


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


class Done(NamedTuple):
    """An assignment that is done, what proves it, and when that happened."""

    assignment: Assignment
    evidence: str
    at: datetime


def finish(done: Sequence[Done], lines: Mapping[int, Programme]) -> None:
    """Write down what is done; grant the rewards; mark the members active.

    The caller holds the locks of the assignments and knows that none of them was done.
    """
    for row, evidence, at in done:
        row.done_at, row.evidence = at, evidence
    sql.update(
        Assignment,
        [{"id": row.pk, "done_at": at, "evidence": evidence} for row, evidence, at in done],
    )
    rows = [row for row, _, _ in done]
    rewards.grant(SYSTEM, [grant for row in rows for grant in _grants(row, lines)])
    mark_active(rows, lines)
    journal.record(
        *(
            TaskCompleted(line=row.line_id, member=row.member_id, task=row.task, assignment=row.pk)
            for row in rows
        )
    )


def mark_active(rows: Iterable[Assignment], lines: Mapping[int, Programme]) -> None:
    """The members of these assignments did something in their lines' groups today."""
    members: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        members[row.line_id].add(row.member_id)
    for line, active in sorted(members.items()):
        group = programme.group_of_day(lines[line].line, journal.now())
        groups.mark_active(SYSTEM, group, sorted(active))


def undo(rows: Sequence[Assignment], lines: Mapping[int, Programme]) -> list[Assignment]:
    """Take completions back with their rewards; those that could be taken back.

    One that has a reward settled already stands: the hold was the time to take it back. The caller
    holds the locks of the rows and knows that all of them are done.
    """
    references = {row.pk: _references(row, lines) for row in rows}
    flat = [reference for named in references.values() for reference in named]
    states = dict(zip(flat, rewards.void(SYSTEM, flat), strict=True))
    back = [
        row for row in rows if all(states[name] == RewardState.VOID for name in references[row.pk])
    ]
    for row in back:
        row.done_at, row.evidence, row.taken_back = None, "", row.taken_back + 1
    sql.update(
        Assignment,
        [
            {"id": row.pk, "done_at": None, "evidence": "", "taken_back": row.taken_back}
            for row in back
        ],
    )
    journal.record(
        *(
            TaskTakenBack(line=row.line_id, member=row.member_id, task=row.task, assignment=row.pk)
            for row in back
        )
    )
    return back


def _grants(row: Assignment, lines: Mapping[int, Programme]) -> list[rewards.Grant]:
    task = lines[row.line_id].tasks[row.task]
    return [
        rewards.Grant(
            reference=rules.reference(row.pk, kind, row.taken_back),
            line=row.line_id,
            member=row.member_id,
            kind=kind,
            amount=amount,
            title=title,
            hold_days=rules.hold_days(row.fact, task),
        )
        for kind, amount, title in rules.rewards(task)
    ]


def _references(row: Assignment, lines: Mapping[int, Programme]) -> list[str]:
    return [grant.reference for grant in _grants(row, lines)]
