"""What the register hears: two records of one person have become one."""

from collections.abc import Sequence

from loop28.kernel import journal, sql
from loop28.kernel.journal import reacts_to
from loop28.middle.members import queries as members
from loop28.middle.members.facts import MembersMerged
from loop28.middle.orders.facts import OrderWasOwn
from loop28.middle.orders.models import Order


@reacts_to(MembersMerged)
def hand_orders_over(facts: Sequence[MembersMerged]) -> None:
    """What either record sold was sold by one person; what one bought of the other is their own."""
    for fact in facts:
        sql.hand_over(Order, fact.member, of=fact.lost)
        called = members.called([fact.member])[fact.member]
        bought = Order.objects.filter(member=fact.member, own=False, buyer__in=called)
        numbers = list(bought.order_by("id").values_list("id", flat=True))
        bought.update(own=True)
        journal.record(*(OrderWasOwn(member=fact.member, order=number) for number in numbers))
