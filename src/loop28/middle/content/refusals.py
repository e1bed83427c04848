from django.utils.translation import gettext_lazy as _

from loop28.kernel.refusals import Refusal


class MessagesUnfit(Refusal):
    """A talk has messages of a length that people read, and enough of them."""

    message = _(
        "A talk has %(fewest)s to %(most)s messages of %(shortest)s to %(longest)s characters, "
        "with an empty line between them. Look at message %(number)s."
    )
    status = 422


class RepliesUnfit(Refusal):
    """A talk has ready replies to some likely answers."""

    message = _(
        "A talk has %(fewest)s to %(most)s ready replies: the likely answer on one line, the reply "
        "on the next, then an empty line."
    )
    status = 422


class UnknownGuest(Refusal):
    """There is no such guest."""

    message = _("There is no such guest.")
    status = 404


class DaysInDisorder(Refusal):
    """Free days begin before they end."""

    message = _("The last day is before the first. Correct one of them.")
    status = 422


class HoursInDisorder(Refusal):
    """A booking lies ahead and ends after it begins."""

    message = _("A booking lies ahead and ends after it begins. Correct the day or the hours.")
    status = 422


class GuestTaken(Refusal):
    """Nobody is in two places at once."""

    message = _("%(guest)s is booked from %(starts)s to %(ends)s: %(note)s. Choose other hours.")


class GuestNotFree(Refusal):
    """Who named free days is booked on those only."""

    message = _("%(guest)s is not free on this day. Choose one of the free days, or add it.")


class AlreadyReleased(Refusal):
    """A booking is called off once."""

    message = _("This booking was called off already.")
