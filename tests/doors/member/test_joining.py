from threading import Thread
from uuid import NAMESPACE_OID, uuid4, uuid5

import pytest
from django.db import connection
from django.test import Client

from loop28.back.people import actions as places
from loop28.back.people.models import City
from loop28.doors import gate
from loop28.doors.member import joining
from loop28.front.lines import actions as lines
from loop28.front.lines.models import Enrollment, Invitation, Line
from loop28.kernel.access import SYSTEM
from loop28.kernel.tables import Row
from loop28.middle.members import actions as members_actions
from loop28.middle.members import importing, merging
from loop28.middle.members import queries as members
from loop28.middle.members.models import Consent, Member
from tests.line_kit import (
    group,
    invitation,
    live_until,
    local,
    moving_clock,
    open_line,
    people,
    seated,
)
from tests.phones import ODD_TEXTS, phone, text_of


def _way_in(line: Line) -> str:
    return joining.invitation_path(Invitation.objects.get(id=invitation(line)))


def _filled_in(name: str = "林小满", **others: object) -> dict[str, object]:
    return {"name": name, "adult": "on", "consent": "on", "key": str(uuid4()), "city": ""} | others


def test_the_invitation_says_who_invites_and_how_many_seats_are_left(line: Line) -> None:
    page = text_of(Client().get(_way_in(line)))
    assert line.host.name in page
    assert "<b>20</b>" in page
    assert "2026-1" in page


def test_a_stranger_who_fills_in_the_form_is_straight_in_the_group(line: Line) -> None:
    client = Client()
    response = client.post(_way_in(line), _filled_in())
    assert response["Location"] == f"/group/{group(line)}"
    assert client.get(response["Location"]).status_code == 200
    me = Member.objects.get(name="林小满")
    assert Consent.objects.get(member=me).text_version == "2026-1"
    assert me.adult_at is not None
    assert Enrollment.objects.get(line=line, member=me).inviter_id == line.host_id


def test_the_city_is_one_of_the_region(line: Line) -> None:
    places.install_regions(SYSTEM)
    city = City.objects.filter(region=line.region).first()
    assert city is not None
    Client().post(_way_in(line), _filled_in(city=city.pk))
    assert Member.objects.get(name="林小满").city == city
    elsewhere = City.objects.exclude(region=line.region).first()
    assert elsewhere is not None
    assert Client().post(_way_in(line), _filled_in(city=elsewhere.pk)).status_code == 422


@pytest.mark.parametrize("missing", ["name", "adult", "consent", "key"])
def test_without_name_age_and_consent_nobody_comes_in(line: Line, missing: str) -> None:
    filled = _filled_in()
    del filled[missing]
    client = Client()
    assert client.post(_way_in(line), filled).status_code == 422
    assert gate.COOKIE not in client.cookies
    assert not Member.objects.filter(name="林小满").exists()


def test_the_same_form_twice_is_one_person(line: Line) -> None:
    filled = _filled_in()
    first, second = Client(), Client()
    first.post(_way_in(line), filled)
    assert second.post(_way_in(line), filled).status_code == 302
    assert Member.objects.filter(name="林小满").count() == 1


def test_a_form_is_no_way_back_for_a_phone_whose_links_were_ended(line: Line) -> None:
    filled, stolen = _filled_in(), Client()
    stolen.post(_way_in(line), filled)
    members_actions.end_links(SYSTEM, Member.objects.get(name="林小满").pk)
    answer = stolen.post(_way_in(line), filled)
    assert answer.status_code == 422
    assert "个人链接" in text_of(answer)
    assert stolen.get("/me").status_code == 403


def test_a_form_is_no_way_into_what_its_record_was_merged_into(line: Line) -> None:
    filled, client = _filled_in(), Client()
    client.post(_way_in(line), filled)
    (kept,) = people(1)
    merging.merge(SYSTEM, kept, Member.objects.get(name="林小满").pk)
    assert client.post(_way_in(line), filled).status_code == 422
    assert client.get("/me").status_code == 403
    assert phone(kept).get("/me").status_code == 200


def test_no_form_opens_the_record_of_who_came_in_with_a_file(line: Line) -> None:
    importing.take_in(SYSTEM, [Row(2, {"id": "1001", "name": "林小满", "city": "", "tags": ""})])
    her = Member.objects.get(name="林小满")
    for key in (her.key, uuid5(NAMESPACE_OID, "loop28:file:1001")):
        client = Client()
        client.post(_way_in(line), _filled_in(key=str(key)))
        me = gate.member_of(client.get("/me").wsgi_request)
        assert me is not None
        assert me.id != her.pk
    assert not Enrollment.objects.filter(line=line, member=her).exists()
    assert not members.consenting([her.pk])


