from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from loop28.back.people.models import Region
from loop28.front.lines.models import Line
from loop28.front.playbooks.models import PlaybookVersion
from loop28.middle.members.models import Member


class Level(models.TextChoices):
    OWNER = "owner", _("shop owner")
    SUPERVISOR = "supervisor", _("supervisor")


class PromotionState(models.TextChoices):
    PROPOSED = "proposed", _("waiting for approval")
    GRANTED = "granted", _("granted")
    DECLINED = "declined", _("declined")


class Promotion(models.Model):
    """A step up: the numbers that decided, and the person where one had to.

    ``line`` is None for somebody appointed by staff, for example the first hosts; then ``reason``
    says why. ``attempt`` is one more than how often the step was declined before, so that the key
    decides that a step is proposed or granted once, and what was declined stays on record.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="promotions", db_index=False)
    level = models.CharField(max_length=10, choices=Level)
    attempt = models.PositiveSmallIntegerField(default=1)
    line = models.ForeignKey(
        Line, models.PROTECT, null=True, related_name="promotions", db_index=False
    )
    numbers = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=PromotionState)
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    reason = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "level", "attempt"], name="one_step_up"),
            models.CheckConstraint(
                condition=models.Q(state="proposed", decided_at=None)
                | models.Q(state__in=["granted", "declined"], decided_at__isnull=False),
                name="decided_when",
            ),
        ]
        indexes = [
            models.Index(fields=["line", "level"]),
            models.Index(
                fields=["proposed_at"], condition=models.Q(state="proposed"), name="steps_proposed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.level}"


class Graduate(models.Model):
    """A member who finished a line, with what they had done by then."""

    line = models.ForeignKey(Line, models.PROTECT, related_name="graduates", db_index=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="graduations")
    tasks = models.PositiveSmallIntegerField()
    orders = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "member"], name="one_graduation")]

    def __str__(self) -> str:
        return f"{self.member_id} of {self.line_id}"


class OfferState(models.TextChoices):
    OPEN = "open", _("waits for an answer")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", pgettext_lazy("offer", "declined")
    LAPSED = "lapsed", _("not answered in time")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Offer(models.Model):
    """The next line, offered to somebody who may host it; ``line`` once it was opened.

    ``attempt`` is one more than how many offers for the same host and day came to nothing, so that
    the key decides that one stands at a time, and what was declined stays on record.
    """

    host = models.ForeignKey(Member, models.PROTECT, related_name="offers", db_index=False)
    start_day = models.DateField()
    attempt = models.PositiveSmallIntegerField(default=1)
    region = models.ForeignKey(Region, models.PROTECT, related_name="offers")
    playbook = models.ForeignKey(PlaybookVersion, models.PROTECT, related_name="offers")
    size = models.PositiveSmallIntegerField()
    budget_fen = models.BigIntegerField()
    answer_by = models.DateTimeField()
    state = models.CharField(max_length=9, choices=OfferState, default=OfferState.OPEN)
    reason = models.CharField(max_length=200, default="", blank=True)
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    ended_at = models.DateTimeField(null=True)
    line = models.OneToOneField(Line, models.PROTECT, null=True, related_name="offer")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["host", "start_day", "attempt"], name="one_offer"),
            models.CheckConstraint(
                condition=models.Q(line=None) | models.Q(state="accepted"),
                name="opened_when_accepted",
            ),
        ]
        indexes = [
            models.Index(
                fields=["answer_by"], condition=models.Q(state="open"), name="offers_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.host_id} from {self.start_day}"
