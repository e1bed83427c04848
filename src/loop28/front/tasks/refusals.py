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


class NotByHand(Refusal):
    """What the product sees by itself, nobody ticks."""

    message = _("“%(task)s” is counted by the system and cannot be ticked.")


class OwnTask(Refusal):
    """A proof is somebody else's word."""

    message = _("Nobody ticks their own task. Ask your region manager.")
    status = 403


class LineGoesOn(Refusal):
    """A line needs its budget until it is over."""

    message = _("This line goes on and needs its budget. It can give it back when it is over.")
