"""A member of staff can get another name, role or region, and come back after the end."""

import pytest

from loop28.back.people import actions, refusals
from loop28.back.people.models import User
from loop28.kernel.access import SYSTEM, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from tests.factories import region, staff
from tests.races import together

pytestmark = pytest.mark.django_db


def change(actor, user, role, where=None, name="同事"):
    return actions.change_staff(actor, user.pk, name, role, where.pk if where else None)


def test_a_role_and_its_region_change_together_and_are_recorded():
    boss, user, east = staff(), staff(Role.FINANCE), region("HD")
    changed = change(boss.actor, user, Role.REGION_MANAGER, east, "陈思远")
    assert (changed.name, changed.role, changed.region_id) == ("陈思远", "region_manager", east.pk)
    facts = Entry.objects.filter(staff=boss.pk).values_list("kind", "data")
    data = dict(facts)
    assert data["StaffRenamed"] == {"user": user.pk}
    assert data["StaffMoved"] == {"user": user.pk, "role": "region_manager", "region": east.pk}


def test_the_same_again_is_not_recorded():
    boss, user = staff(), staff(Role.FINANCE)
    before = Entry.objects.count()
    change(boss.actor, user, Role.FINANCE, name=user.name)
    assert Entry.objects.count() == before


def test_a_region_fits_its_role_or_is_refused():
    user = staff(Role.FINANCE)
    with pytest.raises(refusals.RegionOfManagerOnly):
        change(SYSTEM, user, Role.REGION_MANAGER)
    with pytest.raises(refusals.RegionOfManagerOnly):
        change(SYSTEM, user, Role.AUDITOR, region("HD"))


def test_the_last_administrator_stays_one_and_stays():
    boss = staff()
    with pytest.raises(refusals.LastAdministrator):
        change(boss.actor, boss, Role.AUDITOR)
    with pytest.raises(refusals.LastAdministrator):
        actions.end_staff(boss.actor, boss.username)
    staff()
    assert change(boss.actor, boss, Role.AUDITOR).role == "auditor"


def test_who_comes_back_has_no_old_password():
    boss, user = staff(), staff(Role.FINANCE, password="eight-lanterns-hang")
    actions.end_staff(boss.actor, user.username)
    back = actions.return_staff(boss.actor, user.pk)
    assert back.is_active
    assert not back.has_usable_password()
    actions.return_staff(boss.actor, user.pk)
    assert Entry.objects.filter(kind="StaffReturned").count() == 1


@pytest.mark.parametrize("role", [Role.MIDDLE, Role.FINANCE, Role.AUDITOR])
def test_only_administrators_change_staff(role):
    other = staff(role)
    with pytest.raises(NotAllowed):
        change(other.actor, other, Role.ADMINISTRATOR)
    with pytest.raises(NotAllowed):
        actions.return_staff(other.actor, other.pk)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_take_each_other_down_leave_one():
    one, two = staff(), staff()
    answers = together(
        lambda: change(one.actor, two, Role.AUDITOR),
        lambda: change(two.actor, one, Role.AUDITOR),
    )
    assert [type(a) for a in answers].count(refusals.LastAdministrator) == 1
    assert User.objects.filter(role=Role.ADMINISTRATOR).count() == 1
