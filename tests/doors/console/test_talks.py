"""The library of talks and the guests, at the desk."""

import pytest

from loop28.middle.content.models import Booking, Guest, Talk, TalkVersion
from tests.line_kit import open_line

pytestmark = pytest.mark.django_db

MESSAGES = "\n\n".join(f"第{n}段。" + "说" * 60 for n in range(6))
REPLIES = "\n\n".join(f"回答{n}\n回复{n}" for n in range(3))
TALK = {
    "topic": "一碗面的账",
    "guest": "老孟",
    "guest_title": "开了二十年面馆",
    "material": "",
    "messages": MESSAGES,
    "question": "你家楼下的面多少钱一碗？",
    "replies": REPLIES,
}


def page(client, path, **search):
    return client.get(path, search).content.decode()


def test_the_library_is_filled_from_a_playbook_and_says_where_each_talk_is_told(desk, line):
    writer = desk("middle")
    assert "The library is empty" in page(writer, "/console/talks")
    writer.post("/console/talks/take-in", {"playbook": line.playbook_id})
    talk = Talk.objects.order_by("id").first()
    assert talk.topic in page(writer, "/console/talks")
    shown = page(writer, f"/console/talks/{talk.pk}")
    assert line.code in shown
    assert "not yet" in shown
    assert "kind: talk" in shown


def test_a_talk_is_written_in_paragraphs(desk):
    writer = desk("middle")
    writer.post("/console/talks/new", TALK)
    version = TalkVersion.objects.get()
    assert len(version.messages) == 6
    assert version.replies[0] == ["回答0", "回复0"]
    shown = page(writer, f"/console/talks/{version.talk_id}")
    assert "老孟" in shown
    assert "Told in no line yet" in shown


def test_what_is_wrong_with_a_talk_stands_beside_its_field_and_nothing_is_lost(desk):
    answer = desk("middle").post("/console/talks/new", TALK | {"messages": MESSAGES + "\n\n太短"})
    assert answer.status_code == 422
    assert "Look at message 7" in answer.content.decode()
    assert "开了二十年面馆" in answer.content.decode()


def test_rewriting_keeps_the_older_version_and_its_topic(desk):
    writer = desk("middle")
    writer.post("/console/talks/new", TALK)
    talk = Talk.objects.get()
    assert "老孟" in page(writer, f"/console/talks/{talk.pk}/rewrite")
    other = TALK | {"topic": "别的", "question": "换个问法？"}
    writer.post(f"/console/talks/{talk.pk}/rewrite", other)
    assert Talk.objects.get() == talk
    assert "换个问法？" in page(writer, f"/console/talks/{talk.pk}")
    older = page(writer, f"/console/talks/{talk.pk}", version=1)
    assert "你家楼下的面多少钱一碗？" in older


def test_an_auditor_reads_and_has_no_button(desk):
    desk("middle").post("/console/talks/new", TALK)
    auditor = desk("auditor")
    for path in ("/console/talks", f"/console/talks/{Talk.objects.get().pk}", "/console/guests"):
        main = page(auditor, path).split("<main")[1]
        assert "<form" not in main
        assert "老孟" in main


def test_a_manager_sees_no_line_of_another_region(desk, line):
    writer = desk("middle")
    writer.post("/console/talks/take-in", {"playbook": line.playbook_id})
    elsewhere = open_line(code="HN")
    talk = Talk.objects.order_by("id").first()
    shown = page(desk("region_manager", elsewhere.region), f"/console/talks/{talk.pk}")
    assert elsewhere.code in shown
    assert line.code not in shown


class TestGuests:
    @pytest.fixture
    def writer(self, desk, at):
        writer = desk("middle")
        writer.post("/console/talks/new", TALK)
        return writer

    def form(self, **other):
        hours = {"day": "2026-03-20", "starts": "20:00", "ends": "21:00"}
        usual = {"guest": Guest.objects.get().pk, "note": "HD-412 第一天", **hours}
        return usual | {"key": "8c2b1f0e-93a7-4d57-8a50-0d6d1f1e7a11"} | other

    def test_a_booking_is_seen_and_a_second_at_that_hour_is_told_of_it(self, writer):
        writer.post("/console/guests", self.form())
        assert "HD-412 第一天" in page(writer, "/console/guests")
        other_key = "8c2b1f0e-93a7-4d57-8a50-0d6d1f1e7a12"
        answer = writer.post("/console/guests", self.form(key=other_key, starts="20:30"))
        assert answer.status_code == 422
        assert "老孟 is booked from 2026-03-20 20:00 to 21:00" in answer.content.decode()

    def test_a_booking_is_called_off_with_a_reason(self, writer):
        writer.post("/console/guests", self.form())
        booking = Booking.objects.get()
        writer.post(f"/console/guests/bookings/{booking.pk}/release", {"reason": "改期"})
        shown = page(writer, "/console/guests")
        assert "Nobody is booked" in shown
        assert "A booking of 老孟 was called off." in shown

    def test_free_days_are_seen_and_bind(self, writer):
        days = {"guest": Guest.objects.get().pk, "first": "2026-03-21", "last": "2026-03-22"}
        writer.post("/console/guests", days)
        assert "March 21–March 22" in page(writer, "/console/guests")
        answer = writer.post("/console/guests", self.form())
        assert "is not free on this day" in answer.content.decode()
