"""How long the budgets of lines will last."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from loop28.front.lines import schedule
from loop28.front.lines.queries import Line
from loop28.front.playbooks import queries as playbooks
from loop28.front.playbooks.costs import comings, task_at_most
from loop28.front.playbooks.schema import Playbook
from loop28.front.tasks import queries as tasks
from loop28.insight.metrics import foresight
from loop28.insight.metrics.foresight import Foresight, Outgo
from loop28.kernel import clock

SOON = timedelta(days=2)
"""How far ahead packets must be paid for, or the line is a red item."""


def foresee(
    chosen: Sequence[Line],
    heads: Mapping[int, Mapping[str, int]],
    called: Collection[int],
    left: Mapping[int, int],
    now: datetime,
) -> dict[int, Foresight]:
    """By line, what is planned against what is left.

    Rewards are counted when their tasks open, for everybody who passed (before the call: for a
    cautious share of the seats), as if all of them did every task: an upper bound. What opens with
    a level is counted for those of them who have not had it yet, as if all reached the level; since
    no calendar knows when, at the end of the line.
    """
    packets: dict[int, list[Outgo]] = defaultdict(list)
    rewards: dict[int, list[Outgo]] = defaultdict(list)
    people = {
        line.pk: foresight.expected_to_pass(
            heads[line.pk]["opted_in"], heads[line.pk]["seated"], called=line.pk in called
        )
        for line in chosen
    }
    of = {line.pk: playbooks.playbook(line.playbook_id) for line in chosen}
    for beat in schedule.costly([line.pk for line in chosen], now):
        if beat.kind == "packet":
            packets[beat.line_id].append(Outgo(beat.due_at, beat.payload["total"]))
        else:
            fen = _at_most(of[beat.line_id], beat.payload["tasks"], people[beat.line_id])
            rewards[beat.line_id].append(Outgo(beat.due_at, fen))
    leveled = [line for line in chosen if line.ended_at is None and of[line.pk].by_level]
    had = tasks.opened_by_level([line.pk for line in leveled]) if leveled else {}
    for line in leveled:
        for task in of[line.pk].by_level:
            still = max(0, people[line.pk] - had.get((line.pk, task.key), 0))
            rewards[line.pk].append(Outgo(_end(line), _at_most(of[line.pk], [task.key], still)))
    return {
        line.pk: foresight.foresee(left[line.pk], packets[line.pk], rewards[line.pk], now + SOON)
        for line in chosen
    }


def _end(line: Line) -> datetime:
    """The midnight after a line's last day."""
    after = line.start_day + timedelta(days=line.days)
    return clock.at_local(after, 0, 0, ZoneInfo(line.region.zone))


def _at_most(playbook: Playbook, opened: Sequence[str], people: int) -> int:
    """Fen that so many people can earn by these tasks, and by what they bring along."""
    of = {task.key: task for task in playbook.tasks}
    return sum(
        task_at_most(of[key], people * times)
        for first in opened
        for key, times in comings(first, playbook).items()
    )
