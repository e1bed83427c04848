"""What is refused about erasure, and what to do about it."""

from django.utils.translation import gettext_lazy as _

from loop28.kernel.refusals import Refusal


class NotYet(Refusal):
    """Something that needs the person is still open."""

    message = _("Not yet: %(why)s")


class AlreadyErased(Refusal):
    """There is nobody behind this number any more."""

    message = _("This person was erased.")
    status = 410
