from django.utils.translation import gettext_lazy as _

from loop28.kernel.refusals import Refusal


class NoPictureNeeded(Refusal):
    """Only tasks that ask for a picture take one, until they are done."""

    message = _("“%(task)s” needs no picture from you now.")


class PictureMissing(Refusal):
    """The form was sent without a file."""

    message = _("Choose a picture first.")
    status = 422


class PictureWaits(Refusal):
    """One picture at a time."""

    message = _(
        "Your picture is with the review desk. Another one can be sent if it is turned down."
    )


class PictureTurnedDown(Refusal):
    """A picture that was not accepted does not become better by being sent again."""

    message = _("This very picture was turned down. Take another one.")


class ReasonMissing(Refusal):
    """Whoever is turned down reads why."""

    message = _("Choose a reason, or write one: the member reads it.")
    status = 422


class LookedAtAlready(Refusal):
    """Somebody else was faster, or the same form was sent twice."""

    message = _("This picture was decided meanwhile. The next one is shown.")


class OtherEyes(Refusal):
    """Whoever looked at a picture leaves the next look to somebody else."""

    message = _("You have looked at this picture already. The next look is somebody else's.")
    status = 403