def test_whom_the_full_line_has_no_seat_for_learns_their_place(line: Line) -> None:
    seated(line, 20)
    assert "候补" in text_of(Client().get(_way_in(line)))
    for place in (1, 2):
        client = Client()
        response = client.post(_way_in(line), _filled_in(f"候补{place}"))
        assert response["Location"] == f"/today?line={line.pk}"
        assert f"候补第 {place} 位" in text_of(client.get(response["Location"]))


def test_a_known_phone_joins_as_the_same_person_with_one_tap(line: Line) -> None:
    other = open_line(code="HN")
    (me,) = seated(other, 1)
    client = phone(me)
    assert 'name="consent"' not in text_of(client.get(_way_in(line)))
    assert client.post(_way_in(line))["Location"] == f"/group/{group(line)}"
    assert Enrollment.objects.get(line=line, member_id=me).state == "joined"
    assert client.get(_way_in(line))["Location"] == f"/group/{group(line)}"


def test_a_known_phone_at_a_full_line_waits_like_everybody(line: Line) -> None:
    (me,) = seated(open_line(code="HN"), 1)
    seated(line, 20)
    client = phone(me)
    response = client.post(_way_in(line))
    assert response["Location"] == f"/today?line={line.pk}"
    assert "候补第 1 位" in text_of(client.get(response["Location"]))
    assert client.get(_way_in(line))["Location"] == response["Location"]


def test_who_left_comes_back_with_one_tap(line: Line) -> None:
    (me,) = seated(line, 1)
    lines.leave(SYSTEM, line.pk, me)
    client = phone(me)
    today = text_of(client.get("/today"))
    assert _way_in(line) in today
    assert client.post(_way_in(line))["Location"] == f"/group/{group(line)}"


def test_who_took_their_consent_back_gives_it_again_before_they_come_back(line: Line) -> None:
    (me,) = seated(line, 1)
    client = phone(me)
    client.post("/consent", {"withdraw": "1"})
    assert Enrollment.objects.get(line=line, member_id=me).state == "left"
    asked = client.post(_way_in(line))["Location"]
    assert asked.startswith("/consent?next=")
    assert not members.consenting([me])
    back = client.post(asked, {"agree": "1"})["Location"]
    assert client.post(back)["Location"] == f"/group/{group(line)}"


def test_a_line_that_is_past_its_first_phase_takes_nobody_in(line: Line) -> None:
    live_until(local(3, 9))
    for response in (
        Client().get(_way_in(line)),
        Client().post(_way_in(line), _filled_in()),
        phone(members.members(SYSTEM).order_by("-id")[0].pk).get(_way_in(line)),
    ):
        assert response.status_code == 410
    assert not Member.objects.filter(name="林小满").exists()


def test_only_a_signed_invitation_opens(line: Line) -> None:
    personal = members.link_token(line.host_id)
    for token in ("nonsense", personal, _way_in(line).removeprefix("/j/")[:-1] + "!"):
        assert Client().get(f"/j/{token}").status_code == 404


@pytest.mark.parametrize("field", ["name", "city", "key", "adult"])
def test_odd_text_in_any_field_is_answered_kindly(line: Line, field: str) -> None:
    for text in ODD_TEXTS:
        response = Client().post(_way_in(line), _filled_in(**{field: text}))
        assert response.status_code in {302, 422}, text


def test_what_a_name_holds_is_shown_as_text(line: Line) -> None:
    client = Client()
    client.post(_way_in(line), _filled_in("<b>我</b>"))
    assert "&lt;b&gt;我&lt;/b&gt;" in text_of(client.get("/me"))


@pytest.mark.django_db(transaction=True)
def test_many_who_open_one_link_at_once_get_one_seat_each() -> None:
    with moving_clock():
        line = open_line()
        way_in, states = _way_in(line), []

        def come_in(number: int) -> None:
            states.append(Client().post(way_in, _filled_in(f"同时{number}")).status_code)
            connection.close()

        threads = [Thread(target=come_in, args=(number,)) for number in range(30)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert states == [302] * 30
        seats = Enrollment.objects.filter(line=line).values_list("state", flat=True)
        assert sorted(seats) == ["joined"] * 20 + ["waiting"] * 10
