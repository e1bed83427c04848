"""What is refused about reports of orders, and what to do about it."""

from django.utils.translation import gettext_lazy as _

from loop28.kernel.refusals import Refusal
from loop28.middle.orders.rules import Wrong


class RowWrong(Refusal):
    """Base of what is wrong with one reported order."""

    status = 422


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


class NumberShortened(RowWrong):
    """A spreadsheet has turned an order number into a rounded one."""

    message = _(
        "The spreadsheet has rounded this number. Format the column as text, "
        "paste the numbers again and save."
    )


class CellsWrong(RowWrong):
    """A row has more or fewer cells than the heading."""

    message = _(
        "This row has %(cells)s cells, the heading has %(columns)s. "
        "A comma inside a cell needs quotes around the cell."
    )


class QuoteOpen(RowWrong):
    """The file cannot be read on from this row."""

    message = _("This row cannot be read. Look for a quote that is not closed.")


class FileTooLarge(Refusal):
    """A file beyond the limits."""

    message = _(
        "The file is too large: at most %(megabytes)s MB and %(rows)s rows. "
        "Split it; it does no harm when rows are in two files."
    )
    status = 413


class FileUnreadable(Refusal):
    """A file in an encoding that is not known here, or no text at all."""

    message = _("This is no CSV file in UTF-8 or GB18030. Save the table as “CSV UTF-8” again.")
    status = 422


class ColumnsWrong(Refusal):
    """The first row of a file does not name the columns."""

    message = _(
        "The first row must name the columns: %(wanted)s. "
        "Missing: %(missing)s. Unknown: %(unknown)s."
    )
    status = 422


WHY: dict[Wrong, type[RowWrong]] = {
    Wrong.NOTHING_PAID: NothingPaid,
    Wrong.PAID_LATER: PaidLater,
    Wrong.REFUND_TOO_LARGE: RefundTooLarge,
    Wrong.REFUNDED_EARLIER: RefundedEarlier,
}
