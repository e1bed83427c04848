"""What the links hear: two records of one person have become one."""

from collections.abc import Sequence

from loop28.front.referrals import merging
from loop28.kernel.access import SYSTEM
from loop28.kernel.journal import reacts_to
from loop28.middle.members.facts import MembersMerged


@reacts_to(MembersMerged)
def hand_fans_over(facts: Sequence[MembersMerged]) -> None:
    """Links and fans of the lost record are the kept one's; nobody is their own fan."""
    for fact in facts:
        merging.hand_over(SYSTEM, fact.member, fact.lost)
