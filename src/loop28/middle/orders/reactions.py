"""What the register hears: two records of one person have become one."""

from collections.abc import Sequence

from loop28.kernel.journal import reacts_to
from loop28.middle.members.facts import MembersMerged
from loop28.middle.orders.models import Order


@reacts_to(MembersMerged)
def hand_orders_over(facts: Sequence[MembersMerged]) -> None:
    """What the lost record sold was sold by the person who is left."""
    for fact in facts:
        Order.objects.filter(member=fact.lost).update(member=fact.member)
