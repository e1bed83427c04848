from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PayoutState(models.TextChoices):
    ASKED = "asked", _("asked")
    EXPORTED = "exported", _("on a list")
    PAID = "paid", _("paid")
    REJECTED = "rejected", _("rejected")


class Payout(models.Model):
    """A member's request to be paid. The money is reserved from the moment it is asked for."""

    member = models.BigIntegerField(db_index=True)
    fen = models.BigIntegerField()
    payee = models.CharField(max_length=60)
    payee_account = models.CharField(max_length=80)
    state = models.CharField(max_length=8, choices=PayoutState, default=PayoutState.ASKED)
    asked_at = models.DateTimeField()
    request_key = models.CharField(max_length=64, unique=True)
    export = models.ForeignKey("Export", models.PROTECT, null=True, related_name="payouts")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    reason = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(fen__gt=0), name="payout_positive")]

    def __str__(self) -> str:
        return f"payout {self.pk}"


class Payee(models.Model):
    """One account belongs to one member: whoever asked to be paid there first. ``account`` is as
    `rules.account` reads it.
    """

    account = models.CharField(max_length=80, unique=True)
    member = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return f"an account of {self.member}"


class Export(models.Model):
    """One list that finance took away to pay by hand."""

    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)

    def __str__(self) -> str:
        return f"export {self.pk}"
