from django.utils.translation import gettext_lazy as _

from loop28.kernel.refusals import Refusal


class NoClubYet(Refusal):
    """Who passed the screening of a line that goes on opens a group of their own in it."""

    message = _("You can open a group of your own once you are in the training of a line.")
    status = 403


class ClubFull(Refusal):
    """A club is no larger than a line."""

    message = _("This group is full: %(limit)s people are in it. Ask %(owner)s when it has room.")


class NotLetIn(Refusal):
    """Who was removed comes back only when they are let back."""

    message = _("You were removed from this group and cannot come in by its link.")
    status = 403


class NoSuchLesson(Refusal):
    """Only lessons of the line that were told can be taught."""

    message = _("Choose one of the lessons you have heard yourself.")
    status = 422


class NoSuchChoice(Refusal):
    """A question is answered with one of its choices."""

    message = _("Choose one of the answers.")
    status = 422


class OwnLesson(Refusal):
    """Who teaches asks, and the others answer."""

    message = _("This is your own lesson: the others answer it.")


class OwnerStays(Refusal):
    """A group without its owner would have nobody to answer."""

    message = _("This is your own group: without you nobody would answer here.")
