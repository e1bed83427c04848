"""What is refused about coupons, and what to do about it."""

from django.utils.translation import gettext_lazy as _

from loop28.front.rewards.rules import Usable
from loop28.kernel.refusals import Refusal


class UnknownCoupon(Refusal):
    """No coupon has this code, or none that the actor sees."""

    message = _("No coupon has this code. Compare it with the member's wallet, letter by letter.")
    status = 404


class CouponUsed(Refusal):
    """A coupon is used once."""

    message = _("This coupon was used on order %(order)s already. It cannot be used again.")


class CouponExpired(Refusal):
    """A coupon is good for a time."""

    message = _("The time in which this coupon could be used is over.")


class CouponNotYet(Refusal):
    """A coupon is held until it is its member's."""

    message = _("This coupon is not the member's yet. Wait until their wallet shows its code.")


class CouponTakenBack(Refusal):
    """A coupon whose ground is gone opens nothing."""

    message = _("This coupon was taken back. Its member sees why in their wallet.")


class UnknownOrder(Refusal):
    """A coupon is used on an order of the register."""

    message = _("No such order is in the register. Check the number, or report the order first.")
    status = 422


class WhichShop(Refusal):
    """Two shops may give the same number."""

    message = _("Several shops have an order with this number: write which shop it is.")
    status = 422


WHY: dict[Usable, type[Refusal]] = {
    Usable.NOT_YET: CouponNotYet,
    Usable.TAKEN_BACK: CouponTakenBack,
    Usable.EXPIRED: CouponExpired,
}
