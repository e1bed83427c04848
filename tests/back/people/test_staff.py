import pytest
from django.contrib.auth.hashers import check_password

from loop28.back.people import actions, queries, refusals
from loop28.back.people.models import User
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from loop28.kernel.text import TextMissing, TextTooLong
from tests.factories import region, staff

pytestmark = pytest.mark.django_db

ODD = ["名字\u202egnp.exe", "a\u200bb", "👨‍👩‍👧‍👦", "ＡＢＣ", "\x00nul", "\ud800", "עברית"]


def test_an_administrator_adds_a_region_manager_who_sees_one_region() -> None:
    east = region("HD")
    user = actions.add_staff(staff().actor, "wang.lei", "王磊", Role.REGION_MANAGER, east.pk)
    assert user.actor == Actor(Role.REGION_MANAGER, user.pk, east.pk)
    assert list(queries.regions(user.actor)) == [east]
    assert queries.region(user.actor, region("HN").pk) is None


def test_without_a_password_nobody_signs_in_by_one() -> None:
    user = actions.add_staff(SYSTEM, "li.na", "李娜", Role.FINANCE)
    assert not user.has_usable_password()
    assert not check_password("", user.password)


def test_a_username_has_one_spelling_and_is_given_once() -> None:
    actions.add_staff(SYSTEM, " Li.Na ", "李娜", Role.FINANCE)
    with pytest.raises(refusals.UsernameTaken):
        actions.add_staff(SYSTEM, "li.na", "另一位", Role.AUDITOR)
    assert User.objects.get().username == "li.na"


@pytest.mark.parametrize("username", ["", "a", "李娜", "a b", "x" * 41, "-a", "a\x00b", *ODD])
def test_a_username_is_plain_letters(username: str) -> None:
    with pytest.raises(refusals.UsernameWrong):
        actions.add_staff(SYSTEM, username, "某人", Role.FINANCE)


@pytest.mark.parametrize("name", ODD)
def test_odd_names_are_cleaned_or_refused_but_never_break(name: str) -> None:
    try:
        user = actions.add_staff(SYSTEM, "odd", name, Role.AUDITOR)
    except TextMissing:
        return
    user.refresh_from_db()
    assert user.name
    assert not set(user.name) & set("\u202e\u200b\x00\ud800")


def test_a_name_of_ten_thousand_signs_is_refused() -> None:
    with pytest.raises(TextTooLong):
        actions.add_staff(SYSTEM, "long", "长" * 10_000, Role.AUDITOR)


def test_region_managers_have_a_region_and_nobody_else() -> None:
    with pytest.raises(refusals.RegionOfManagerOnly):
        actions.add_staff(SYSTEM, "a1", "甲", Role.REGION_MANAGER)
    with pytest.raises(refusals.RegionOfManagerOnly):
        actions.add_staff(SYSTEM, "a1", "甲", Role.FINANCE, region().pk)
    with pytest.raises(refusals.UnknownRegion):
        actions.add_staff(SYSTEM, "a1", "甲", Role.REGION_MANAGER, 10**6)


@pytest.mark.parametrize("password", ["short", "password1234", "1234567890"])
def test_a_weak_password_is_refused_with_the_reason(password: str) -> None:
    with pytest.raises(refusals.PasswordTooWeak) as refused:
        actions.add_staff(SYSTEM, "a1", "甲", Role.AUDITOR, password=password)
    assert str(refused.value)
    assert not User.objects.exists()


@pytest.mark.parametrize("role", [Role.REGION_MANAGER, Role.MIDDLE, Role.FINANCE, Role.AUDITOR])
def test_only_administrators_add_staff_and_keys(role: Role) -> None:
    actor = staff(role, region() if role is Role.REGION_MANAGER else None).actor
    with pytest.raises(NotAllowed):
        actions.add_staff(actor, "a1", "甲", Role.ADMINISTRATOR)
    with pytest.raises(NotAllowed):
        actions.make_key(actor, "shop")
    with pytest.raises(NotAllowed):
        actions.end_staff(actor, "a1")
    with pytest.raises(NotAllowed):
        actions.set_password(actor, staff().pk, "a-long-enough-one")
    with pytest.raises(NotAllowed):
        actions.install_regions(actor)


def test_staff_set_their_own_password_and_members_with_the_same_number_do_not() -> None:
    user = staff(Role.AUDITOR)
    actions.set_password(user.actor, user.pk, "eight-lanterns-hang")
    user.refresh_from_db()
    assert user.check_password("eight-lanterns-hang")
    with pytest.raises(NotAllowed):
        actions.set_password(Actor(Role.MEMBER, user.pk), user.pk, "somebody-elses-one")


def test_a_password_for_nobody_is_refused() -> None:
    with pytest.raises(refusals.UnknownStaff):
        actions.set_password(SYSTEM, 10**6, "eight-lanterns-hang")


def test_who_ends_is_shut_out_and_stays_in_the_books() -> None:
    user = staff(Role.FINANCE)
    actions.end_staff(SYSTEM, user.username)
    actions.end_staff(SYSTEM, user.username)
    assert queries.find_staff(SYSTEM, user.username) is None
    assert user in queries.staff(SYSTEM)
    assert Entry.objects.filter(kind="StaffEnded").count() == 1
    with pytest.raises(refusals.UnknownStaff):
        actions.end_staff(SYSTEM, "nobody")


def test_a_region_manager_sees_the_staff_of_their_region() -> None:
    east, south = region("HD"), region("HN")
    mine, other = staff(Role.REGION_MANAGER, east), staff(Role.REGION_MANAGER, south)
    assert list(queries.staff(mine.actor)) == [mine]
    assert set(queries.staff(staff(Role.AUDITOR).actor)) >= {mine, other}
    assert not queries.staff(Actor(Role.MEMBER, 1)).exists()


def test_facts_hold_no_names_and_no_passwords() -> None:
    user = actions.add_staff(SYSTEM, "li.na", "李娜", Role.FINANCE, password="eight-lanterns-hang")
    actions.make_key(SYSTEM, "微店")
    said = str(list(Entry.objects.values_list("data", flat=True)))
    assert str(user.pk) in said
    assert not any(text in said for text in ("李娜", "li.na", "lanterns", "微店"))
