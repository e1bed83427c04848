"""What clubs hear: who comes into their groups and leaves them; merges."""

from collections.abc import Sequence

from loop28.front.clubs import counting, merging
from loop28.front.groups.facts import GroupJoined, GroupLeft
from loop28.kernel.access import SYSTEM
from loop28.kernel.journal import reacts_to
from loop28.middle.members.facts import MembersMerged


@reacts_to(MembersMerged)
def hand_over(facts: Sequence[MembersMerged]) -> None:
    """Groups, stays and answers of the lost record are the kept one's."""
    for fact in facts:
        merging.hand_over(SYSTEM, fact.member, fact.lost)


@reacts_to(GroupJoined)
def count_in(facts: Sequence[GroupJoined]) -> None:
    """Who comes into a club begins a stay in it."""
    counting.begin([(fact.group, fact.member) for fact in facts])


@reacts_to(GroupLeft)
def count_out(facts: Sequence[GroupLeft]) -> None:
    """However somebody came to leave a club, their stay is over."""
    counting.end([(fact.group, fact.member) for fact in facts])
