"""What is refused about reports of orders, and what to do about it."""

from django.utils.translation import gettext_lazy as _

from loop28.kernel.tables import RowWrong
from loop28.middle.orders.rules import Wrong


class NothingPaid(RowWrong):
    """An order of nothing."""

    message = _("An order is at least 0.01 yuan. Leave out orders of nothing.")


class PaidLater(RowWrong):
    """An order that is paid in the future."""

    message = _("This time has not come yet. Check the date, and the time zone of the shop.")


class RefundTooLarge(RowWrong):
    """More went back than was paid."""

    message = _("More was refunded than was paid. Report the sum of all refunds of this order.")


class RefundedEarlier(RowWrong):
    """A refund before the payment or in the future."""

    message = _("A refund comes after the payment and not in the future. Check both times.")


class OrderChanged(RowWrong):
    """A second report of an order contradicts the first one."""

    message = _(
        "This order was reported before with something else here. Only refunds may change; "
        "report the order as it was first reported, or under another number."
    )
    status = 409


class SellerUnknown(RowWrong):
    """There is no member with the seller's number."""

    message = _("There is no member with this number. It stands on the member's own page.")


class SellerWrong(RowWrong):
    """The seller's number is no number."""

    message = _("The number of the member who sold it: digits only, such as 1024.")


class AmountWrong(RowWrong):
    """An amount that cannot be written in fen."""

    message = _(
        'An amount in yuan is digits with at most two decimals and nothing else, such as "12.30".'
    )


class MomentWrong(RowWrong):
    """A time that is no time."""

    message = _('Day and time, such as "2026-11-21 19:30:00", after the year 2000.')


class ZoneMissing(RowWrong):
    """A time that does not say in which time zone."""

    message = _('A time with its time zone, such as "2026-11-21T19:30:00+08:00".')


class RefundTimeAlone(RowWrong):
    """A time of a refund without an amount."""

    message = _("There is a time of a refund but no amount. Fill in both or neither.")


WHY: dict[Wrong, type[RowWrong]] = {
    Wrong.NOTHING_PAID: NothingPaid,
    Wrong.PAID_LATER: PaidLater,
    Wrong.REFUND_TOO_LARGE: RefundTooLarge,
    Wrong.REFUNDED_EARLIER: RefundedEarlier,
}
