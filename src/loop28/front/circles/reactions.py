"""What a standing group hears: records that become one, consent taken back."""

from collections.abc import Sequence

from loop28.front.circles import actions, merging
from loop28.kernel.access import SYSTEM
from loop28.kernel.journal import reacts_to
from loop28.middle.members.facts import ConsentWithdrawn, MembersMerged


@reacts_to(MembersMerged)
def hand_over(facts: Sequence[MembersMerged]) -> None:
    """Invitations of the lost record are the kept one's; before anybody is let go."""
    for fact in facts:
        merging.hand_over(SYSTEM, fact.member, fact.lost)


@reacts_to(ConsentWithdrawn)
def let_go(facts: Sequence[ConsentWithdrawn]) -> None:
    """Who takes consent back leaves every standing group they are in."""
    actions.let_go(SYSTEM, [fact.member for fact in facts])
