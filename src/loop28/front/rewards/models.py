from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from loop28.back.ledger.models import Basis
from loop28.front.lines.models import Line
from loop28.front.rewards import rules
from loop28.front.rewards.rules import Usable
from loop28.middle.members.models import Member
from loop28.middle.orders.models import Order


class RewardKind(models.TextChoices):
    MONEY = "money", _("money")
    POINTS = "points", _("points")
    COUPON = "coupon", _("coupon")
    BADGE = "badge", _("badge")
    COURSE = "course", _("course")


class RewardState(models.TextChoices):
    SETTLED = "settled", _("settled")
    HELD = "held", _("held until the refund window ends")
    UNFUNDED = "unfunded", _("waiting for the line's budget")
    CAPPED = "capped", _("not paid: a cap was reached")
    VOID = "void", _("taken back")
    REVERSED = "reversed", _("taken back after it was paid")


class CapKind(models.TextChoices):
    """What can cut a reward off. `caps` says what counts against each."""

    POLICY = "policy", _("the rules of where the line runs")
    FIRST = "first", _("the first who do the task")
    TASK = "task", _("money for one task")
    BUDGET = "budget", _("a named part of the budget")
    DAY = "day", _("money for one member a day")
    MEMBER = "member", _("money for one member")
    LINE = "line", _("money of all rewards of the line")


class Entitlement(models.Model):
    """One reward of one member. ``reference`` is its natural key, for example ``task:81:money``.

    ``amount`` is fen or points, 0 for what is only named. ``available_at`` ends the hold; without
    one it is ``granted_at``. A coupon has a ``code``.

    ``task``, ``budget`` and the local ``day`` say which caps it counts against; ``capped_by`` which
    one cut it off. What was paid for good and then taken back still owes ``owed``, which is set
    against the member's next rewards. ``taken_back_why`` is there where a person took it back.
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
    taken_back_at = models.DateTimeField(null=True)
    taken_back_why = models.CharField(max_length=200, default="", blank=True)
    owed = models.BigIntegerField(default=0)
    code = models.CharField(max_length=12, default="", blank=True)
    task = models.CharField(max_length=40, default="", blank=True)
    budget = models.CharField(max_length=40, default="", blank=True)
    day = models.DateField(null=True)
    capped_by = models.CharField(max_length=6, choices=CapKind, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["money", "points"], amount__gt=0)
                | Q(kind__in=["coupon", "badge", "course"], amount=0),
                name="amount_fits_kind",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["settled", "reversed"], settled_at__isnull=False)
                | Q(state__in=["held", "unfunded", "capped", "void"], settled_at=None),
                name="settled_once",
            ),
            models.CheckConstraint(
                condition=Q(owed=0) | Q(state="reversed", owed__gt=0, owed__lte=F("amount")),
                name="owed_by_the_reversed",
            ),
            models.CheckConstraint(
                condition=Q(capped_by="") & ~Q(state="capped")
                | Q(state__in=["capped", "void"], capped_by__gt=""),
                name="capped_by_something",
            ),
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="one_code"),
        ]
        indexes = [
            models.Index(fields=["member", "id"]),
            models.Index(fields=["line", "kind"]),
            models.Index(fields=["available_at"], condition=Q(state="held"), name="rewards_held"),
            models.Index(fields=["line"], condition=Q(state="unfunded"), name="rewards_unfunded"),
            models.Index(fields=["member"], condition=Q(owed__gt=0), name="rewards_owed"),
        ]

    def __str__(self) -> str:
        return self.reference

    def is_due(self, now: datetime) -> bool:
        """Whether it is held though its time is over: until it is released, which takes a moment,
        or as long as its member's rewards are frozen.
        """
        return self.state == RewardState.HELD and self.available_at <= now

    @property
    def redeemed(self) -> "Redemption | None":
        """Where this coupon was used."""
        return getattr(self, "redemption", None)

    @property
    def usable_until(self) -> datetime | None:
        """The last instant a coupon is good; None while it is not its member's."""
        return rules.usable_until(self.settled_at) if self.settled_at else None

    def usable(self, now: datetime) -> Usable:
        """Whether this coupon can be used now, or why not."""
        return rules.usable(self.settled_at, self.taken_back_at, self.redeemed is not None, now)


class Redemption(models.Model):
    """A coupon was used: on which order of the register, when, and who noted it."""

    entitlement = models.OneToOneField(Entitlement, models.PROTECT, related_name="redemption")
    order = models.ForeignKey(Order, models.PROTECT, related_name="redemptions")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.entitlement_id} on {self.order_id}"


class Cap(models.Model):
    """How much of one limit of a line is used up: fen, or how many for the first who come.

    ``name`` says what it limits: ``line``, ``member:17``, ``day:17:2026-03-02``, ``task:quiz``,
    ``budget:tasks``, ``first:quiz``.
    """

    line = models.ForeignKey(Line, models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=50)
    used = models.BigIntegerField(default=0)
    most = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "name"], name="one_cap"),
            models.CheckConstraint(
                condition=Q(used__gte=0, used__lte=F("most")), name="within_the_cap"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of line {self.line_id}"
