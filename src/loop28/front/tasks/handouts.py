"""Staff give a task of a line's playbook by hand, and say why."""

from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256
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
    form = {"line_id": line_id, "task": task, "asked": _digest(members), "reason": reason}
    if Handout.objects.filter(key=key).exists():
        return _sent_again(key, form)
    seated = seats.seated(line_id, members)
    if not seated:
        raise NobodyChosen(field="members")
    row = {"key": key, "members": len(seated), "at": journal.now(), "by_id": actor.id or None}
    new = sql.insert(Handout, [form | row], unique=("key",))
    if not new:  # in this instant, for another line
        return _sent_again(key, form)
    by, (number,) = f"{rules.HAND}{key}", new[0]
    actions.give(SYSTEM, line_id, [Given(m, task, by, journal.now()) for m in seated])
    journal.record(TaskHandedOut(line=line_id, task=task, members=len(seated), handout=number))
    return len(seated)


def _digest(members: Collection[int]) -> str:
    return sha256(" ".join(map(str, sorted(set(members)))).encode()).hexdigest()


def _sent_again(key: UUID, form: Mapping[str, object]) -> int:
    """To how many it was given when the form came first; its key with other content is refused."""
    known = Handout.objects.filter(key=key, **form).first()
    if known is None:
        raise KeyUsed(field="key")
    return known.members


def handouts(actor: Actor, line_id: int) -> QuerySet[Handout]:
    """What was given by hand in a line, the newest first."""
    rows = scope(actor, Handout.objects.filter(line_id=line_id), region="line__region")
    return rows.select_related("by").order_by("-at", "-id")


def reasons(handout_ids: Iterable[int]) -> dict[int, str]:
    """Why these were given, in the words of who gave them."""
    return dict(Handout.objects.filter(id__in=list(handout_ids)).values_list("id", "reason"))
