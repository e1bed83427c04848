from django.db import models
from django.db.models import F, Q

from loop28.middle.members.models import Member
from loop28.middle.orders.rules import ReportedOrder


class Order(models.Model):
    """A reported order. ``member`` is the seller; ``buyer`` is the shop's own id of the buyer.

    ``own`` marks a purchase by the seller: it is registered, and nothing is ever unlocked by it.
    """

    shop = models.CharField(max_length=40)
    external_id = models.CharField(max_length=80)
    member = models.ForeignKey(Member, models.PROTECT, related_name="orders", db_index=False)
    buyer = models.CharField(max_length=80, blank=True)
    own = models.BooleanField()
    fen = models.BigIntegerField()
    refunded_fen = models.BigIntegerField()
    paid_at = models.DateTimeField()
    refunded_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "external_id"], name="one_order"),
            models.CheckConstraint(condition=Q(fen__gt=0), name="order_positive"),
            models.CheckConstraint(
                condition=Q(refunded_fen__gte=0) & Q(refunded_fen__lte=F("fen")),
                name="refund_within_order",
            ),
        ]
        indexes = [
            models.Index(fields=["member", "paid_at"]),
            models.Index(fields=["paid_at", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.shop}:{self.external_id}"

    @property
    def as_reported(self) -> ReportedOrder:
        """The order as a shop would report it now."""
        return ReportedOrder(
            shop=self.shop,
            external_id=self.external_id,
            member=self.member_id,
            fen=self.fen,
            paid_at=self.paid_at,
            buyer=self.buyer,
            refunded_fen=self.refunded_fen,
            refunded_at=self.refunded_at,
        )
