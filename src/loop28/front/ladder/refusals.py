from django.utils.translation import gettext_lazy as _

from loop28.kernel.refusals import Refusal


class AlreadyDecided(Refusal):
    """A proposal is decided once."""

    message = _("This proposal was already decided. Load the page again to see how.")


class StepWaits(Refusal):
    """Nobody is appointed past a proposal that waits."""

    message = _("This step is already proposed for this member. Decide the proposal instead.")


class NoSuchLevel(Refusal):
    """There are two levels to be appointed to."""

    message = _("Choose shop owner or supervisor.")
    status = 422


class NoSuchMember(Refusal):
    """Only a member can be appointed."""

    message = _("There is no such member.")
    status = 404


class NotInPool(Refusal):
    """Lines are run by shop owners and supervisors."""

    message = _("Choose somebody of the pool of hosts; others are appointed first.")
    status = 422
