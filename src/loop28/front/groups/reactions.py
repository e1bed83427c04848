"""What groups hear: two records of one person have become one."""

from collections.abc import Sequence

from loop28.front.groups import merging
from loop28.kernel.access import SYSTEM
from loop28.kernel.journal import reacts_to
from loop28.middle.members.facts import MembersMerged


@reacts_to(MembersMerged)
def hand_over(facts: Sequence[MembersMerged]) -> None:
    """Everything of the lost record is the kept one's."""
    for fact in facts:
        merging.hand_over(SYSTEM, fact.member, fact.lost)
