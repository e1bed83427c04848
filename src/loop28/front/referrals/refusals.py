from django.utils.translation import gettext_lazy as _

from loop28.kernel.refusals import Refusal


class NotShareable(Refusal):
    """A member shares what their own lines have."""

    message = _("You cannot share this now. Choose something from your list.")
    status = 422


class TooManyLinks(Refusal):
    """A member has a limited number of links in a line."""

    message = _("You have %(limit)s links in this line. Use one of them again.")


class NothingToClaim(Refusal):
    """Only a fan who touched a link of one's own and is locked to somebody else can be claimed."""

    message = _("This fan cannot be claimed any more. Load the page again to see how it stands.")


class ClaimDecided(Refusal):
    """A claim is decided once."""

    message = _("This was decided already. Load the page again to see how.")


class FanIsFree(Refusal):
    """A lock that is over can be kept or moved no more."""

    message = _("This lock is over: the fan is whose link they touch next. Choose «stays».")
