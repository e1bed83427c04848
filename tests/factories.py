"""Small things that many tests need, made through the real actions."""

from itertools import count

from loop28.back.people import actions as people
from loop28.back.people.models import City, Region, User
from loop28.kernel.access import SYSTEM, Role
from loop28.middle.members import actions as members
from loop28.middle.members.models import Member

_numbers = count(1)


def region(code: str = "HD") -> Region:
    """One of the six default regions: HD, HN, HB, XN, HZ or DB, with its cities."""
    people.install_regions(SYSTEM)
    return Region.objects.get(code=code)


def city(name: str = "杭州") -> City:
    """One of the default cities."""
    people.install_regions(SYSTEM)
    return City.objects.get(name=name)


def staff(
    role: Role = Role.ADMINISTRATOR, region: Region | None = None, *, password: str | None = None
) -> User:
    """A member of staff with a username of their own; region managers need a region."""
    number = next(_numbers)
    return people.add_staff(
        SYSTEM,
        f"{role.value}-{number}",
        f"同事{number}",
        role,
        region.pk if region else None,
        password,
    )


def member(name: str = "", city: City | None = None) -> Member:
    """An adult who agreed."""
    name = name or f"新人{next(_numbers)}"
    return members.register(
        SYSTEM, name, adult=True, consent=True, city_id=city.pk if city else None
    )
