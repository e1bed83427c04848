"""What is refused about people, and what to do about it."""

from django.utils.translation import gettext_lazy as _

from loop28.kernel.refusals import Refusal


class AdultsOnly(Refusal):
    """Somebody did not declare to be of age."""

    message = _("Only adults of 18 years or more can take part, because money is involved.")
    status = 422


class ConsentMissing(Refusal):
    """Somebody did not agree to what is kept about them."""

    message = _("Please read what is kept about you and tick that you agree.")
    status = 422


class UnknownCity(Refusal):
    """There is no such city."""

    message = _("There is no such city. Choose one of the list, or leave it open.")
    status = 422


class CityUnknown(Refusal):
    """A city that is not in the list stands in a file."""

    message = _("There is no city «%(city)s». Add it at regions and cities, or leave it open.")
    status = 422


class TooManyTags(Refusal):
    """A row gives a person very many tags."""

    message = _("At most %(limit)s tags in a row.")
    status = 422


class UnknownMember(Refusal):
    """There is no member with this number."""

    message = _("There is no member with this number. Check it on the member's page.")
    status = 404


class SamePerson(Refusal):
    """Somebody was to be merged with themselves, or with who they were merged into."""

    message = _("These two numbers are one person already.")


class NobodyAnyMore(Refusal):
    """An erased record is a number: nobody knows whose it was, and nobody signs in to it."""

    message = _("One of the two was erased. It stays a number by itself and is merged with nobody.")


class FormUsedByAnother(Refusal):
    """A joining form came a second time, with another name in it."""

    message = _(
        "This form was already sent with another name. "
        "Open the invitation link again to join as somebody else."
    )


class FormUsedUp(Refusal):
    """A joining form came again, too late for a double tap or from who is to come in otherwise."""

    message = _(
        "This form was already sent: who joined by it is a member. Open your personal link on this "
        "phone; if it is lost, tell your host: the company gives you a new one."
    )


class IdentityTaken(Refusal):
    """An identity on another platform belongs to another member."""

    message = _("This identity belongs to another member.")
