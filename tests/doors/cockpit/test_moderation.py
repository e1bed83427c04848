"""The host's first hand, on the phone."""

from datetime import timedelta

import pytest

from loop28.front.groups import actions, complaints
from loop28.front.groups.chat import Incoming
from loop28.front.groups.models import Complaint, GroupKind, Membership, Message
from loop28.front.lines.models import Enrollment
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, Role
from tests.line_kit import group, open_line, seated
from tests.phones import phone, text_of


@pytest.fixture
def complaint(line):
    writer, other = seated(line, 2)
    actions.receive(SYSTEM, [Incoming("house", "x", group(line), writer, "加我微信", clock.now())])
    message = Message.objects.get(external_id="x")
    me = Actor(Role.MEMBER, other)
    complaints.complain(me, group(line), "ads", "", message_id=message.pk, line=line.pk)
    return Complaint.objects.get()


def test_the_day_shows_what_waits_and_how_long_it_is_still_the_hosts(line, complaint, at):
    client = phone(line.host_id)
    at(clock.now() + timedelta(hours=2))
    assert "还剩 22 小时" in text_of(client.get("/host/"))
    page = text_of(client.get("/host/complaints"))
    assert "加我微信" in page
    assert complaint.by.name not in page
    assert complaint.by.name not in text_of(client.get(f"/host/complaint/{complaint.pk}"))
    at(clock.now() + timedelta(hours=22))
    assert "还剩" not in text_of(client.get("/host/"))
    page = text_of(client.get(f"/host/complaint/{complaint.pk}"))
    assert "现在由大区处理" in page
    assert "<form" not in page


def test_a_decision_is_done_and_the_one_who_complained_reads_it(line, complaint):
    client, address = phone(line.host_id), f"/host/complaint/{complaint.pk}"
    assert client.post(address, {"act": "down", "reason": ""}).status_code == 422
    assert client.post(address, {"act": "down", "reason": "是广告"}).status_code == 302
    assert Message.objects.get(external_id="x").taken_down == "host"
    page = text_of(phone(complaint.by_id).get("/reports"))
    assert "撤下消息" in page
    assert "是广告" in page
    assert "请" not in text_of(client.get("/host/complaints")).partition("<h1")[0]


def test_from_a_message_its_writer_can_be_muted_and_be_let_write_again(line, complaint):
    client = phone(line.host_id)
    muted = {"act": "mute", "hours": "72", "reason": "刷屏"}
    assert client.post(f"/host/message/{complaint.message_id}", muted).status_code == 302
    of = Membership.objects.get(member=complaint.about_id, group=group(line))
    assert of.muted_until - clock.now() > timedelta(hours=71)
    person = f"/host/group/{group(line)}/member/{complaint.about_id}"
    assert "刷屏" in text_of(client.get(person))
    assert client.post(f"{person}/unmute").status_code == 302
    of.refresh_from_db()
    assert of.muted_until is None


def test_a_person_can_be_removed_from_the_list_of_people(line, complaint):
    client = phone(line.host_id)
    person = f"/host/group/{group(line)}/member/{complaint.about_id}"
    assert person in text_of(client.get(f"/host/line/{line.pk}/people"))
    assert client.post(person, {"act": "remove", "reason": "骗钱"}).status_code == 302
    assert Enrollment.objects.get(member=complaint.about_id).state == "left"
    assert "只有大区能让他回来" in text_of(client.get(person))


def test_another_host_finds_nothing_of_it(line, complaint):
    other = phone(open_line(code="HN").host_id)
    for address in (
        f"complaint/{complaint.pk}",
        f"message/{complaint.message_id}",
        f"group/{group(line)}/member/{complaint.about_id}",
    ):
        assert other.get(f"/host/{address}").status_code == 404
        assert other.post(f"/host/{address}", {"act": "mute"}).status_code == 404
    assert "加我微信" not in text_of(other.get("/host/complaints"))


def test_the_host_of_a_standing_group_moderates_it_too(line):
    host, writer, other = seated(line, 3)
    place = line.region
    standing = actions.open_group(
        SYSTEM, name="读书会", host=host, region=place.pk, zone=place.zone, kind=GroupKind.INTEREST
    )
    actions.join(SYSTEM, standing.pk, [writer, other])
    said = Incoming("house", "s", standing.pk, writer, "加我微信", clock.now())
    actions.receive(SYSTEM, [said])
    message = Message.objects.get(external_id="s")
    client = phone(host)
    for address in (f"message/{message.pk}", f"group/{standing.pk}/member/{writer}", "complaints"):
        assert client.get(f"/host/{address}").status_code == 200
        assert phone(other).get(f"/host/{address}").status_code == 404
    wish = {"act": "remove", "reason": "广告"}
    answer = client.post(f"/host/group/{standing.pk}/member/{writer}", wish)
    assert answer["Location"] == f"/group/{standing.pk}"
    assert not Membership.objects.filter(group=standing, member=writer, left_at=None).exists()
    assert Enrollment.objects.get(member=writer).state == "joined"
