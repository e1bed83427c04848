"""Complaints from the phone, what a mute looks like, and messages that were taken down."""

import re
from uuid import uuid4

from loop28.front.groups import moderation, words
from loop28.front.groups.models import Complaint, GroupKind, Message
from loop28.kernel.access import SYSTEM
from tests.line_kit import group, people, seated
from tests.phones import phone, text_of


def _said(line, member, text="加我微信"):
    phone(member).post(f"/group/{group(line)}/say", {"text": text, "key": str(uuid4())})
    return Message.objects.get(text=text)


def _state(page):
    version = re.search(r'name="version" value="(\d+)"', page)
    return version[1], max(re.findall(r'data-id="(\d+)"', page), key=int)


def test_a_message_leads_to_a_form_and_the_report_to_my_reports(line):
    writer, me = seated(line, 2)
    message = _said(line, writer)
    client = phone(me)
    assert f'href="/message/{message.pk}"' in text_of(client.get(f"/group/{group(line)}"))
    answer = client.post(f"/message/{message.pk}", {"cause": "ads", "words": "他私下加我"})
    assert answer["Location"] == f"/group/{group(line)}"
    page = text_of(client.get("/reports"))
    assert "加我微信" in page
    assert "处理中" in page
    assert Complaint.objects.get().words == "他私下加我"
    assert "你已经投诉过这条" in text_of(client.get(f"/message/{message.pk}"))


def test_something_else_needs_a_word_and_comes_back_with_what_was_typed(line):
    writer, me = seated(line, 2)
    message = _said(line, writer)
    answer = phone(me).post(f"/message/{message.pk}", {"cause": "other", "words": ""})
    assert answer.status_code == 422
    assert not Complaint.objects.exists()


def test_strangers_find_neither_message_nor_group(line):
    (writer,) = seated(line, 1)
    (stranger,) = people(1)
    message = _said(line, writer)
    for address in (f"/message/{message.pk}", f"/group/{group(line)}/report"):
        assert phone(stranger).get(address).status_code == 404
        assert phone(stranger).post(address, {"cause": "ads"}).status_code == 404


def test_the_host_is_led_to_what_a_host_can_do(line):
    (writer,) = seated(line, 1)
    message = _said(line, writer)
    answer = phone(line.host_id).get(f"/message/{message.pk}")
    assert answer["Location"] == f"/host/message/{message.pk}"


def test_who_is_muted_sees_until_when_instead_of_the_box_and_cannot_write(line):
    (me,) = seated(line, 1)
    moderation.mute(SYSTEM, group(line), me, 24, "刷屏")
    page = text_of(phone(me).get(f"/group/{group(line)}"))
    assert "<textarea" not in page
    assert "刷屏" in page
    answer = phone(me).post(
        f"/group/{group(line)}/say", {"text": "我要说"}, headers={"HX-Request": "true"}
    )
    assert "禁言" in text_of(answer)
    assert not Message.objects.filter(text="我要说").exists()


def test_a_blocked_word_is_named_and_nothing_is_sent(line):
    (me,) = seated(line, 1)
    words.set_rules(SYSTEM, GroupKind.NEWCOMER, ["微信"], links_blocked=False)
    answer = phone(me).post(
        f"/group/{group(line)}/say", {"text": "加我微 信"}, headers={"HX-Request": "true"}
    )
    assert "“微信”" in text_of(answer)
    assert not Message.objects.filter(member=me).exists()


def test_a_poll_brings_what_was_taken_down_in_its_place_once_and_nobody_else_reads_it(line):
    writer, me = seated(line, 2)
    message, later = _said(line, writer), _said(line, writer, "后来说的")
    client, address = phone(me), f"/group/{group(line)}"
    version, last = _state(text_of(client.get(address)))
    moderation.take_down(SYSTEM, message.pk, "广告")

    def poll():
        return client.get(f"{address}/new", {"version": version, "after": last, "pinned": 0})

    news = text_of(poll())
    assert f'id="m{message.pk}" data-id="{message.pk}" hx-swap-oob="true"' in news
    assert "一条消息已被大区撤下" in news
    assert "后来说的" not in news
    version = re.search(r'name="version" value="(\d+)"', news)[1]
    assert poll().status_code == 204
    page = text_of(client.get(address))
    assert "加我微信" not in page
    assert later.text in page
    assert "加我微信" not in text_of(client.get(f"/message/{message.pk}"))


def test_phones_that_saw_different_versions_do_not_share_their_news(line):
    """The number of the last message is the same for both, what they still show is not."""
    writer, early, late = seated(line, 3)
    message = _said(line, writer)
    address = f"/group/{group(line)}"
    before = _state(text_of(phone(early).get(address)))
    moderation.take_down(SYSTEM, message.pk, "广告")
    after = _state(text_of(phone(late).get(address)))
    _said(line, writer, "新的一句")

    def poll(who, state):
        query = {"version": state[0], "after": state[1], "pinned": 0}
        return text_of(phone(who).get(f"{address}/new", query))

    assert "hx-swap-oob" in poll(late, after)  # the state itself
    assert f"m{message.pk}" not in poll(late, after)
    assert f"m{message.pk}" in poll(early, before)
