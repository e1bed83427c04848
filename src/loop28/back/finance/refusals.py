"""Finance's expected "no"."""

from django.utils.translation import gettext_lazy as _

from loop28.kernel.refusals import Refusal


class AmountOutOfRange(Refusal):
    """Nothing, less than nothing, or more than the books can hold."""

    message = _("Please enter an amount from ¥%(least)s to ¥%(most)s.")
    status = 422


class KeyUsed(Refusal):
    """The same request key came with another content."""

    message = _(
        "This form was already sent with other values. Look at what was saved, then open the form "
        "again."
    )


class AdultsOnlyPaid(Refusal):
    """Money is paid to adults only."""

    message = _("Only adults can be paid.")
    status = 403


class PayeeTaken(Refusal):
    """One account is paid for one member."""

    message = _(
        "Another member is paid to this account. Name one of your own; if both are you, ask the "
        "team to put your records together."
    )


class NothingToExport(Refusal):
    """No payout is waiting to go onto a list."""

    message = _("Nobody is waiting to be paid.")


class FourEyes(Refusal):
    """Who exported a list may not settle what is on it."""

    message = _("Somebody else has to confirm this, because you exported the list.")
    status = 403


class PayoutUnknown(Refusal):
    """There is no such payout."""

    message = _("There is no payout with the number %(payout)s.")
    status = 404


class PayoutNotOnList(Refusal):
    """Only what finance took away on a list can have been paid."""

    message = _("Payout %(payout)s is on no list yet. Export it first.")


class PayoutFrozen(Refusal):
    """Nobody is paid whose payouts wait for a decision."""

    message = _("The payouts of this person are frozen: payout %(payout)s. See the fraud desk.")


class PayoutSettled(Refusal):
    """A payout is paid or rejected once and stays so."""

    message = _("Payout %(payout)s is already settled.")
