"""What a level opens: tasks, for who reaches it and for who has it when their training begins."""

from collections.abc import Iterable

from loop28.front.ladder import queries, rules
from loop28.front.ladder.facts import Promoted
from loop28.front.lines import seats
from loop28.front.tasks import leveled
from loop28.kernel import journal
from loop28.kernel.access import SYSTEM


def promoted(*facts: Promoted) -> None:
    """Record that these have a level, and open what comes with it."""
    if not facts:
        return
    journal.record(*facts)
    for_members(fact.member for fact in facts)


def for_members(members: Iterable[int]) -> None:
    """Open what comes with the levels that these members hold, in the lines in which they train."""
    held = {member: rules.up_to(level) for member, level in queries.level(members).items()}
    if held:
        leveled.open_by_level(SYSTEM, held)


def in_lines(line_ids: Iterable[int]) -> None:
    """Open it for everybody who trains in these lines."""
    for line in leveled.with_levels(line_ids):
        for_members(seats.passed(line))
