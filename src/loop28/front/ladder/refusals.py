from django.utils.translation import gettext_lazy as _

from loop28.kernel.refusals import Refusal


class AlreadyDecided(Refusal):
    """A proposal is decided once."""

    message = _("This proposal was already decided. Load the page again to see how.")


class StepWaits(Refusal):
    """Nobody is appointed past a proposal that waits."""

    message = _("This step is already proposed for this member. Decide the proposal instead.")


class LevelGone(Refusal):
    """Only a level that somebody has is taken back."""

    message = _("They do not have this level any more. Load the page again to see why.")


class HigherFirst(Refusal):
    """Levels are taken back from the highest down."""

    message = _("They have a higher level besides. Decide about that one first.")


class NothingToAppeal(Refusal):
    """There is a decision, of these weeks, and it is appealed once."""

    message = _("There is no decision here that you can still appeal.")


class OtherPersonDecides(Refusal):
    """An appeal goes to another person than the one who decided first."""

    message = _("You decided this yourself. Somebody else has to answer the appeal.")
    status = 403


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


class TrainingFirst(Refusal):
    """Only who finished a line as owner, or was appointed, hosts one."""

    message = _(
        "They may not host: their training is not over, nobody appointed them, their level was"
        " taken back, or they were erased."
    )


class TooManyComplaints(Refusal):
    """Who has many complaints pauses."""

    message = _("Too many complaints about this host were found right. Choose somebody else.")


class HostRunsEnough(Refusal):
    """A host runs so many lines at once, by level."""

    message = _(
        "They already host as many lines in those days as their level allows. Choose"
        " another day or host."
    )


class PromisedThatDay(Refusal):
    """One line of a host starts on a day: they keep their word to the region that asked first."""

    message = _(
        "They have accepted another line that starts on this day. Choose another day or host, or"
        " have that offer withdrawn."
    )


class AlreadyOffered(Refusal):
    """An offer for the same start day stands."""

    message = _("They already have an offer for that start day. Withdraw it first.")


class AnswerDay(Refusal):
    """There must be time to answer, and to open the line after it."""

    message = _("Let them answer from tomorrow on, and before the line starts.")
    status = 422


class OfferOver(Refusal):
    """An offer is answered once, and in time."""

    message = _("This offer no longer stands. Ask your region for another one.")


class OfferNotAccepted(Refusal):
    """Only what was accepted is opened."""

    message = _("This offer was not accepted. Load the page again to see how it stands.")
