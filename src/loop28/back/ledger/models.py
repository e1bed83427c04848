from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Unit(models.TextChoices):
    FEN = "fen", _("fen")
    POINTS = "points", _("points")


class Basis(models.TextChoices):
    """The closed list of what a person may be paid for. None is for a downline or for recruits."""

    GIFT = "gift", _("gift: a share of a red packet")
    COMMISSION = "commission", _("commission on one's own sale")
    TASK_FEE = "task_fee", _("fee for one's own verified task")
    INVITATION = "invitation", _("consumer invitation bonus")
    PRIZE = "prize", _("prize")
    SERVICE_FEE = "service_fee", _("documented service fee")
    CORRECTION = "correction", _("refund or correction")


class Movement(models.TextChoices):
    """What moves money that does not become a person's."""

    FUND = "fund", _("fund")
    RESERVE = "reserve", _("reserve")
    RETURN = "return", _("return")
    PAYOUT = "payout", _("payout")
    CORRECTION = "correction", _("correction")


class Kind(models.TextChoices):
    """What an account is for. Only `wallet` is a person's."""

    TREASURY = "treasury", _("the company's own money, as it says it has")
    BUDGET = "budget", _("budget of a line")
    PACKET = "packet", _("what a red packet still holds")
    HELD = "held", _("rewards whose condition is still open")
    WALLET = "wallet", _("a member's wallet")
    PAYING = "paying", _("what members asked to be paid")
    PAID = "paid", _("what has left the house")
    ISSUER = "issuer", _("where points come from")


_SOURCES = [Kind.TREASURY.value, Kind.ISSUER.value]
_HOLDERS = [kind for kind in Kind.values if kind not in _SOURCES]
_IN_FEN = [kind for kind in Kind.values if kind != Kind.ISSUER]


class Account(models.Model):
    """A balance. ``owner`` is text such as ``line:3`` or ``member:17``, because owners live above.

    Only a transfer that is written moves the ``balance``: the database does that by itself, and
    refuses every other change but to close it. ``floor`` is the lowest balance allowed; None means
    none (treasury, issuer). One that is ``closed`` is empty, and stays so: its owner is somebody
    else now.
    """

    owner = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=Kind)
    unit = models.CharField(max_length=6, choices=Unit, default=Unit.FEN)
    balance = models.BigIntegerField(default=0)
    floor = models.BigIntegerField(null=True, default=0)
    closed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "kind", "unit"], name="one_account"),
            models.CheckConstraint(
                condition=Q(floor__isnull=True) | Q(balance__gte=F("floor")), name="above_floor"
            ),
            models.CheckConstraint(
                condition=Q(closed=False) | Q(balance=0), name="closed_is_empty"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=_SOURCES, floor__isnull=True)
                | Q(kind__in=_HOLDERS, floor__isnull=False, floor=0),
                name="floor_of_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(unit="fen", kind__in=_IN_FEN)
                | Q(unit="points", kind__in=["held", "wallet", "issuer"]),
                name="unit_of_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner} {self.kind} {self.unit}"


class Transfer(models.Model):
    """So much from the debit to the credit account. Balanced by its form; never changed or deleted.

    Into a wallet it carries a ``basis``, into any other account a ``movement``. A correction is a
    transfer back that names the one it ``reverses``.
    """

    reference = models.CharField(max_length=80, unique=True)
    debit = models.ForeignKey(Account, models.PROTECT, related_name="out")
    credit = models.ForeignKey(Account, models.PROTECT, related_name="into")
    amount = models.BigIntegerField()
    unit = models.CharField(max_length=6, choices=Unit)
    basis = models.CharField(max_length=12, choices=Basis, null=True)  # noqa: DJ001
    movement = models.CharField(max_length=10, choices=Movement, null=True)  # noqa: DJ001
    reverses = models.OneToOneField("self", models.PROTECT, null=True)
    at = models.DateTimeField(db_index=True)

    # What it added to one owner's accounts; no column, only rows of `queries.movements` have it.
    change: int

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="amount_positive"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="two_accounts"),
            models.CheckConstraint(
                condition=Q(basis__isnull=True) ^ Q(movement__isnull=True),
                name="basis_or_movement",
            ),
            models.CheckConstraint(
                condition=Q(basis__isnull=True) | Q(basis__in=Basis.values), name="basis_listed"
            ),
            models.CheckConstraint(
                condition=Q(movement__isnull=True) | Q(movement__in=Movement.values),
                name="movement_listed",
            ),
        ]

    def __str__(self) -> str:
        return self.reference
