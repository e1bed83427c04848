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


class LastAdministrator(Refusal):
    """A change after which nobody could administer the installation any more."""

    message = _("This is the last administrator. Make somebody else one first.")


class RegionTaken(Refusal):
    """Another region has this name or code."""

    message = _("Another region has this name or code. Choose another.")


class CodeWrong(Refusal):
    """A region's code has other signs in it, or is too long."""

    message = _("A code has 2 to 6 capital letters A–Z: the lines' codes begin with it.")
    status = 422


class ZoneWrong(Refusal):
    """There is no such time zone."""

    message = _("There is no such time zone. Write one such as Asia/Shanghai.")
    status = 422


class ZoneFixed(Refusal):
    """Lines of the region run by its clock, and their calendars are written."""

    message = _("The time zone stays as it is: the region has lines that run by it.")


class GoalWrong(Refusal):
    """A weekly goal that is no goal."""

    message = _("A goal is 0 to 50 lines a week.")
    status = 422


class CityTaken(Refusal):
    """There is a city of this name already."""

    message = _("There is a city of this name already. Choose another name or change that one.")


class UnknownCityOfRegion(Refusal):
    """There is no such city."""

    message = _("There is no such city any more. Open the page of regions and cities again.")
    status = 404


class TierWrong(Refusal):
    """There is no such tier."""

    message = _("There is no such tier. Choose one of the five.")
    status = 422


class FileDone(Refusal):
    """A file was taken in before."""

    message = _("This file was taken in already. Upload it again if it has changed.")


class FileForgotten(Refusal):
    """A file that nobody took in within a day was thrown away, for the people in it."""

    message = _("This file was thrown away because nobody took it in. Upload it again.")
    status = 410


class RoleWrong(Refusal):
    """A role that is none."""

    message = _("There is no such role. Write one of: %(roles)s.")
    status = 422


class AccessEnded(Refusal):
    """A colleague whose access had ended stands in a file."""

    message = _("Their access was ended. Give it back on the page of staff first.")


class RowTwice(Refusal):
    """Two rows of a file are about the same person."""

    message = _("This person stands in line %(line)s already. Leave one of the two.")
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
