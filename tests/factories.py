"""Small things that many tests need, made through the real actions."""

from datetime import timedelta
from itertools import count

from loop28.back.people import actions as people
from loop28.back.people.models import City, Region, User
from loop28.front.events.actions import Announcement
from loop28.kernel import clock
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


def meeting(city: City, places: int = 2) -> Announcement:
    """What is said of an event of tomorrow, for the people of a city."""
    start = clock.now() + timedelta(days=1)
    return Announcement(
        title="品鉴会",
        city=city.pk,
        place="文三路",
        about="",
        starts_at=start,
        ends_at=start + timedelta(hours=3),
        places=places,
        cities=[city.pk],
    )
