"""The region's second hand: the list with its clock, the decision, the chat, the words, the log."""

from datetime import timedelta

import pytest

from loop28.front.groups import actions, complaints, moderated
from loop28.front.groups.chat import Incoming
from loop28.front.groups.models import Complaint, Membership, Message
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, Role
from tests.factories import region
from tests.line_kit import group, seated

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(line):
    """A complaint of two people about the same message."""
    writer, *others = seated(line, 3)
    said = Incoming("house", "x", group(line), writer, "add me on vx", clock.now())
    actions.receive(SYSTEM, [said])
    message = Message.objects.get(external_id="x")
    for other in others:
        me = Actor(Role.MEMBER, other)
        complaints.complain(me, group(line), "ads", "", message_id=message.pk, line=line.pk)
    return Complaint.objects.order_by("id").first()


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_an_overdue_complaint_is_red_with_its_age_and_the_list_counts_it_once(
    desk, line, found, at
):
    client = desk("region_manager", line.region)
    assert "waits for the region" not in page(client, "/console/")
    assert "add me on vx" not in page(client, "/console/complaints")
    assert "add me on vx" in page(client, "/console/complaints?state=host")
    at(clock.now() + timedelta(hours=24))
    war_room = page(client, "/console/")
    assert "1 complaint waits for the region to decide." in war_room
    assert "since" in war_room
    listed = page(client, "/console/complaints")
    assert listed.count("add me on vx") == 1
    assert "2 people" in listed
    at(clock.now() + timedelta(hours=25))
    assert "overdue" in page(client, "/console/complaints")


def test_the_region_decides_and_who_decided_stays_readable(desk, line, found):
    client = desk("region_manager", line.region)
    address = f"/console/complaints/{found.pk}"
    assert client.post(address, {"act": "mute", "reason": ""}).status_code == 422
    answer = client.post(address, {"act": "mute", "hours": "1", "reason": "spam"})
    assert answer.status_code == 302
    assert Membership.objects.get(member=found.about_id).muted_until is not None
    assert not Complaint.objects.filter(decided_at=None).exists()
    decided = page(client, "/console/complaints?state=decided")
    assert "spam" in decided
    assert client.user.name in decided
    again = client.post(address, {"act": "unfounded", "reason": "no"})
    assert again.status_code == 422
    assert "decided already" in again.content.decode()


def test_the_chat_finds_words_and_its_acts_are_in_the_log(desk, line, found):
    client = desk("region_manager", line.region)
    chat = f"/console/lines/{line.pk}/chat"
    assert "add me on vx" in page(client, f"{chat}?q=VX")
    assert "add me on vx" not in page(client, f"{chat}?q=nothing")
    address = f"/console/lines/{line.pk}/messages/{found.message_id}"
    client.post(address, {"act": "down", "reason": "advertising"})
    client.post(address, {"act": "remove", "reason": "again and again"})
    log = page(client, f"/console/lines/{line.pk}/journal?topic=moderation")
    for words in ("was taken down: advertising", "was removed: again and again", client.user.name):
        assert words in log
    assert "removed on" in page(client, chat)
    back = f"/console/lines/{line.pk}/groups/{group(line)}/members/{found.about_id}/back"
    client.post(back, {"reason": ""})
    assert moderated.removed([group(line)]).exists()
    client.post(back, {"reason": "a mistake"})
    assert not moderated.removed([group(line)]).exists()


def test_a_message_of_another_line_is_not_found_under_this_one(desk, line, found):
    from tests.line_kit import open_line

    other = open_line(code="HN")
    client = desk()
    assert client.get(f"/console/lines/{other.pk}/messages/{found.message_id}").status_code == 404
    wrong = f"/console/lines/{other.pk}/groups/{group(line)}/members/{found.about_id}/back"
    assert client.post(wrong).status_code == 404
    stranger = desk("region_manager", region("HN"))
    assert stranger.get(f"/console/complaints/{found.pk}").status_code == 404


def test_words_are_kept_by_kind_and_mistakes_come_back_beside_them(desk):
    client = desk("middle")
    sent = {"kind": "newcomer", "words": "vx\r\n\r\nＶＸ\r\n日结", "links_blocked": "on"}
    assert client.post("/console/group-rules", sent).status_code == 302
    assert moderated.group_rules()["newcomer"].words == ["ＶＸ", "日结"]
    assert "interest" not in moderated.group_rules()
    wrong = client.post("/console/group-rules", {"kind": "interest", "words": "!!"})
    assert wrong.status_code == 422
    assert "no word that can be looked for" in wrong.content.decode()
    reading = desk("auditor")
    assert "disabled" in page(reading, "/console/group-rules")
