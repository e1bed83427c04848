"""Administrators add and change regions and cities, and every change is in the books."""

import pytest

from loop28.back.people import places, queries, refusals
from loop28.back.people.models import City, Region, Tier
from loop28.kernel.access import SYSTEM, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from tests.factories import city, region, staff
from tests.races import together

pytestmark = pytest.mark.django_db


def kinds():
    return list(Entry.objects.order_by("id").values_list("kind", flat=True))


def test_a_new_region_takes_cities_and_both_are_recorded():
    north_west = places.add_region(SYSTEM, "XB", " 西北 ", "Asia/Shanghai", 2)
    places.add_city(SYSTEM, north_west.pk, "西安", Tier.NEW_FIRST)
    assert north_west.name == "西北"
    assert [c.name for c in queries.cities(SYSTEM, north_west.pk)] == ["西安"]
    assert kinds() == ["RegionAdded", "CityAdded"]


def test_what_stays_the_same_is_not_recorded():
    east = region("HD")
    places.change_region(SYSTEM, east.pk, east.name, east.zone, east.weekly_lines, zone_fixed=True)
    there = city("杭州")
    places.change_city(SYSTEM, there.pk, there.region_id, there.name, there.tier)
    assert kinds() == []


def test_a_goal_a_name_and_a_tier_can_change():
    east, there = region("HD"), city("杭州")
    places.change_region(SYSTEM, east.pk, "江浙沪", "Asia/Urumqi", 3, zone_fixed=False)
    places.change_city(SYSTEM, there.pk, region("HN").pk, "杭州市", Tier.FIRST)
    east.refresh_from_db()
    there.refresh_from_db()
    assert (east.name, east.zone, east.weekly_lines) == ("江浙沪", "Asia/Urumqi", 3)
    assert (there.region.code, there.name, there.tier) == ("HN", "杭州市", Tier.FIRST)
    assert kinds() == ["RegionChanged", "CityChanged"]


@pytest.mark.parametrize(
    ("wish", "no"),
    [
        (("xb", "西北", "Asia/Shanghai", 1), refusals.CodeWrong),
        (("XB", "华东", "Asia/Shanghai", 1), refusals.RegionTaken),
        (("HD", "西北", "Asia/Shanghai", 1), refusals.RegionTaken),
        (("XB", "西北", "Asia/Nowhere", 1), refusals.ZoneWrong),
        (("XB", "西北", "../../etc/passwd", 1), refusals.ZoneWrong),
        (("XB", "西北", "", 1), refusals.ZoneWrong),
        (("XB", "西北", "Asia/Shanghai", 51), refusals.GoalWrong),
    ],
)
def test_a_region_that_cannot_be_is_refused_with_its_field(wish, no):
    region("HD")
    with pytest.raises(no) as refused:
        places.add_region(SYSTEM, *wish)
    assert refused.value.field


def test_the_time_zone_stays_once_lines_run_by_it():
    east = region("HD")
    with pytest.raises(refusals.ZoneFixed):
        places.change_region(SYSTEM, east.pk, "华东", "Asia/Urumqi", 1, zone_fixed=True)


def test_a_city_is_there_once_and_has_one_of_five_tiers():
    there, other = city("杭州"), city("苏州")
    with pytest.raises(refusals.CityTaken):
        places.add_city(SYSTEM, there.region_id, "杭州", 3)
    with pytest.raises(refusals.CityTaken):
        places.change_city(SYSTEM, other.pk, other.region_id, "杭州", 3)
    with pytest.raises(refusals.TierWrong):
        places.add_city(SYSTEM, there.region_id, "嘉兴", 6)
    with pytest.raises(refusals.UnknownRegion):
        places.add_city(SYSTEM, 10**9, "嘉兴", 3)


@pytest.mark.parametrize("role", [Role.REGION_MANAGER, Role.MIDDLE, Role.FINANCE, Role.AUDITOR])
def test_only_administrators_change_places(role):
    east = region("HD")
    other = staff(role, east if role is Role.REGION_MANAGER else None).actor
    for change in (
        lambda: places.add_region(other, "XB", "西北", "Asia/Shanghai", 1),
        lambda: places.change_region(other, east.pk, "x", "UTC", 1, zone_fixed=False),
        lambda: places.add_city(other, east.pk, "嘉兴", 3),
        lambda: places.change_city(other, city().pk, east.pk, "嘉兴", 3),
    ):
        with pytest.raises(NotAllowed):
            change()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_add_the_same_city_at_once_one_gets_it():
    where = region("HD").pk
    answers = together(*[lambda: places.add_city(SYSTEM, where, "嘉兴", 3)] * 2)
    assert {type(answer) for answer in answers} == {City, refusals.CityTaken}
    assert City.objects.filter(name="嘉兴").count() == 1
    assert Region.objects.count() == 6
