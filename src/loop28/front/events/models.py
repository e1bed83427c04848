from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from loop28.back.people.models import City, Region
from loop28.middle.members.models import Member

TITLE_LIMIT = 60
PLACE_LIMIT = 120
ABOUT_LIMIT = 1000
REASON_LIMIT = 200
MOST_PLACES = 5000


class Event(models.Model):
    """People meet at a place. ``cities`` are those whose members are invited.

    ``taken`` counts the places that are given; it moves under the row's lock and never beyond
    ``places``. ``host`` is in charge on the spot beside the staff of the region. ``key`` comes with
    the form, so that a double tap is one event.
    """

    key = models.UUIDField(unique=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="events", db_index=False)
    city = models.ForeignKey(City, models.PROTECT, related_name="events")
    title = models.CharField(max_length=TITLE_LIMIT)
    place = models.CharField(max_length=PLACE_LIMIT)
    about = models.TextField(max_length=ABOUT_LIMIT)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    places = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0)
    cities = models.ManyToManyField(City, related_name="+")
    host = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    cancelled_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=REASON_LIMIT)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(taken__lte=F("places")), name="no_more_guests_than_places"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="ends_after_it_starts"
            ),
        ]
        indexes = [models.Index(fields=["region", "starts_at"])]

    def __str__(self) -> str:
        return self.title

    @property
    def left(self) -> int:
        """Places nobody has."""
        return self.places - self.taken


class SignUpState(models.TextChoices):
    GOING = "going", _("has a place")
    WAITING = "waiting", _("on the waiting list")
    BACK = "back", _("gave the place back")


class SignUp(models.Model):
    """A member who wants to come; ``line`` is the number of the line by which they come.

    ``city`` is theirs when they signed up. Giving back keeps the row; coming again clears it.
    """

    event = models.ForeignKey(Event, models.CASCADE, related_name="sign_ups", db_index=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="sign_ups")
    line = models.BigIntegerField()
    city = models.ForeignKey(City, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=SignUpState)
    asked_at = models.DateTimeField()
    came_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "member"], name="one_sign_up"),
            models.CheckConstraint(
                condition=Q(came_at=None) | Q(state="going"), name="who_comes_has_a_place"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.state}"


class Photo(models.Model):
    """A picture of an event, as ``pictures`` made it anew; ``digest`` is that of its file."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="photos", db_index=False)
    digest = models.CharField(max_length=64)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "digest"], name="one_photo")]

    def __str__(self) -> str:
        return self.file

    @property
    def file(self) -> str:
        """Its name in the storage of uploads. No address leads there: pages ask who is looking."""
        return f"events/{self.event_id}/{self.digest}.jpg"
