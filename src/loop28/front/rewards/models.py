from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from loop28.back.ledger.models import Basis
from loop28.front.lines.models import Line
from loop28.middle.members.models import Member


class RewardKind(models.TextChoices):
    MONEY = "money", _("money")
    POINTS = "points", _("points")
    BADGE = "badge", _("badge")
    COURSE = "course", _("course")


class RewardState(models.TextChoices):
    SETTLED = "settled", _("settled")
    HELD = "held", _("held until the refund window ends")
    UNFUNDED = "unfunded", _("waiting for the line's budget")
    VOID = "void", _("taken back")


class Entitlement(models.Model):
    """One reward of one member. ``reference`` is its natural key, for example ``task:81:money``.

    ``amount`` is fen or points, 0 for a badge or a course. ``available_at`` ends the hold; without
    one it is ``granted_at``.
    """

    reference = models.CharField(max_length=60, unique=True)
    line = models.ForeignKey(Line, models.PROTECT, related_name="entitlements", db_index=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="entitlements", db_index=False)
    kind = models.CharField(max_length=6, choices=RewardKind)
    amount = models.BigIntegerField(default=0)
    title = models.CharField(max_length=60, default="", blank=True)
    basis = models.CharField(max_length=12, choices=Basis)
    state = models.CharField(max_length=8, choices=RewardState)
    granted_at = models.DateTimeField()
    available_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["money", "points"], amount__gt=0)
                | Q(kind__in=["badge", "course"], amount=0),
                name="amount_fits_kind",
            ),
            models.CheckConstraint(
                condition=Q(state="settled", settled_at__isnull=False)
                | (Q(state__in=["held", "unfunded", "void"], settled_at=None)),
                name="settled_once",
            ),
        ]
        indexes = [
            models.Index(fields=["member", "id"]),
            models.Index(fields=["line", "kind"]),
            models.Index(fields=["available_at"], condition=Q(state="held"), name="rewards_held"),
            models.Index(fields=["line"], condition=Q(state="unfunded"), name="rewards_unfunded"),
        ]

    def __str__(self) -> str:
        return self.reference
