"""What becomes of tasks, and of the money for them, when a line stands still or is over."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import F, Q

from loop28.back.finance import actions as finance
from loop28.back.finance import queries as finance_queries
from loop28.front.lines import actions as line_actions
from loop28.front.playbooks import costs
from loop28.front.rewards import queries as rewards
from loop28.front.tasks import following, giving, programme
from loop28.front.tasks.models import Assignment, Happening
from loop28.front.tasks.programme import Programme
from loop28.front.tasks.refusals import LineGoesOn
from loop28.kernel import clock, journal, sql
from loop28.kernel.access import SYSTEM, Actor, Role, require


@journal.action
def extend(actor: Actor, line_id: int, since: datetime, days: int) -> None:
    """Keep tasks that could be done, or done better, at ``since`` open for so many days more.

    What comes again waits as long. What happened after their old end, and is in their window now,
    counts.
    """
    require(actor)
    if not days:
        return
    sql.alone(Happening)
    later = timedelta(days=days)
    waiting = Assignment.objects.filter(line_id=line_id, again_at__isnull=False)
    waiting.update(again_at=F("again_at") + later)
    lines = programme.of_lines([line_id])
    open_ = Assignment.objects.filter(
        _may_earn(lines[line_id]), line_id=line_id, closes_at__gte=since
    )
    numbers = list(open_.values_list("id", flat=True))
    open_.update(closes_at=F("closes_at") + later)
    following.follow(giving.look_back(numbers), lines)


@journal.action
def give_back_rest(actor: Actor, line_id: int, provable: Collection[int]) -> int:
    """Return to the company what nobody can claim any more of a line that is over; how many fen.

    Kept is what rewards wait for, and what tasks may earn that are still open, or ``provable``: a
    picture may still come to count for them. Packets that are open hold their own money; what comes
    back from them is left for the next time. Refuses with LineGoesOn; raises Line.DoesNotExist for
    a line the actor does not see.
    """
    require(actor, Role.ADMINISTRATOR, Role.REGION_MANAGER, Role.FINANCE)
    line = line_actions.hold_line(actor, line_id)
    if line.ended_at is None:
        raise LineGoesOn
    sql.alone(Happening)  # what is done in this moment is either owed or paid
    left = finance_queries.budget_left(SYSTEM, [line_id])[line_id]
    rest = left - _owed(line_id, journal.now(), provable)
    if rest <= 0:
        return 0
    finance.give_back(SYSTEM, line_id, rest, key=f"{journal.now():%Y%m%d%H%M%S%f}")
    return rest


def free_fen(line_id: int, left_fen: int, provable: Collection[int]) -> int:
    """What `give_back_rest` would return of a budget that has ``left_fen``."""
    return max(0, left_fen - _owed(line_id, clock.now(), provable))


def _owed(line_id: int, now: datetime, provable: Collection[int]) -> int:
    """Fen that members are waiting for or may still earn with the tasks they have."""
    of = programme.of_lines([line_id])[line_id]
    worth = costs.worth(of.playbook)
    open_ = Assignment.objects.filter(_may_earn(of), line_id=line_id)
    open_ = open_.filter(Q(closes_at__gte=now) | Q(id__in=provable))
    waiting = rewards.paid_by_line(SYSTEM, [line_id]).get(line_id, rewards.Paid()).unfunded
    return waiting + sum(worth[task] for task in open_.values_list("task", flat=True))


def _may_earn(of: Programme) -> Q:
    """Assignments of a line that bring something when they go on: not done, or better with more."""
    better = [key for key, task in of.tasks.items() if task.reward.tiers]
    return Q(done_at=None) | Q(task__in=better)
