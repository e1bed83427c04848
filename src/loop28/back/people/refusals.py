"""What is refused about staff and keys, and what to do about it."""

from django.utils.translation import gettext_lazy as _

from loop28.kernel.refusals import Refusal


class UsernameWrong(Refusal):
    """A username has other signs in it, or is too short or too long."""

    message = _(
        "A username has 2 to 40 of these: small letters a–z, digits, dot, hyphen, underscore."
    )
    status = 422


class UsernameTaken(Refusal):
    """Somebody else has this username."""

    message = _("This username is taken. Choose another.")


class RegionOfManagerOnly(Refusal):
    """A region manager without a region, or another role with one."""

    message = _("A region manager has exactly one region; every other role has none.")
    status = 422


class UnknownStaff(Refusal):
    """There is no such member of staff."""

    message = _("There is no such member of staff. Check the username.")
    status = 404


class UnknownRegion(Refusal):
    """There is no such region."""

    message = _("There is no such region. Choose one of the list.")
    status = 422


class PasswordTooWeak(Refusal):
    """A password that the rules for passwords forbid; ``why`` says which."""

    message = "%(why)s"
    status = 422


class KeyNameTaken(Refusal):
    """There is a key of this name already."""

    message = _("There is a key with this name already. Choose another name or revoke that key.")


class UnknownKey(Refusal):
    """There is no such key, or it was revoked before."""

    message = _("There is no such key, or it was revoked before.")
    status = 404
