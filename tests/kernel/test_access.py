"""Which rows an actor sees: an insider, somebody of the same region, an outsider."""

import pytest
from django.db.models import Q

from loop28.back.people.models import Region
from loop28.kernel import access
from loop28.kernel.access import STAFF, SYSTEM, Actor, NotAllowed, Role

pytestmark = pytest.mark.django_db

SPANNING = sorted(STAFF - {Role.REGION_MANAGER})
OUTSIDE = [Actor(Role.MACHINE, 1), Actor(Role.REGION_MANAGER, 1)]


@pytest.fixture
def regions():
    """Rows to scope; what their columns mean does not matter here."""
    return [Region.objects.create(code=c, name=c, weekly_lines=n) for n, c in enumerate("abc", 1)]


def _seen(actor, **lookups):
    rows = access.scope(actor, Region.objects.order_by("id"), **lookups)
    return [row.code for row in rows]


def test_the_system_and_staff_that_spans_regions_see_all(regions):
    for actor in (SYSTEM, *(Actor(role, 1) for role in SPANNING)):
        assert _seen(actor, region="id") == ["a", "b", "c"]
        assert _seen(actor) == ["a", "b", "c"]


def test_a_manager_sees_the_own_region_and_nothing_where_no_region_leads(regions):
    manager = Actor(Role.REGION_MANAGER, 1, region=regions[1].pk)
    assert _seen(manager, region="id") == ["b"]
    assert _seen(manager, member="id") == []


def test_a_member_sees_what_they_host_and_what_is_theirs(regions):
    member = Actor(Role.MEMBER, 2)
    assert _seen(member, host="weekly_lines") == ["b"]
    assert _seen(member, member="weekly_lines") == ["b"]
    assert _seen(member, host="weekly_lines", member="weekly_lines") == ["b"]
    assert _seen(member, region="weekly_lines") == []


def test_hosting_or_owning_is_enough(regions):
    member = Actor(Role.MEMBER, regions[0].pk)
    Region.objects.filter(code="c").update(weekly_lines=regions[0].pk)
    expected = Region.objects.filter(Q(id=member.id) | Q(weekly_lines=member.id))
    seen = _seen(member, host="id", member="weekly_lines")
    assert seen == [row.code for row in expected.order_by("id")]
    assert {"a", "c"} <= set(seen)


@pytest.mark.parametrize("actor", OUTSIDE)
def test_machines_and_a_manager_without_a_region_see_nothing(regions, actor):
    assert _seen(actor, region="id", host="id", member="id") == []


def test_require_lets_the_named_roles_and_the_system_pass():
    access.require(SYSTEM)
    access.require(Actor(Role.FINANCE, 1), Role.FINANCE)
    with pytest.raises(NotAllowed) as refused:
        access.require(Actor(Role.AUDITOR, 1), Role.FINANCE)
    assert (refused.value.status, refused.value.code) == (403, "not-allowed")


def test_an_actor_is_written_by_role_and_number():
    assert str(Actor(Role.REGION_MANAGER, 7, region=3)) == "region_manager:7"
    assert not Actor(Role.MEMBER, 7).is_staff
