"""The company behind the lines: its managers and first owners, its weeks, its days by number."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from loop28.back.people.models import Region
from loop28.front.groups.models import GroupKind
from loop28.front.playbooks import actions as playbooks
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.rehearsal import world as worlds
from loop28.rehearsal.cast import Cast
from loop28.rehearsal.stage import Stage
from loop28.rehearsal.world import OWNERS

ZONE = ZoneInfo("Asia/Shanghai")

MANAGERS = ["沈若兰", "梁启航", "赵砚秋", "段思源", "何静姝", "关海峰"]
RHYTHMS = {
    GroupKind.INTEREST: "weekly-home-kitchen.yaml",
    GroupKind.HEAD: "weekly-head-users.yaml",
}
"""Weekly playbooks that lie beside the one of the lines."""


@dataclass
class Company:
    """Who works here, what day it is to be at the end, and the lines that were opened so far.

    Regions are counted from 0, days from the last: ``at(-3, "10:00")`` is three days before it.
    ``casts`` are the lines' people by region and first day.
    """

    stage: Stage
    today: date
    managers: list[Actor]
    middle: Actor
    owners: list[list[int]]
    rhythms: dict[GroupKind, int]
    casts: dict[tuple[int, int], Cast] = field(default_factory=dict)

    @property
    def chance(self) -> Random:
        return self.stage.chance

    def at(self, day: int, hour: str) -> datetime:
        """The moment when clocks show this hour on this day."""
        told = time.fromisoformat(hour)
        return clock.at_local(self.day(day), told.hour, told.minute, ZONE)

    def day(self, number: int) -> date:
        return self.today + timedelta(days=number)

    def region(self, number: int) -> Region:
        return self.stage.world.regions[number]

    def key(self) -> UUID:
        """A key as a form brings one; the same seed brings the same."""
        return UUID(int=self.chance.getrandbits(128), version=4)

    def casts_of(self, region: int) -> list[Cast]:
        """The lines that a region opened so far."""
        return [cast for (of, _), cast in self.casts.items() if of == region]


def found(stage: Stage, today: date, folder: Path) -> Company:
    """Take in managers and first owners; publish a folder's weekly playbooks, if it has any."""
    regions = stage.world.regions
    return Company(
        stage=stage,
        today=today,
        managers=[
            worlds.staff(region.code.lower(), name, Role.REGION_MANAGER, region.pk)
            for region, name in zip(regions, MANAGERS, strict=True)
        ],
        middle=worlds.staff("middle", "中台小顾", Role.MIDDLE),
        owners=[worlds.owners(OWNERS, stage.chance) for _ in regions],
        rhythms={
            kind: playbooks.publish(SYSTEM, (folder / file).read_bytes()).pk
            for kind, file in RHYTHMS.items()
            if (folder / file).exists()
        },
    )
