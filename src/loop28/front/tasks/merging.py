"""What becomes of tasks when two records turn out to be one person."""

from collections.abc import Iterable

from loop28.front.tasks import following, programme, progress, rules
from loop28.front.tasks.facts import TasksJoined
from loop28.front.tasks.models import Assignment, Happening, MakeUp, Step
from loop28.front.tasks.progress import Contribution
from loop28.kernel import journal, sql
from loop28.kernel.access import Actor, require

Pair = tuple[Assignment, Assignment]


@journal.action
def hand_over(actor: Actor, member: int, lost: int) -> None:
    """One person has a task of a line once: done by either, it is done; what counted is added up.

    Of a task that both did, each keeps its own: both were rewarded, and a refund may still undo one
    of them. What is open is counted anew, as if one number had brought about all facts.
    """
    require(actor)
    sql.alone(Happening)
    rows = Assignment.objects.filter(member__in=[member, lost]).select_for_update().order_by("id")
    pairs = _pairs(list(rows), member)
    both_open = [(own, other) for own, other in pairs if not own.done_at and not other.done_at]
    days = [day for own, other in both_open for day in _days(own, other)]
    spare = [(o, own) if o.done_at else (own, o) for own, o in pairs if not own.done_at]
    spare += [(own, other) for own, other in pairs if own.done_at and not other.done_at]
    joined = [_joined(member, kept, gone) for kept, gone in spare]
    _keep_cards(both_open)
    Assignment.objects.filter(pk__in=[gone.pk for _, gone in spare]).delete()
    sql.hand_over(Assignment, member, of=lost, once=[["line", "task", "opening"]])
    sql.hand_over(Happening, member, of=lost)
    journal.record(*joined)
    progress.add(days, programme.of_lines(day.assignment.line_id for day in days))
    open_ = Assignment.objects.filter(member=member, done_at=None).exclude(fact="")
    progress.recount(list(open_.select_for_update().order_by("id")))
    mine = list(Assignment.objects.filter(member=member).order_by("id"))
    following.follow(mine, programme.of_lines(row.line_id for row in mine))


def _joined(member: int, kept: Assignment, gone: Assignment) -> TasksJoined:
    return TasksJoined(
        line=kept.line_id, member=member, task=kept.task, assignment=kept.pk, gone=gone.pk
    )


def _pairs(rows: Iterable[Assignment], member: int) -> list[Pair]:
    """Where both have the same task: the kept record's row and the lost one's."""
    by_task: dict[tuple[int, str, str], list[Assignment]] = {}
    for row in rows:
        by_task.setdefault((row.line_id, row.task, row.opening), []).append(row)
    both = [found for found in by_task.values() if len(found) == 2]
    return [(one, two) if one.member_id == member else (two, one) for one, two in both]


def _keep_cards(pairs: Iterable[Pair]) -> None:
    """The days that the other one filled with make-up cards stay filled."""
    kept = {other.pk: own.pk for own, other in pairs if own.mode == rules.STREAK}
    played = MakeUp.objects.filter(assignment__in=kept).order_by("id")
    rows = [{"assignment_id": kept[c.assignment_id], "day": c.day, "at": c.at} for c in played]
    sql.insert(MakeUp, rows, unique=("assignment", "day"))


def _days(own: Assignment, other: Assignment) -> list[Contribution]:
    """Give this row the longer time of both; the days that were counted for the other one."""
    own.opened_at = min(own.opened_at, other.opened_at)
    own.closes_at = max(own.closes_at, other.closes_at)
    own.save(update_fields=["opened_at", "closes_at"])
    if own.fact:
        return []
    steps = Step.objects.filter(assignment=other).order_by("at", "id")
    return [Contribution(own, s.subject, s.subject, 0, s.at) for s in steps]
