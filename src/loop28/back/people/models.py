from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from loop28.kernel.access import STAFF, Actor, Role


class Region(models.Model):
    """A front unit. ``code`` is short and starts the names of its lines, for example HD."""

    code = models.CharField(max_length=6, unique=True)
    name = models.CharField(max_length=40, unique=True)
    zone = models.CharField(max_length=40, default="Asia/Shanghai")
    weekly_lines = models.PositiveSmallIntegerField(default=1)

    def __str__(self) -> str:
        return self.name


class Tier(models.IntegerChoices):
    """How large and dear a city is; lower-tier markets (下沉市场) are the programme's ground."""

    FIRST = 1, _("first tier")
    NEW_FIRST = 2, _("new first tier")
    SECOND = 3, _("second tier")
    THIRD = 4, _("third tier")
    FOURTH = 5, _("fourth tier and below")


class City(models.Model):
    """A city of a region, with its tier."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="cities")
    name = models.CharField(max_length=40, unique=True)
    tier = models.PositiveSmallIntegerField(choices=Tier)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(tier__in=Tier.values), name="tier_1_to_5")
        ]

    def __str__(self) -> str:
        return self.name


class StaffRole(models.TextChoices):
    ADMINISTRATOR = Role.ADMINISTRATOR, _("administrator")
    REGION_MANAGER = Role.REGION_MANAGER, _("region manager")
    MIDDLE = Role.MIDDLE, _("middle platform")
    FINANCE = Role.FINANCE, _("finance")
    AUDITOR = Role.AUDITOR, _("auditor")


class User(AbstractBaseUser):
    """A member of staff who signs in to the console. A region manager has a region, others none."""

    username = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    role = models.CharField(max_length=20, choices=StaffRole)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name", "role"]

    objects = BaseUserManager["User"]()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=sorted(STAFF)), name="role_of_staff"
            ),
            models.CheckConstraint(
                condition=models.Q(role=Role.REGION_MANAGER) ^ models.Q(region__isnull=True),
                name="region_managers_have_a_region",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> Actor:
        return Actor(Role(self.role), self.pk, self.region_id)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session began with: it ends with another password, role or region."""
        began = f"{self.password} {self.role} {self.region_id}"
        return salted_hmac("loop28.session", began, secret=secret, algorithm="sha256").hexdigest()


class Guesses(models.Model):
    """How many passwords were tried since a moment; ``key`` says for whom and from where."""

    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveSmallIntegerField()
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.count} since {self.since}"


class MachineKey(models.Model):
    """A key with which a machine calls the API. Only its hash is kept."""

    name = models.CharField(max_length=40, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class ImportKind(models.TextChoices):
    MEMBERS = "members", _("members")
    OWNERS = "owners", _("shop owners")
    STAFF = "staff", _("staff")


class ImportFile(models.Model):
    """A file of people that somebody looked at, to be taken in just as it is.

    ``data`` is thrown away as soon as that is done, or after a day. ``counts`` says what came of
    its rows.
    """

    kind = models.CharField(max_length=8, choices=ImportKind)
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    data = models.BinaryField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return self.name
