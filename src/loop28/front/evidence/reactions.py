"""What the desk hears: records that become one person, consent taken back."""

from collections.abc import Sequence

from loop28.front.evidence import actions, merging
from loop28.front.tasks.facts import TasksJoined
from loop28.kernel.access import SYSTEM
from loop28.kernel.journal import reacts_to
from loop28.middle.members.facts import ConsentWithdrawn, MembersMerged


@reacts_to(TasksJoined)
def follow(facts: Sequence[TasksJoined]) -> None:
    """The pictures of a task that went into another one go with it."""
    for fact in facts:
        merging.follow(SYSTEM, fact.assignment, fact.gone)


@reacts_to(MembersMerged)
def hand_over(facts: Sequence[MembersMerged]) -> None:
    """A colleague who was known by the lost record is known by the kept one."""
    for fact in facts:
        merging.hand_over(SYSTEM, fact.member, fact.lost)


@reacts_to(ConsentWithdrawn)
def erase(facts: Sequence[ConsentWithdrawn]) -> None:
    """Who takes consent back takes their pictures back, too."""
    actions.erase(SYSTEM, [fact.member for fact in facts])
