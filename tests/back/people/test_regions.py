import pytest
from django.db import IntegrityError, transaction

from loop28.back.people import actions, defaults, queries
from loop28.back.people.models import City, Region, Tier, User
from loop28.kernel.access import SYSTEM, Actor, Role
from tests.factories import region, staff

pytestmark = pytest.mark.django_db


def test_an_installation_starts_with_six_regions_and_cities_of_several_tiers() -> None:
    actions.install_regions(SYSTEM)
    assert [r.name for r in queries.regions(SYSTEM)] == [
        "华东",
        "华南",
        "华北",
        "西南",
        "华中",
        "东北",
    ]
    for one in queries.regions(SYSTEM):
        tiers = [c.tier for c in queries.cities(SYSTEM, one.pk)]
        assert len(tiers) >= 8
        assert len(set(tiers)) >= 2
        assert tiers == sorted(tiers)


def test_every_city_belongs_to_one_region() -> None:
    names = [n for _, t in defaults.REGIONS.values() for names in t.values() for n in names.split()]
    assert len(names) == len(set(names))


def test_installing_again_keeps_what_was_changed() -> None:
    actions.install_regions(SYSTEM)
    Region.objects.filter(code="HD").update(weekly_lines=3)
    City.objects.filter(name="杭州").update(tier=Tier.FIRST)
    cities = City.objects.count()
    actions.install_regions(SYSTEM)
    assert Region.objects.get(code="HD").weekly_lines == 3
    assert City.objects.get(name="杭州").tier == Tier.FIRST
    assert (Region.objects.count(), City.objects.count()) == (6, cities)


def test_anybody_may_choose_a_city_and_only_staff_see_regions() -> None:
    actions.install_regions(SYSTEM)
    newcomer = Actor(Role.MEMBER, 1)
    assert queries.cities(newcomer).exists()
    assert not queries.regions(newcomer).exists()
    assert queries.regions(staff(Role.AUDITOR).actor).count() == 6


def test_the_database_refuses_a_sixth_tier() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        City.objects.create(region=region(), name="无级市", tier=6)


@pytest.mark.parametrize(
    ("role", "bound"), [(Role.REGION_MANAGER, False), (Role.FINANCE, True), (Role.MEMBER, False)]
)
def test_the_database_refuses_staff_of_a_wrong_role_or_region(role: Role, bound: bool) -> None:
    where = region() if bound else None
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="x1", name="某", role=role, region=where)
