from django.utils.translation import gettext_lazy as _

from loop28.kernel.refusals import Refusal


class StartsInThePast(Refusal):
    """A line cannot start on a day that is over."""

    message = _("The start day is over. Choose today or a later day.")
    status = 422


class SizeOutOfRange(Refusal):
    """A line has 2 to 500 people."""

    message = _("A line has from 2 to 500 people.")
    status = 422


class BudgetMissing(Refusal):
    """A line needs money before it can promise any."""

    message = _("Give the line a budget above zero.")
    status = 422


class HostIsBusy(Refusal):
    """A host starts one line a day."""

    message = _("This host already has a line that starts on that day. Choose another day or host.")


class LineClosed(Refusal):
    """People join while the line gathers and warms up."""

    message = _("This line no longer takes people in. Ask your host for the next one.")
    status = 410


class NotInLine(Refusal):
    """Only people with a seat in the line can do this."""

    message = _("You have no seat in this line.")
    status = 404


class NoCallOpen(Refusal):
    """An opt-in counts while the call is open."""

    message = _("The call is not open now. Your host can still let you in.")


class BeatNotByHand(Refusal):
    """Only a beat that waits for the host can be done by hand."""

    message = _("This beat was already done or skipped, or is sent automatically.")


class BeatNotFailed(Refusal):
    """Only a beat that failed can be tried again."""

    message = _("This beat did not fail. Load the page again to see how it stands.")
