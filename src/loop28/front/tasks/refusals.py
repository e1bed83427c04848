from django.utils.translation import gettext_lazy as _

from loop28.kernel.refusals import Refusal


class TaskClosed(Refusal):
    """A task counts until its deadline, which is included."""

    message = _("The time for “%(task)s” was over at %(closed)s. Go on with the next task.")
    status = 410


class NothingToCheckIn(Refusal):
    """A check-in counts while a check-in task is open."""

    message = _("There is no check-in task open for you now.")


class NotAQuiz(Refusal):
    """Answers were sent for a task that is none."""

    message = _("This task is not a quiz.")
    status = 422


class NoMakeUpLeft(Refusal):
    """A streak has as many make-up cards as its playbook says."""

    message = _("There is no make-up card left for “%(task)s”. Every day from now on counts.")


class NotAMissedDay(Refusal):
    """A make-up card fills a day that is over and did not count."""

    message = _("A make-up card fills a day that was missed. Choose one of those on your path.")
    status = 422


class NotByHand(Refusal):
    """What the product sees by itself, nobody ticks."""

    message = _("“%(task)s” is counted by the system and cannot be ticked.")


class NeedsPicture(Refusal):
    """What is proved by a picture, the review desk decides."""

    message = _("“%(task)s” is proved by a picture, which the review desk looks at.")


class OwnTask(Refusal):
    """A proof is somebody else's word."""

    message = _("Nobody ticks their own task. Ask your region manager.")
    status = 403


class LineGoesOn(Refusal):
    """A line needs its budget until it is over."""

    message = _("This line goes on and needs its budget. It can give it back when it is over.")


class NoSuchTask(Refusal):
    """Only tasks of a line's own playbook are given in it."""

    message = _("The playbook of this line has no such task. Choose one of its tasks.")
    status = 422


class NobodyChosen(Refusal):
    """A task is given to people of the line."""

    message = _("None of those who were chosen has a seat in this line. Choose somebody.")
    status = 422


class KindIsOurs(Refusal):
    """What the product sees itself, nobody else may tell."""

    message = _("Loop28 sees facts of kind “%(kind)s” itself. Choose a kind of your own.")
    status = 422


class NotHappenedYet(Refusal):
    """What has not happened yet counts for nothing; a fact is told again when it has."""

    message = _("This time has not come yet. Check the machine's clock and its time zone.")
    status = 422


class KeyTaken(Refusal):
    """A key names one fact for ever."""

    message = _("This key was used for another fact. Give every fact a key of its own.")
    status = 409


class PutAside(Refusal):
    """A fact on which the product itself failed; its cause is in the log, the others went in."""

    message = _("This fact could not be taken in. Send it again; if it stays so, tell us its key.")
    status = 422
