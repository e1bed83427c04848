from django.utils.translation import gettext_lazy as _

from loop28.kernel.refusals import Refusal


class UnknownEvent(Refusal):
    """There is no such event for this actor: not theirs to run, or not invited to it."""

    message = _("There is no such event for you.")
    status = 404


class EventClosed(Refusal):
    """The event is over or was cancelled."""

    message = _("This event is over or was cancelled, so nothing can be changed any more.")
    status = 410


class EventInThePast(Refusal):
    """An event is announced for later."""

    message = _("The event would begin in the past. Choose a later day or hour.")
    status = 422


class DurationWrong(Refusal):
    """An event lasts up to a day."""

    message = _("An event lasts at most 24 hours. Correct the end.")
    status = 422


class PlacesOutOfRange(Refusal):
    """An event has from one place to some thousands."""

    message = _("An event has from 1 to %(most)s places.")
    status = 422


class PlacesTaken(Refusal):
    """Places that people have cannot be taken from them."""

    message = _("%(taken)s places are taken already. Choose at least as many.")
    status = 422


class CityElsewhere(Refusal):
    """An event and those it invites are in cities of its region."""

    message = _("Choose cities of this region.")
    status = 422


class NoCityInvited(Refusal):
    """An event invites the members of at least one city."""

    message = _("Choose at least one city whose members are invited.")
    status = 422


class CameAlready(Refusal):
    """Who came has used their place."""

    message = _("You were checked in already, so the place cannot be given back.")


class DoorsClosed(Refusal):
    """People are checked in around the time of the event only."""

    message = _("Check-in is open from 3 hours before the start until 6 hours after the end.")


class NoPlace(Refusal):
    """Only those who have a place are checked in."""

    message = _(
        "This person has no place. If there is room, raise the number of places: whoever waits "
        "moves up."
    )


class TooManyPictures(Refusal):
    """Photos are taken in some at a time."""

    message = _("Choose from 1 to %(most)s photos at a time.")
    status = 422
