"""What the register keeps about a person: what they sold, and what a shop calls them."""

from collections.abc import Collection

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from loop28.kernel import journal
from loop28.kernel.access import Actor, require
from loop28.kernel.money import yuan
from loop28.kernel.privacy import WHEN, YUAN, Row, Topic
from loop28.middle.members import queries as members_of
from loop28.middle.orders.models import Order
from loop28.middle.orders.rules import ERASED


def about(actor: Actor, members: Collection[int]) -> list[Topic]:
    """What they sold; who bought it only where it was they themselves."""
    rows: list[Row] = [
        [
            row.paid_at,
            row.shop,
            row.external_id,
            row.buyer if row.own else "",
            yuan(row.fen),
            yuan(row.refunded_fen),
        ]
        for row in Order.objects.filter(member__in=members).order_by("paid_at", "id")
    ]
    columns = [
        WHEN,
        _("Shop"),
        pgettext_lazy("data", "Order"),
        _("You bought it as"),
        YUAN,
        _("Refunded"),
    ]
    return [Topic("orders", _("Orders"), columns, rows)]


@journal.action
def erase(actor: Actor, members: Collection[int]) -> None:
    """No order says any more who these people are in a shop. Sums, numbers and shops stay.

    Called while `members` still knows what they are called elsewhere.
    """
    require(actor)
    known = members_of.identities(members).values()
    called = {name for names in known for name in names}
    bought = Q(member__in=members, own=True) | Q(buyer__in=called)
    Order.objects.filter(bought).exclude(buyer="").update(buyer=ERASED)
