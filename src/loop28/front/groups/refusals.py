from django.utils.translation import gettext_lazy as _

from loop28.kernel.refusals import Refusal


class NotInGroup(Refusal):
    """Only people in a group read and write in it."""

    message = _("You are not in this group. Ask the host who invited you.")
    status = 404
