"""What the ladder hears: tasks done, orders sold and refunded, complaints, the end of a line."""

from collections import defaultdict
from collections.abc import Sequence

from loop28.front.groups import moderated
from loop28.front.groups.facts import ComplaintDecided
from loop28.front.ladder import actions, demoting, merging, opening
from loop28.front.lines.facts import (
    BeatDue,
    HandBeatDone,
    MemberJoinedLine,
    OptedIn,
    PhaseClosed,
)
from loop28.front.tasks import queries as tasks
from loop28.front.tasks.facts import TaskCompleted, TaskTakenBack
from loop28.kernel.access import SYSTEM
from loop28.kernel.journal import reacts_to
from loop28.middle.members.facts import MembersMerged
from loop28.middle.orders.facts import OrderPaid, OrderRefunded, OrderWasOwn


@reacts_to(TaskCompleted)
def promote_by_task(facts: Sequence[TaskCompleted]) -> None:
    """A task may be the one that was missing; nobody waits for the last day."""
    members: dict[int, set[int]] = defaultdict(set)
    for fact in facts:
        members[fact.line].add(fact.member)
    actions.promote(SYSTEM, members)


@reacts_to(OrderPaid)
def promote_by_order(facts: Sequence[OrderPaid]) -> None:
    """So may an order, in every line in which its seller has tasks."""
    sellers = {fact.member for fact in facts if not fact.own}
    actions.promote(SYSTEM, tasks.lines_of(sellers))


@reacts_to(ComplaintDecided)
def doubt_by_complaint(facts: Sequence[ComplaintDecided]) -> None:
    """Complaints that were found right may undo a level; a person decides about that."""
    demoting.look_at_complaints(SYSTEM, moderated.whom(fact.complaint for fact in facts))


@reacts_to(BeatDue)
def open_with_the_training(facts: Sequence[BeatDue]) -> None:
    """Who has a level when their training begins gets what comes with it."""
    opening.in_lines({fact.line for fact in facts if fact.kind == "tasks"})


@reacts_to(HandBeatDone)
def open_with_the_host(facts: Sequence[HandBeatDone]) -> None:
    """The training may begin by the host's hand."""
    opening.in_lines({fact.line for fact in facts})


@reacts_to(OptedIn)
def open_for_latecomers(facts: Sequence[OptedIn]) -> None:
    """It may have begun before somebody opted in,"""
    opening.for_members({fact.member for fact in facts})


@reacts_to(MemberJoinedLine)
def open_for_who_is_back(facts: Sequence[MemberJoinedLine]) -> None:
    """or came back."""
    opening.for_members({fact.member for fact in facts})


@reacts_to(PhaseClosed)
def graduate(facts: Sequence[PhaseClosed]) -> None:
    """The last phase is over: the line graduates."""
    for fact in facts:
        if fact.last:
            actions.graduate(SYSTEM, fact.line)


@reacts_to(MembersMerged)
def hand_over(facts: Sequence[MembersMerged]) -> None:
    """Whoever has a level under the lost record may host under the one that is left, and is asked
    there.
    """
    for fact in facts:
        merging.hand_over(SYSTEM, fact.member, fact.lost)
    opening.for_members(fact.member for fact in facts)


# The doubts come last: of two records that just became one person, the steps up are in one place.


@reacts_to(OrderRefunded)
def doubt_by_refund(facts: Sequence[OrderRefunded]) -> None:
    """A level may rest on an order that came back; a person decides about that."""
    demoting.look_at_numbers(SYSTEM, {fact.member for fact in facts})


@reacts_to(OrderWasOwn)
def doubt_by_own_purchase(facts: Sequence[OrderWasOwn]) -> None:
    """A level may rest on what turned out to be an own purchase; a person decides about that."""
    demoting.look_at_numbers(SYSTEM, {fact.member for fact in facts})


@reacts_to(TaskTakenBack)
def doubt_by_task(facts: Sequence[TaskTakenBack]) -> None:
    """A level may rest on a task that was not done; a person decides about that."""
    demoting.look_at_numbers(SYSTEM, {fact.member for fact in facts})
