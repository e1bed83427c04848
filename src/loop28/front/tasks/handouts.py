"""Staff give a task of a line's playbook by hand, and say why."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import QuerySet

from loop28.back.finance.refusals import KeyUsed
from loop28.front.lines import actions as line_actions
from loop28.front.lines import seats
from loop28.front.lines.refusals import LineIsOver
from loop28.front.tasks import actions, programme, rules
from loop28.front.tasks.facts import TaskHandedOut
from loop28.front.tasks.giving import Given
from loop28.front.tasks.models import Handout
from loop28.front.tasks.refusals import NobodyChosen, NoSuchTask
from loop28.kernel import journal, sql
from loop28.kernel.access import SYSTEM, Actor, Role, require, scope
from loop28.kernel.text import clean_line


@journal.action
def hand_out(
    actor: Actor, line_id: int, task: str, members: Collection[int], reason: str, key: UUID
) -> int:
    """Give a task to those of these members who have a seat in the line; to how many.

    Its window runs from now. Each handout is an assignment of its own, beside those they have; the
    same ``key`` again is the same handout. Refuses with NotAllowed, LineIsOver, NoSuchTask,
    NobodyChosen, KeyUsed, TextMissing, TextTooLong; raises Line.DoesNotExist for a line the actor
    does not see.
    """
    require(actor, Role.ADMINISTRATOR, Role.REGION_MANAGER)
    reason = clean_line(reason, limit=200, field="reason")
    line = line_actions.hold_line(actor, line_id)
    if line.ended_at is not None:
        raise LineIsOver
    if task not in programme.of_lines([line_id])[line_id].tasks:
        raise NoSuchTask(field="task")
    seated = seats.seated(line_id, members)
    if not seated:
        raise NobodyChosen(field="members")
    asked = {"line_id": line_id, "task": task, "members": len(seated), "reason": reason}
    row = asked | {"key": key, "at": journal.now(), "by_id": actor.id or None}
    new = sql.insert(Handout, [row], unique=("key",))
    if not new and not Handout.objects.filter(key=key, **asked).exists():
        raise KeyUsed(field="key")
    for (number,) in new:
        by = f"{rules.HAND}{key}"
        actions.give(SYSTEM, line_id, [Given(m, task, by, journal.now()) for m in seated])
        journal.record(TaskHandedOut(line=line_id, task=task, members=len(seated), handout=number))
    return len(seated)


def handouts(actor: Actor, line_id: int) -> QuerySet[Handout]:
    """What was given by hand in a line, the newest first."""
    rows = scope(actor, Handout.objects.filter(line_id=line_id), region="line__region")
    return rows.select_related("by").order_by("-at", "-id")


def reasons(handout_ids: Iterable[int]) -> dict[int, str]:
    """Why these were given, in the words of who gave them."""
    return dict(Handout.objects.filter(id__in=list(handout_ids)).values_list("id", "reason"))
