"""Signed links: each has one purpose and one end, and names whom it is for."""

from datetime import datetime

from django.core import signing
from django.utils.translation import gettext_lazy as _

from loop28.kernel import clock
from loop28.kernel.refusals import Refusal


class LinkInvalid(Refusal):
    """The signature is wrong, or the link was made for another purpose."""

    message = _("This link is not valid. Ask the person who sent it for a new one.")
    status = 404


class LinkExpired(Refusal):
    """The link was good once."""

    message = _("This link has expired. Ask the person who sent it for a new one.")
    status = 410


def sign(purpose: str, *values: int, until: datetime) -> str:
    """A token that carries ``values`` and opens only what asks for this ``purpose``.

    The same for the same: a poster printed today and a page opened tomorrow show one address.
    """
    return _signer(purpose).sign_object([*values, int(until.timestamp())])


def read(purpose: str, token: str) -> list[int]:
    """The values signed for this purpose; refuses with LinkInvalid or LinkExpired."""
    try:
        *values, end = _signer(purpose).unsign_object(token)
    except (signing.BadSignature, ValueError, UnicodeError):
        raise LinkInvalid from None
    if clock.now().timestamp() > end:
        raise LinkExpired
    return list(values)


def _signer(purpose: str) -> signing.Signer:
    return signing.Signer(salt=f"loop28.{purpose}")
