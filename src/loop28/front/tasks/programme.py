"""What a line says of its tasks: the playbook it opened on, its zone, the group of its day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from loop28.front.lines import queries as lines
from loop28.front.lines.models import Line
from loop28.front.playbooks import queries as playbooks
from loop28.front.playbooks.checks.money import unlawful
from loop28.front.playbooks.schema import Playbook, Task
from loop28.kernel import clock


@dataclass(frozen=True, slots=True)
class Programme:
    """A line's tasks by key, in the order of its playbook."""

    line: Line
    tasks: dict[str, Task]
    playbook: Playbook

    @property
    def zone(self) -> ZoneInfo:
        """That of the line's region."""
        return ZoneInfo(self.line.region.zone)

    def limits(self, task: Task) -> dict[str, int]:
        """What bounds the rewards of a task, by kind of cap.

        The policy is looked at again when something is granted: a rule may be younger than the
        playbook, and then there is room for nothing of value.
        """
        reward, caps = task.reward, self.playbook.caps
        parts = {part.key: part.most for part in self.playbook.budgets}
        limits = {
            "first": reward.first,
            "task": reward.most,
            "budget": parts.get(reward.budget or ""),
            "day": caps.day,
            "member": caps.member,
            "line": caps.line,
        }
        price, profile = self.playbook.hot_product.price, self.playbook.profile
        if unlawful(task, profile, price, reward.money_at_most):
            limits["policy"] = 0
        return {kind: most for kind, most in limits.items() if most is not None}

    def local_day(self, moment: datetime) -> date:
        """The day it is in the line's region."""
        return clock.local_day(moment, self.zone)


def of_lines(line_ids: Iterable[int]) -> dict[int, Programme]:
    """By line; one statement, and a playbook is read once a process."""
    found: dict[int, Programme] = {}
    wanted = set(line_ids)
    for line in lines.numbered(wanted) if wanted else ():
        playbook = playbooks.playbook(line.playbook_id)
        found[line.pk] = Programme(line, {task.key: task for task in playbook.tasks}, playbook)
    return found


def groups_of_day(of: Iterable[Line], now: datetime) -> dict[int, int]:
    """By line, the group it lives in at ``now``: that of the day's phase; after all, the last."""
    days = {line.pk: lines.today(line, now) for line in of}
    return {
        line: next((p for p in phases if days[line] <= p.last_day), phases[-1]).group_id
        for line, phases in lines.phases_by_line(list(days)).items()
    }
