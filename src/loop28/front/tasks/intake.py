"""Facts come in: each is taken once by its key, and moves the tasks it is for."""

from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum

from loop28.front.tasks import following, matching, programme, progress
from loop28.front.tasks.models import Happening
from loop28.front.tasks.rules import Happened
from loop28.kernel import journal, sql
from loop28.kernel.access import Actor, require


class Answer(StrEnum):
    """What became of a fact: it moved a task; it is kept and moved none; it was known; its key was
    used for another fact.
    """

    COUNTED = "counted"
    KEPT = "kept"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"


@journal.action
def receive(actor: Actor, facts: Sequence[Happened]) -> list[Answer]:
    """Take facts in and move the tasks they are for; an answer for each, in their order.

    A fact counts by when it happened, so that the same facts in any order bring the same progress.
    Only the product itself takes facts in; the members must be there.
    """
    require(actor)
    if not facts:
        return []
    sql.alone(Happening)
    fresh = _new(facts)
    moved = matching.moved_by(fresh)
    lines = programme.of_lines(row.line_id for _, row in moved)
    pairs = matching.fitting(moved, lines)
    following.follow(progress.count(pairs, lines), lines)
    return _answers(facts, {fact.key for fact in fresh.values()}, {fact.key for fact, _ in pairs})


@journal.action
def reverse(actor: Actor, keys: Collection[str]) -> int:
    """Take back facts that turned out not to hold; how many completions that undid.

    Progress falls, and a completion that no longer stands is undone with its rewards; its task is
    open again while its window stands. A key that is not known, or was taken back before, changes
    nothing.
    """
    require(actor)
    sql.alone(Happening)
    held = Happening.objects.filter(key__in=keys, taken_back_at=None).order_by("id")
    facts = {number: Happened(*rest) for number, *rest in held.values_list("id", *Happened._fields)}
    moved = matching.moved_by(facts)
    now = journal.now()
    sql.update(Happening, [{"id": number, "taken_back_at": now} for number in facts])
    carried = [*(row for _, row in moved), *matching.left_behind(facts.values())]
    rows = list({row.pk: row for row in carried}.values())
    back = progress.recount(rows)
    following.follow(rows, programme.of_lines(row.line_id for row in rows))
    return len(back)


def _new(facts: Sequence[Happened]) -> dict[int, Happened]:
    """Those of these that were not known, by the number they got, in their order.

    The numbers ascend: of what happened in one instant, the one that was told first came first.
    """
    rows = [
        {
            "key": fact.key,
            "member_id": fact.member_id,
            "kind": fact.kind,
            "at": fact.at,
            "subject": fact.subject,
            "amount": fact.amount,
            "line": fact.line,
            "fields": fact.fields or None,
        }
        for fact in facts
    ]
    columns = ("key", "id")
    new = dict(sql.insert(Happening, rows, unique=("key",), returning=columns))
    return {new.pop(fact.key): fact for fact in facts if fact.key in new}


def _answers(
    facts: Sequence[Happened], fresh: Collection[str], counted: Collection[str]
) -> list[Answer]:
    told = known(fact.key for fact in facts if fact.key not in fresh)
    first: set[str] = set()
    answers = []
    for fact in facts:
        if fact.key in fresh and fact.key not in first:
            answers.append(Answer.COUNTED if fact.key in counted else Answer.KEPT)
            first.add(fact.key)
            told[fact.key] = fact
        else:
            answers.append(Answer.DUPLICATE if fact == told[fact.key] else Answer.CONFLICT)
    return answers


def known(keys: Iterable[str]) -> dict[str, Happened]:
    """What was told under these keys, whether it still holds or not."""
    wanted = set(keys)
    if not wanted:
        return {}
    rows = Happening.objects.filter(key__in=wanted).values_list(*Happened._fields)
    return {fact.key: fact for fact in (Happened(*values) for values in rows)}
