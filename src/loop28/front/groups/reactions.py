"""What groups hear: records that become one, consent taken back."""

from collections.abc import Sequence

from loop28.front.groups import actions, merging, notices, queries
from loop28.kernel.access import SYSTEM
from loop28.kernel.journal import reacts_to
from loop28.middle.members.facts import ConsentWithdrawn, MembersMerged


@reacts_to(MembersMerged)
def hand_over(facts: Sequence[MembersMerged]) -> None:
    """Everything of the lost record is the kept one's."""
    for fact in facts:
        merging.hand_over(SYSTEM, fact.member, fact.lost)


@reacts_to(ConsentWithdrawn)
def let_go(facts: Sequence[ConsentWithdrawn]) -> None:
    """Who takes consent back leaves the groups that other members built."""
    gone = [fact.member for fact in facts]
    for group, members in sorted(queries.guests_of_members(gone).items()):
        actions.leave(SYSTEM, group, members)


@reacts_to(ConsentWithdrawn)
def send_nothing_more(facts: Sequence[ConsentWithdrawn]) -> None:
    """What waits for somebody who took consent back is never sent."""
    notices.drop([fact.member for fact in facts])
