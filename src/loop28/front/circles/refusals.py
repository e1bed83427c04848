from django.utils.translation import gettext_lazy as _

from loop28.kernel.refusals import Refusal


class NoSuchHost(Refusal):
    """A group needs a member who hosts it."""

    message = _("Choose somebody who may host groups.")
    status = 422


class NotInvited(Refusal):
    """Only who was invited can say yes or no."""

    message = _("You have no invitation to this group.")
    status = 404


class CircleFull(Refusal):
    """A standing group has a limit by its kind."""

    message = _("This group is full: %(limit)s people are in it. Try again some other day.")


class CallNotOver(Refusal):
    """Nobody has stayed behind while the call can still be answered."""

    message = _("The call of this line is not over. Invite those who stayed behind after it.")


class NotInCircle(Refusal):
    """Only people in a standing group can leave it."""

    message = _("You are not in this group.")
    status = 404


class HostMayNotLeave(Refusal):
    """A group without a host would have nobody to answer."""

    message = _("You host this group. Ask the region to give it to somebody else first.")
