from django.conf import settings
from django.db import models
from django.db.models import F, Q

NAME_LIMIT = 60
MATERIAL_LIMIT = 300
NOTE_LIMIT = 120


class Guest(models.Model):
    """Somebody who speaks to groups; ``title`` is what makes them worth hearing."""

    name = models.CharField(max_length=NAME_LIMIT, unique=True)
    title = models.CharField(max_length=NAME_LIMIT)

    def __str__(self) -> str:
        return self.name


class Free(models.Model):
    """Days on which a guest can be booked, both ends included."""

    guest = models.ForeignKey(Guest, models.CASCADE, related_name="free", db_index=False)
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["guest", "first_day", "last_day"], name="free_once"),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="free_days_in_order"
            ),
        ]
        ordering = ["first_day"]

    def __str__(self) -> str:
        return f"{self.first_day}–{self.last_day}"


class Talk(models.Model):
    """A talk of the library, known by what it is about; what it says is in its versions."""

    topic = models.CharField(max_length=NAME_LIMIT, unique=True)

    def __str__(self) -> str:
        return self.topic


class TalkVersion(models.Model):
    """What a talk said at one time. Immutable: another wording is another version.

    ``digest`` is that of the words, the guest's included: by it a talk in a playbook is known
    again. ``replies`` are pairs of a likely answer and what the host says to it.
    """

    talk = models.ForeignKey(Talk, models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveSmallIntegerField()
    guest = models.ForeignKey(Guest, models.PROTECT, related_name="versions")
    guest_title = models.CharField(max_length=NAME_LIMIT)
    material = models.CharField(max_length=MATERIAL_LIMIT)
    messages = models.JSONField()
    question = models.TextField()
    replies = models.JSONField()
    digest = models.CharField(max_length=64, unique=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["talk", "number"], name="one_talk_version")]

    def __str__(self) -> str:
        return f"{self.talk} v{self.number}"


class Booking(models.Model):
    """A guest is spoken for. ``key`` comes with the form, so that a double tap books once."""

    key = models.UUIDField(unique=True)
    guest = models.ForeignKey(Guest, models.PROTECT, related_name="bookings", db_index=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    note = models.CharField(max_length=NOTE_LIMIT)
    booked_at = models.DateTimeField()
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    cancelled_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=NOTE_LIMIT)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="booking_in_order")
        ]
        indexes = [models.Index(fields=["guest", "starts_at"])]

    def __str__(self) -> str:
        return self.note
