from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from loop28.middle.members.models import Member


class Asked(models.TextChoices):
    """How a wish reached us; a choice, because words of staff could name the person."""

    SELF = "self", _("on their own page")
    SPOKEN = "spoken", _("in person or by phone")
    WRITTEN = "written", _("in writing")
    OFFICE = "office", _("an authority asked")


class Erasure(models.Model):
    """A member's wish to be erased. It is done at ``due_at``, unless they think better of it.

    ``by`` is who of the staff took it down. Done for good with ``done_at``.
    """

    member = models.OneToOneField(Member, models.PROTECT, related_name="+")
    asked = models.CharField(max_length=8, choices=Asked)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(done_at=None), name="erasures_to_do")
        ]

    def __str__(self) -> str:
        return f"erasure of {self.member_id}"


class Tombstone(models.Model):
    """A number of somebody who was erased. By ``mark`` the same record is known in a backup.

    It is a keyed digest of the record's random key, made before that was replaced.
    """

    member = models.OneToOneField(Member, models.PROTECT, related_name="+")
    mark = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.member_id}"


class Sweep(models.Model):
    """What is kept for a time only was thrown away, once a night: ``day`` is the one it began."""

    day = models.DateField(unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.day}"
