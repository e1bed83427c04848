from collections.abc import Sequence

from loop28.back.finance.facts import LineFunded
from loop28.front.rewards import actions, capping
from loop28.front.rewards.models import Entitlement
from loop28.kernel import sql
from loop28.kernel.access import SYSTEM
from loop28.kernel.journal import reacts_to
from loop28.middle.members.facts import MembersMerged


@reacts_to(LineFunded)
def settle(facts: Sequence[LineFunded]) -> None:
    """Money came: pay what waited for it, in the transaction that brought it."""
    for line in sorted({fact.line for fact in facts}):
        actions.settle_unfunded(SYSTEM, line)


@reacts_to(MembersMerged)
def hand_over(facts: Sequence[MembersMerged]) -> None:
    """What the lost record earned, has still to get or owes is the kept one's."""
    for fact in facts:
        capping.hand_over(fact.member, fact.lost)
        sql.hand_over(Entitlement, fact.member, of=fact.lost)
