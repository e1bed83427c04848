"""A group of one's own on the phone: opened, shared, entered by strangers, taught in, left."""

import pytest
from django.test import Client

from loop28.front.clubs.models import Answer, Club
from loop28.front.evidence.models import Colleague
from loop28.front.groups import queries as groups
from loop28.front.lines.models import Line
from loop28.front.referrals.models import Link
from loop28.kernel.access import SYSTEM
from loop28.middle.members import actions as members
from loop28.middle.members.models import Member
from tests.factories import staff
from tests.front.clubs.kit import building_line, come, guests, learning, opened, stand, taught
from tests.front.referrals.kit import product_link
from tests.front.tasks.kit import assignment, own
from tests.line_kit import people, seated
from tests.phones import ODD_TEXTS, phone, text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def line(at) -> Line:
    return building_line()


@pytest.fixture
def owner(line: Line) -> int:
    return learning(line)


def english(member: int) -> Client:
    client = phone(member)
    client.cookies["django_language"] = "en"
    return client


def door(club: Club) -> str:
    """The address in the owner's link."""
    client = phone(club.owner_id)
    client.post(f"/groups/own/{club.pk}")
    return f"/s/{Link.objects.get(target='group').token}"


@pytest.fixture
def stranger() -> Client:
    client = Client(HTTP_USER_AGENT="Mozilla/5.0 (iPhone)")
    client.cookies["django_language"] = "en"
    return client


def test_from_the_task_to_the_group_its_link_and_its_poster(line: Line, owner: int) -> None:
    client = english(owner)
    task = f"/task/{assignment(line, owner, 'post-moment').pk}"
    assert "/groups/own" in text_of(client.get(task))
    assert 'name="name"' in text_of(client.get("/groups/own"))
    made = client.post("/groups/own", {"line": str(line.pk), "name": "三楼的邻居"})
    page = text_of(client.get(made["Location"]))
    link = Link.objects.get(target="group")
    assert f"/s/{link.token}" in page
    assert "三楼的邻居" in text_of(client.get(f"/share/{link.pk}/poster"))
    assert made["Location"] in text_of(client.get(task))
    assert made["Location"] in text_of(client.get("/groups/own"))


def test_odd_names_open_nothing_odd(line: Line, owner: int) -> None:
    client = english(owner)
    for odd in ODD_TEXTS:
        answer = client.post("/groups/own", {"line": str(line.pk), "name": odd.replace("\x00", "")})
        assert answer.status_code in {302, 422}
    assert Club.objects.count() <= 1


def test_a_stranger_touches_the_link_joins_and_counts(line, owner, stranger) -> None:
    club = opened(line, owner)
    address = door(club)
    stranger.get(address)
    assert stranger.post(address)["Location"] == f"{address}/group"
    assert "三楼的邻居" in text_of(stranger.get(f"{address}/group"))
    said = {"name": "小满", "city": "", "adult": "on", "consent": "on"}
    said["key"] = "8c2b1f0e-93a7-4d57-8a50-0d6d1f1e7a12"
    assert stranger.post(f"{address}/group", said)["Location"] == f"/group/{club.group_id}"
    assert stranger.get(f"/group/{club.group_id}").status_code == 200
    assert stand(club, "post-moment") == (1, False)
    joined = Member.objects.get(name="小满")
    assert joined.fan.locks.get().promoter_id == owner
    assert "小满" in text_of(english(owner).get(f"/groups/own/{club.pk}"))


@pytest.mark.parametrize("missing", ["adult", "consent", "name"])
def test_who_is_no_adult_or_does_not_agree_does_not_come_in(line, owner, stranger, missing) -> None:
    club = opened(line, owner)
    said = {"name": "小满", "adult": "on", "consent": "on"}
    said["key"] = "8c2b1f0e-93a7-4d57-8a50-0d6d1f1e7a13"
    del said[missing]
    assert stranger.post(f"{door(club)}/group", said).status_code == 422
    assert groups.head_counts([club.group_id]) == {club.group_id: 1}


def test_the_form_of_a_phone_whose_links_were_ended_opens_nothing(line, owner, stranger) -> None:
    address = f"{door(opened(line, owner))}/group"
    said = {"name": "小满", "city": "", "adult": "on", "consent": "on"}
    said["key"] = "8c2b1f0e-93a7-4d57-8a50-0d6d1f1e7a14"
    assert stranger.post(address, said).status_code == 302
    members.end_links(SYSTEM, Member.objects.get(name="小满").pk)
    assert "personal link" in text_of(stranger.post(address, said))
    assert stranger.get("/me").status_code == 403


def test_members_come_in_with_one_tap_and_colleagues_do_not_count(line, owner) -> None:
    club = opened(line, owner)
    address = f"{door(club)}/group"
    guest, colleague, unwilling = people(3)
    Colleague.objects.create(user=staff(), member_id=colleague)
    members.withdraw_consent(own(unwilling), unwilling)
    for member in (guest, colleague):
        assert phone(member).post(address)["Location"] == f"/group/{club.group_id}"
    assert phone(unwilling).post(address)["Location"].startswith("/consent?next=")
    assert stand(club, "post-moment") == (1, False)


def test_a_lesson_is_taught_with_one_tap_and_answered_under_it(line, owner) -> None:
    club = opened(line, owner)
    (guest,) = guests(club, 1)
    client = english(owner)
    assert "Teach it" in text_of(client.get(f"/groups/own/{club.pk}"))
    client.post(f"/groups/own/{club.pk}/teach", {"talk": "d1-talk"})
    lesson = club.lessons.get()
    reader = english(guest)
    assert f"/lesson/{lesson.pk}" in text_of(reader.get(f"/group/{club.group_id}"))
    assert "This is my answer" in text_of(reader.get(f"/lesson/{lesson.pk}"))
    reader.post(f"/lesson/{lesson.pk}", {"choice": "2"})
    assert "your answer" in text_of(reader.get(f"/lesson/{lesson.pk}"))
    assert "1 person answered" in text_of(client.get(f"/groups/own/{club.pk}"))
    reader.post(f"/lesson/{lesson.pk}", {"choice": "99"})
    assert Answer.objects.get().choice == 2


def test_the_group_of_another_does_not_exist(line, owner) -> None:
    club = opened(line, owner)
    lesson = taught(club)
    outsider = phone(seated(line, 1)[0])
    product = f"/s/{product_link(line, owner).token}/group"
    own_pages = f"/groups/own/{club.pk}", f"/lesson/{lesson.pk}", f"/group/{club.group_id}"
    for address in (*own_pages, product):
        assert outsider.get(address).status_code == 404
    assert outsider.post(f"/groups/own/{club.pk}/teach", {"talk": "d1-talk"}).status_code == 404


def test_a_guest_leaves_from_their_own_page_and_the_owner_cannot(line, owner) -> None:
    club = opened(line, owner)
    (guest,) = guests(club, 1)
    leave = f"/group/{club.group_id}/leave"
    assert leave in text_of(phone(guest).get("/me"))
    assert leave not in text_of(phone(owner).get("/me"))
    for member in (guest, owner):
        phone(member).post(leave)
    assert groups.inside(club.group_id) == [owner]
    come(club, guest)
    assert stand(club, "post-moment") == (1, False)
