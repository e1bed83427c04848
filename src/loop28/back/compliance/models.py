from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

TEXT_LIMIT = 200


class Strength(models.TextChoices):
    HOLD = "hold", _("rewards wait")
    PAYOUT = "payout", _("payouts wait")


class Decision(models.TextChoices):
    NOT = "", _("not decided yet")
    RELEASED = "released", _("released")
    UPHELD = "upheld", _("upheld")


class Freeze(models.Model):
    """Money of a member waits until a person has looked. Nothing is lost by it.

    ``why`` is the code of what was noticed and ``numbers`` are the figures of it. ``number`` counts
    a member's freezes of one ``why`` from 1, and the next is written only when the last has ended:
    of all who would write it at one moment the key lets one. What is upheld ends where rewards
    waited, for they are taken back; where payouts waited it goes on until it is released after all.
    ``said`` is what the member has to say.
    """

    member = models.BigIntegerField()
    why = models.CharField(max_length=16)
    strength = models.CharField(max_length=8, choices=Strength)
    number = models.PositiveIntegerField()
    numbers = models.JSONField()
    since = models.DateTimeField()
    said = models.CharField(max_length=TEXT_LIMIT, blank=True)
    decision = models.CharField(max_length=8, choices=Decision, blank=True)
    reason = models.CharField(max_length=TEXT_LIMIT, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "why", "number"], name="one_freeze_after_another"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None, ended_at=None)
                | Q(decision="released", ended_at__isnull=False)
                | Q(decision="upheld", decided_at__isnull=False),
                name="freeze_ends_by_decision",
            ),
        ]
        indexes = [
            models.Index(
                fields=["strength", "member"], condition=Q(ended_at=None), name="freeze_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"{self.why} of {self.member}"
