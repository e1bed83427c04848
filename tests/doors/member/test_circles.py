"""Standing groups on the phone: asked, answered, read, left; the host's cards."""

import pytest

from loop28.front.circles import actions as circles
from loop28.front.groups import queries as groups
from loop28.front.groups.models import Message
from loop28.front.lines import actions as lines
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.middle.members import actions as members
from tests.circle_kit import coming, invite_of, open_circle
from tests.line_kit import invitation, live_until, local, open_line, people, seated
from tests.phones import phone, text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def circle(at):
    return open_circle()


def asked(circle, member):
    circles.invite(SYSTEM, circle.pk, [member])
    return f"/group/invite/{invite_of(circle, member)}"


def test_an_invitation_is_on_the_days_page_and_on_that_of_groups(circle):
    line = open_line()
    in_line, stranger = seated(line, 1) + people(1)
    for member in (in_line, stranger):
        address = asked(circle, member)
        for page in ("/today", "/groups"):
            assert address in text_of(phone(member).get(page)), page


def test_a_yes_leads_straight_into_the_group(circle):
    (member,) = people(1)
    client, address = phone(member), asked(circle, member)
    response = client.post(address, {"answer": "yes"})
    assert response["Location"] == f"/group/{circle.group_id}"
    assert client.get(response["Location"]).status_code == 200
    assert address not in text_of(client.get("/today"))


def test_a_no_takes_the_invitation_away_and_moves_nobody(circle):
    (member,) = people(1)
    client, address = phone(member), asked(circle, member)
    assert client.post(address, {"answer": "no"}).status_code == 302
    assert address not in text_of(client.get("/today"))
    assert client.get(f"/group/{circle.group_id}").status_code == 404


def test_who_took_their_consent_back_is_led_to_its_text(circle):
    (member,) = people(1)
    client, address = phone(member), asked(circle, member)
    members.withdraw_consent(Actor(Role.MEMBER, member), member)
    assert client.post(address, {"answer": "yes"})["Location"].startswith("/consent?next=")
    assert not groups.present(circle.group_id, [member])


def test_another_ones_invitation_does_not_exist(circle):
    member, other = people(2)
    assert phone(other).post(asked(circle, member), {"answer": "yes"}).status_code == 404


def test_all_groups_are_listed_with_what_is_unread(circle):
    (member,) = coming(circle, 1)
    line = open_line()
    lines.join(SYSTEM, invitation(line), [member])
    live_until(local(3, 21))
    page = text_of(phone(member).get("/groups"))
    assert circle.group.name in page
    assert line.phases.first().group.name in page
    assert 'class="mark"' in page


def test_who_comes_into_an_old_group_has_nothing_to_catch_up_with(circle):
    live_until(local(3, 21))
    (member,) = coming(circle, 1)
    page = text_of(phone(member).get("/groups"))
    assert circle.group.name in page
    assert 'class="mark"' not in page


def test_a_question_of_the_rhythm_is_shown_as_one_in_the_hosts_voice(circle):
    (member,) = coming(circle, 1)
    live_until(local(3, 21))
    client = phone(member)
    client.cookies["django_language"] = "en"
    page = text_of(client.get(f"/group/{circle.group_id}"))
    assert "A question to you all" in page
    assert "盖碗还是壶？" in page


def test_a_group_is_left_from_ones_own_page_but_not_by_its_host(circle):
    (member,) = coming(circle, 1)
    address = f"/group/{circle.group_id}/leave"
    assert address in text_of(phone(member).get("/me"))
    phone(member).post(address)
    assert phone(member).get(f"/group/{circle.group_id}").status_code == 404
    host = phone(circle.group.host_id)
    assert address not in text_of(host.get("/me"))
    host.post(address)
    assert groups.present(circle.group_id, [circle.group.host_id])


def test_the_host_sends_a_card_from_the_phone_in_their_own_words(circle):
    live_until(local(7, 20, 45))
    (other,) = coming(circle, 1)
    card = circle.beats.get(key="thanks", due_at=local(7, 20, 30))
    address = f"/group/card/{card.pk}"
    host = phone(circle.group.host_id)
    assert address in text_of(host.get("/groups"))
    assert address not in text_of(phone(other).get("/groups"))
    assert phone(other).post(address, {"text": "我来"}).status_code == 404
    assert host.post(address, {"text": "谢谢老周"}).status_code == 302
    assert Message.objects.get(text="谢谢老周").as_host
    assert address not in text_of(host.get("/groups"))
