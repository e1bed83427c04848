from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from loop28.front.lines.models import Line
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
        indexes = [models.Index(fields=["line", "level"]), models.Index(fields=["state"])]

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
