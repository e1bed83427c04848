"""What can be done about regions and their cities: all of it by administrators, none is deleted."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from loop28.back.people import facts, refusals, rules
from loop28.back.people.models import City, Region, Tier
from loop28.kernel import journal
from loop28.kernel.access import Actor, Role, require
from loop28.kernel.refusals import Refusal
from loop28.kernel.text import clean_line

NAME_LIMIT = 40
MOST_LINES_A_WEEK = 50


@journal.action
def add_region(actor: Actor, code: str, name: str, zone: str, weekly_lines: int) -> Region:
    """Another region. Its code stays for ever, because the codes of its lines begin with it.

    Refuses with CodeWrong, RegionTaken, ZoneWrong, GoalWrong, or for the name.
    """
    require(actor, Role.ADMINISTRATOR)
    if not rules.REGION_CODE.fullmatch(code.strip()):
        raise refusals.CodeWrong(field="code")
    region = Region(code=code.strip(), **_described(name, zone, weekly_lines))
    with _unless_taken(refusals.RegionTaken):
        region.save(force_insert=True)
    journal.record(facts.RegionAdded(region=region.pk, weekly_lines=weekly_lines))
    return region


@journal.action
def change_region(
    actor: Actor, region_id: int, name: str, zone: str, weekly_lines: int, *, zone_fixed: bool
) -> Region:
    """Another name, goal or time zone; the zone not once lines run by it (``zone_fixed``).

    Refuses with UnknownRegion, ZoneFixed, and as `add_region` does.
    """
    require(actor, Role.ADMINISTRATOR)
    wish = _described(name, zone, weekly_lines)
    region = Region.objects.select_for_update().filter(pk=region_id).first()
    if region is None:
        raise refusals.UnknownRegion
    if zone_fixed and wish["zone"] != region.zone:
        raise refusals.ZoneFixed(field="zone")
    if _changed(region, wish, refusals.RegionTaken):
        journal.record(facts.RegionChanged(region=region_id, weekly_lines=weekly_lines))
    return region


def _described(name: str, zone: str, weekly_lines: int) -> dict[str, str | int]:
    if not rules.is_zone(zone):
        raise refusals.ZoneWrong(field="zone")
    if not 0 <= weekly_lines <= MOST_LINES_A_WEEK:
        raise refusals.GoalWrong(field="weekly_lines")
    tidy = clean_line(name, limit=NAME_LIMIT, field="name")
    return {"name": tidy, "zone": zone, "weekly_lines": weekly_lines}


@journal.action
def add_city(actor: Actor, region_id: int, name: str, tier: int) -> City:
    """Another city to choose from. Refuses with CityTaken, UnknownRegion, TierWrong."""
    require(actor, Role.ADMINISTRATOR)
    city = City(**_placed(region_id, name, tier))
    with _unless_taken(refusals.CityTaken):
        city.save(force_insert=True)
    journal.record(facts.CityAdded(city=city.pk, region=region_id, tier=tier))
    return city


@journal.action
def change_city(actor: Actor, city_id: int, region_id: int, name: str, tier: int) -> City:
    """Another name, region or tier. Seats in lines keep the tier they were taken with.

    Refuses with UnknownCityOfRegion, and as `add_city` does.
    """
    require(actor, Role.ADMINISTRATOR)
    wish = _placed(region_id, name, tier)
    city = City.objects.select_for_update().filter(pk=city_id).first()
    if city is None:
        raise refusals.UnknownCityOfRegion
    if _changed(city, wish, refusals.CityTaken):
        journal.record(facts.CityChanged(city=city_id, region=region_id, tier=tier))
    return city


def _placed(region_id: int, name: str, tier: int) -> dict[str, str | int]:
    if tier not in Tier.values:
        raise refusals.TierWrong(field="tier")
    if not Region.objects.filter(pk=region_id).exists():
        raise refusals.UnknownRegion(field="region")
    tidy = clean_line(name, limit=NAME_LIMIT, field="name")
    return {"region_id": region_id, "name": tidy, "tier": tier}


def _changed(row: Region | City, wish: dict[str, str | int], taken: type[Refusal]) -> bool:
    """Write what is different; whether anything was."""
    different = [name for name, value in wish.items() if getattr(row, name) != value]
    for name in different:
        setattr(row, name, wish[name])
    if different:
        with _unless_taken(taken):
            row.save(update_fields=different)
    return bool(different)


@contextmanager
def _unless_taken(taken: type[Refusal]) -> Iterator[None]:
    """The database's own unique keys decide: of two who choose a name at once one gets it."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise taken(field="name") from None
