from django.utils.translation import gettext_lazy as _

from loop28.kernel.refusals import Refusal


class FreezeOver(Refusal):
    """A freeze is decided once; only payouts that stay frozen can be released after all."""

    message = _("This was decided already. Load the page again to see how.")
