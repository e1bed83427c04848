"""The ledger's expected "no"."""

from django.utils.translation import gettext_lazy as _

from loop28.kernel.refusals import Refusal


class Insufficient(Refusal):
    """An account would fall below its floor; ``account`` names it."""

    message = _("There is not enough: %(needed)s is needed, %(left)s is there.")


class AccountClosed(Refusal):
    """Something was to come into the wallet of a record that has just been merged into another."""

    message = _(
        "Somebody in this has just been merged with another record. Load the page and try again."
    )
