from collections.abc import Iterator

import pytest
from django.test import Client

from loop28.doors import gate
from loop28.doors.member.joining import invitation_path
from loop28.front.groups.models import Membership
from loop28.front.lines.models import Enrollment, EnrollmentState, Invitation
from loop28.kernel.access import Actor, Role
from loop28.middle.members import actions as members
from loop28.middle.members import queries
from tests.factories import member, staff
from tests.line_kit import moving_clock, open_line, seated

pytestmark = pytest.mark.django_db


def _path(link: str) -> str:
    return link.removeprefix("http://localhost:8028")


def test_a_personal_link_makes_the_phone_the_members() -> None:
    me = member()
    client = Client()
    response = client.get(_path(gate.personal_link(me.pk)))
    assert response["Location"] == "/today"
    cookie = response.cookies[gate.COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert client.get("/")["Location"] == "/today"


def test_a_hosts_link_leads_where_it_says_but_never_off_the_site() -> None:
    me = member()
    assert Client().get(_path(gate.personal_link(me.pk, "/host/")))["Location"] == "/host/"
    evil = f"/m/{queries.link_token(me.pk)}?next=//evil.example"
    assert Client().get(evil)["Location"] == "/today"


def test_an_ended_link_is_gone_and_a_made_up_one_was_never_there() -> None:
    me = member()
    link = _path(gate.personal_link(me.pk))
    members.end_links(Actor(Role.MEMBER, me.pk), me.pk)
    response = Client().get(link)
    assert response.status_code == 410
    assert gate.COOKIE not in response.cookies
    for odd in ("x", "x" * 5000, "令牌", ":::", "👨‍👩‍👧"):
        assert Client().get(f"/m/{odd}").status_code == 404


def test_the_bare_address_leads_everybody_to_their_own_start() -> None:
    assert Client().get("/")["Location"] == "/console/"
    both = Client()
    both.get(_path(gate.personal_link(member().pk)))
    both.force_login(staff(), backend="django.contrib.auth.backends.ModelBackend")
    assert both.get("/")["Location"] == "/console/"


def test_everybody_may_read_what_is_kept_and_only_members_find_a_button() -> None:
    page = Client().get("/consent").content.decode()
    assert "怎样撤回" in page
    assert 'name="withdraw"' not in page
    assert Client().post("/consent", {"withdraw": "1"}).status_code == 403


def test_a_member_withdraws_and_agrees_again_with_one_button() -> None:
    me = member()
    phone = Client()
    phone.get(_path(gate.personal_link(me.pk)))
    assert 'name="withdraw"' in phone.get("/consent").content.decode()
    assert phone.post("/consent", {"withdraw": "1"})["Location"] == "/consent"
    assert not queries.consenting([me.pk])
    assert 'name="agree"' in phone.get("/consent").content.decode()
    phone.post("/consent", {"agree": "1"})
    assert queries.consenting([me.pk])


@pytest.fixture
def clock() -> Iterator[None]:
    with moving_clock():
        yield


@pytest.mark.usefixtures("clock")
def test_who_withdraws_leaves_every_line_and_agrees_again_before_coming_back() -> None:
    line = open_line()
    (me,) = seated(line, 1)
    phone = Client()
    phone.get(_path(gate.personal_link(me)))
    phone.post("/consent", {"withdraw": "1"})
    assert Enrollment.objects.get(member=me).state == EnrollmentState.LEFT
    assert not Membership.objects.filter(member=me, left_at=None).exists()
    door = invitation_path(Invitation.objects.get(line=line))
    for sent in (phone.get(door), phone.post(door)):
        assert sent["Location"].startswith("/consent?next=%2Fj%2F")
    assert f'value="{door}"' in phone.get(f"/consent?next={door}").content.decode()
    assert phone.post("/consent", {"agree": "1", "next": door})["Location"] == door
    assert phone.post(door).status_code == 302
    assert Enrollment.objects.get(member=me).state == EnrollmentState.JOINED
