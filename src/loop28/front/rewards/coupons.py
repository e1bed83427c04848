"""Coupons: looked up by their code, and used once, on an order of the register."""

from django.db.models import QuerySet

from loop28.front.rewards import queries, refusals
from loop28.front.rewards.facts import CouponRedeemed
from loop28.front.rewards.models import Entitlement, Redemption
from loop28.kernel import journal, sql
from loop28.kernel.access import Actor, Role, require, scope
from loop28.kernel.text import searchable
from loop28.middle.orders import queries as orders
from loop28.middle.orders.models import Order

TAKERS = (Role.ADMINISTRATOR, Role.MIDDLE)
"""Who takes coupons: the middle platform looks after orders."""

_ALIKE = str.maketrans("018", "OIB")
"""What no code holds, and the letter it was read for."""


def find(actor: Actor, code: str) -> Entitlement:
    """The coupon with this code, however it was typed. Refuses with UnknownCoupon."""
    wanted = searchable(code).upper().translate(_ALIKE)
    found = queries.coupons(actor).filter(code=wanted).first() if wanted else None
    if found is None:
        raise refusals.UnknownCoupon(field="code")
    return found


def used(actor: Actor) -> QuerySet[Redemption]:
    """The coupons that were used, the latest first."""
    rows = Redemption.objects.select_related("entitlement__member", "entitlement__line", "order")
    return scope(actor, rows, region="entitlement__line__region").order_by("-at", "-id")


@journal.action
def redeem(actor: Actor, code: str, number: str, shop: str = "") -> Redemption:
    """Note that a coupon was used on an order; the same again is the same one.

    Refuses with UnknownCoupon, CouponNotYet, CouponTakenBack, CouponExpired, CouponUsed,
    UnknownOrder, WhichShop.
    """
    require(actor, *TAKERS)
    coupon, order = find(actor, code), _order(actor, number, shop)
    # Locked, so that it is not taken back in between.
    coupon = Entitlement.objects.select_for_update().get(pk=coupon.pk)
    if no := refusals.WHY.get(coupon.usable(journal.now())):
        raise no(field="code")
    row = {
        "entitlement_id": coupon.pk,
        "order_id": order.pk,
        "at": journal.now(),
        "by_id": actor.id,
    }
    if sql.insert(Redemption, [row], unique=("entitlement",)):
        journal.record(
            CouponRedeemed(
                line=coupon.line_id,
                member=coupon.member_id,
                entitlement=coupon.pk,
                order=order.pk,
            )
        )
    found = Redemption.objects.select_related("order").get(entitlement=coupon)
    if found.order_id != order.pk:
        raise refusals.CouponUsed(field="code", order=found.order.external_id)
    return found


def _order(actor: Actor, number: str, shop: str) -> Order:
    rows = orders.orders(actor).filter(external_id=number.strip())
    if shop.strip():
        rows = rows.filter(shop=shop.strip())
    found = list(rows[:2])
    if not found:
        raise refusals.UnknownOrder(field="number")
    if len(found) > 1:
        raise refusals.WhichShop(field="shop")
    return found[0]
