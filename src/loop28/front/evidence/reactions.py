"""What the desk hears: a line's day begins, records become one person, consent is taken back."""

from collections.abc import Sequence
from functools import partial

from loop28.front.evidence import actions, merging, queries
from loop28.front.lines import schedule
from loop28.front.lines.facts import BeatDue, LineStopped
from loop28.front.tasks import nudging, standstill
from loop28.front.tasks.facts import TasksJoined
from loop28.kernel import journal
from loop28.kernel.access import SYSTEM
from loop28.kernel.journal import reacts_to
from loop28.middle.members.facts import ConsentWithdrawn, MembersMerged


@reacts_to(BeatDue)
def nudge(facts: Sequence[BeatDue]) -> None:
    """With the first beat of a line's day those who are stuck get a word; it need not hurry.

    Heard here and not where tasks are: only here is known who waits for us.
    """
    for line in schedule.beginning_a_day(fact.beat for fact in facts):
        journal.after_commit(partial(_nudge, line))


@reacts_to(LineStopped)
def give_back(facts: Sequence[LineStopped]) -> None:
    """A line that was stopped keeps what its people can still earn; the rest goes back.

    Here, too, it is known what a picture may still earn.
    """
    for fact in facts:
        standstill.give_back_rest(SYSTEM, fact.line, queries.provable_of(fact.line))


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


def _nudge(line: int) -> None:
    nudging.nudge(SYSTEM, line, queries.in_review_of(line))
