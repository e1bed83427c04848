"""The company a rehearsal plays in: staff, hosts, a published playbook, in a marked database."""

from dataclasses import dataclass
from random import Random

from loop28.back.people import actions as people
from loop28.back.people import queries as places
from loop28.back.people.models import Region
from loop28.front.ladder import actions as ladder
from loop28.front.playbooks import actions as playbooks
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.kernel.journal.models import RehearsalMark
from loop28.middle.members import actions as members
from loop28.middle.members import queries as member_queries
from loop28.rehearsal.people import full_name

OWNERS = 8
"""Shop owners a region has before its first line; one hosts, all bring people."""

STAFF = [
    ("admin", "系统管理员", Role.ADMINISTRATOR),
    ("finance1", "财务甲", Role.FINANCE),
    ("finance2", "财务乙", Role.FINANCE),
]


@dataclass(frozen=True, slots=True)
class World:
    """What a line needs to be opened."""

    playbook: int
    regions: list[Region]
    administrator: Actor
    finance: tuple[Actor, Actor]

    def cities(self, region: Region) -> list[tuple[int, int]]:
        """(number, tier) of the region's cities."""
        return list(places.cities(SYSTEM, region.pk).values_list("id", "tier"))


class NotForRehearsalsError(Exception):
    """The database holds real people: rehearse somewhere else."""


def mark() -> None:
    """Make an empty database one for rehearsals; refuse one in which people already are."""
    if clock.is_rehearsed():
        return
    if member_queries.members(SYSTEM).exists():
        raise NotForRehearsalsError
    RehearsalMark.objects.create()


def furnish(playbook: bytes) -> World:
    """Bring in regions, staff and the playbook, each once."""
    people.install_regions(SYSTEM)
    known = {name: staff(name, called, role) for name, called, role in STAFF}
    return World(
        playbook=playbooks.publish(SYSTEM, playbook).pk,
        regions=list(places.regions(SYSTEM)),
        administrator=known["admin"],
        finance=(known["finance1"], known["finance2"]),
    )


def owners(count: int, chance: Random) -> list[int]:
    """New shop owners, appointed by staff, as a company has them before its first line."""
    numbers = members.register_many(
        SYSTEM,
        [members.NewMember(name=full_name(chance), adult=True, consent=True) for _ in range(count)],
    )
    for number in numbers:
        ladder.appoint(SYSTEM, number, "owner", "公司的第一批店主")
    return numbers


def staff(username: str, name: str, role: Role, region: int | None = None) -> Actor:
    """A member of staff, taken in if they are not there yet."""
    found = places.find_staff(SYSTEM, username)
    return (found or people.add_staff(SYSTEM, username, name, role, region)).actor
