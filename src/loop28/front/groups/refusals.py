from django.utils.translation import gettext_lazy as _

from loop28.kernel.refusals import Refusal


class NotInGroup(Refusal):
    """Only people in a group read and write in it."""

    message = _("You are not in this group. Ask the host who invited you.")
    status = 404


class Muted(Refusal):
    """Who is muted reads on and writes later."""

    message = _(
        "You cannot write here until %(until)s: you were muted (%(reason)s). You can read on, open "
        "packets and do your tasks."
    )
    status = 403


class WordBlocked(Refusal):
    """A message with a blocked word is not sent."""

    message = _("Not sent: it holds a word that is blocked here, “%(word)s”. Say it without it.")
    status = 422


class LinkBlocked(Refusal):
    """Links to other sites are not sent where they are blocked."""

    message = _("Not sent: links to other sites are blocked here (%(link)s). Say it without one.")
    status = 422


class NoWord(Refusal):
    """A blocked word needs letters or signs that can be found."""

    message = _("“%(word)s” is no word that can be looked for. Take it out or write it out.")
    status = 422


class StandsAsItIs(Refusal):
    """Only what somebody wrote can be taken down."""

    message = _("Packets, calls, talks and tasks belong to the programme and stay where they are.")


class HostIsExempt(Refusal):
    """A host is neither muted nor removed."""

    message = _("The host cannot be muted or removed. The region can give the line another host.")


class MuteOutOfRange(Refusal):
    """A mute lasts from an hour to 30 days."""

    message = _("A mute lasts from 1 hour to 30 days.")
    status = 422


class DecisionDoesNotFit(Refusal):
    """A decision needs what it is about."""

    message = _("This cannot be decided about this complaint. Choose another decision.")
    status = 422


class RegionDecides(Refusal):
    """The host's time for a complaint is over, or it is about the host."""

    message = _("This complaint is with the region now.")


class ComplaintSettled(Refusal):
    """A complaint is decided once."""

    message = _("This complaint was decided already. Load the page again to see how.")


class TooManyWords(Refusal):
    """A list of blocked words has an end."""

    message = _("At most %(limit)s words; these are %(count)s.")
    status = 422


class NotHere(Refusal):
    """Who is to be muted or removed is in the group."""

    message = _("This person is not in the group any more.")


class NotWaiting(Refusal):
    """Only what was not sent can be tried again or given up."""

    message = _("This message was sent or settled already. Load the page again to see how.")


class LimitOutOfRange(Refusal):
    """A person gets from 1 to 50 notices a day."""

    message = _("From 1 to 50 notices a day.")
    status = 422
