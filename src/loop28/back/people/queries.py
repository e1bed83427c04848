"""Who works here, where the regions are, and which machine a key belongs to."""

from django.db.models import F, QuerySet

from loop28.back.people import rules
from loop28.back.people.actions import digest
from loop28.back.people.models import City, MachineKey, User
from loop28.back.people.models import Region as Region  # insight names what it gets from here
from loop28.kernel.access import Actor, Role, require, scope


def regions(actor: Actor) -> QuerySet[Region]:
    """The regions this actor sees, in the order they were made."""
    return scope(actor, Region.objects.order_by("id"), region="id")


def region(actor: Actor, id: int) -> Region | None:
    """One region, if this actor sees it."""
    return regions(actor).filter(id=id).first()


def cities(actor: Actor, region_id: int | None = None) -> QuerySet[City]:
    """All cities, or those of one region: large ones first. They are no secret: anybody who joins
    chooses one.
    """
    rows = City.objects.select_related("region").order_by("region_id", "tier", "id")
    return rows if region_id is None else rows.filter(region_id=region_id)


def staff(actor: Actor) -> QuerySet[User]:
    """The members of staff this actor sees, active ones first."""
    return scope(actor, User.objects.order_by("-is_active", "username"), region="region")


def find_staff(actor: Actor, username: str) -> User | None:
    """The active member of staff with this username, if this actor sees them."""
    return staff(actor).filter(username=rules.username(username), is_active=True).first()


def machine(key_text: str) -> Actor | None:
    """The machine that calls with this key; None for a key that is unknown or revoked."""
    key = MachineKey.objects.filter(digest=digest(key_text), revoked_at=None).first()
    return Actor(Role.MACHINE, key.pk) if key else None


def keys(actor: Actor) -> QuerySet[MachineKey]:
    """The keys of machines, those that work first. Refuses with NotAllowed."""
    require(actor, Role.ADMINISTRATOR)
    return MachineKey.objects.order_by(F("revoked_at").desc(nulls_first=True), "name")
