"""Tasks that open with a level. Who has which one is known above, and passed in.

A level that is taken back closes nothing: what was opened stays open until its own end, what was
done stays done, and reaching the level again opens nothing twice.
"""

from collections.abc import Collection, Iterable, Mapping
from functools import partial

from loop28.front.lines import seats
from loop28.front.tasks import following, giving, programme, queries, rules
from loop28.front.tasks.giving import Given
from loop28.front.tasks.models import Happening
from loop28.kernel import journal, sql
from loop28.kernel.access import SYSTEM, Actor, require


@journal.action
def open_by_level(actor: Actor, held: Mapping[int, Collection[str]]) -> int:
    """Open what comes with the levels that these members hold, in their lines that go on; how much.

    Only for whom the training has begun, as the tasks they have show. What happened since in the
    same instants counts right after the commit: whoever grants a level has had their turn to hear
    of what is done.
    """
    require(actor)
    training = queries.lines_of(held)
    lines = {
        number: of
        for number, of in programme.of_lines(training).items()
        if of.playbook.by_level and of.line.ended_at is None
    }
    if not lines:
        return 0
    sql.alone(Happening)
    passed = seats.passed_among(list(lines), held)
    given = [
        (number, Given(member, task.key, f"{rules.LEVEL}{task.level}", journal.now()))
        for number, of in lines.items()
        for member in sorted(passed[number].intersection(training[number]))
        for task in of.playbook.by_level
        if task.level in held[member]
    ]
    new = giving.write(given, lines)
    if moved := [row.pk for row in giving.behind(new)]:
        journal.after_commit(partial(catch_up, SYSTEM, moved))
    return len(new)


@journal.action
def catch_up(actor: Actor, assignment_ids: Collection[int]) -> None:
    """Count what happened in the instants in which these were opened."""
    require(actor)
    sql.alone(Happening)
    rows = giving.look_back(assignment_ids)
    following.follow(rows, programme.of_lines(row.line_id for row in rows))


def with_levels(line_ids: Iterable[int]) -> list[int]:
    """Those of these lines that go on and have tasks that open with a level."""
    found = programme.of_lines(line_ids).values()
    return [of.line.pk for of in found if of.playbook.by_level and of.line.ended_at is None]
