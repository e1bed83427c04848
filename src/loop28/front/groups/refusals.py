from django.utils.translation import gettext_lazy as _

from loop28.kernel.refusals import Refusal


class GroupKnowsThem(Refusal):
    """A record that was in a group cannot be merged away."""

    message = _(
        "The record that is to go was in a group. Keep that one, and merge the other into it."
    )


class NotInGroup(Refusal):
    """Only people in a group read and write in it."""

    message = _("You are not in this group. Ask the host who invited you.")
    status = 404
