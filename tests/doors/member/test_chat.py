import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from loop28.front.groups.models import Membership, Message
from loop28.front.lines import actions as lines
from loop28.front.lines.models import Line, OptIn
from loop28.kernel.access import SYSTEM
from tests.factories import member
from tests.line_kit import group, live_until, local, seated
from tests.phones import ODD_TEXTS, phone, text_of


def _say(client: Client, line: Line, text: str, key: str = "", **headers: str) -> Any:
    said = {"text": text, "key": key or str(uuid4())}
    return client.post(f"/group/{group(line)}/say", said, headers=headers)


def _state(page: str) -> tuple[str, str]:
    """The version a page shows, and the number of its last message."""
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    return version[1], max(re.findall(r'data-id="(\d+)"', page), key=int, default="0")


def _poll(client: Client, line: Line, version: str, after: str, pinned: str = "0") -> Any:
    query = {"version": version, "after": after, "pinned": pinned}
    return client.get(f"/group/{group(line)}/new", query)


def test_what_people_say_is_in_the_stream_with_name_and_day(line: Line) -> None:
    me, other = seated(line, 2)
    _say(phone(other), line, "大家好")
    page = text_of(phone(me).get(f"/group/{group(line)}"))
    assert "大家好" in page
    assert "新人1" in page
    assert '<p class="daymark">3月1日</p>' in page


def test_the_host_speaks_as_host(line: Line) -> None:
    (me,) = seated(line, 1)
    _say(phone(line.host_id), line, "欢迎")
    message = Message.objects.get(text="欢迎")
    assert message.as_host
    assert message.member_id == line.host_id
    assert "is-host" in text_of(phone(me).get(f"/group/{group(line)}"))


def test_a_double_tap_is_one_message(line: Line) -> None:
    (me,) = seated(line, 1)
    client, key = phone(me), str(uuid4())
    for _ in range(2):
        assert _say(client, line, "只说一次", key).status_code == 302
    assert Message.objects.filter(text="只说一次").count() == 1


def test_the_key_is_ones_own(line: Line) -> None:
    first, second = seated(line, 2)
    key = str(uuid4())
    _say(phone(first), line, "我的", key)
    _say(phone(second), line, "也是我的", key)
    assert Message.objects.filter(text__endswith="我的").count() == 2


def test_a_poll_gets_nothing_while_the_group_stands(line: Line) -> None:
    (me,) = seated(line, 1)
    client = phone(me)
    version, last = _state(text_of(client.get(f"/group/{group(line)}")))
    response = _poll(client, line, version, last)
    assert response.status_code == 204
    assert response.content == b""


def test_an_empty_poll_costs_two_small_reads(line: Line, django_assert_num_queries) -> None:
    (me,) = seated(line, 1)
    client, address = phone(me), f"/group/{group(line)}"
    version, last = _state(text_of(client.get(address)))
    with django_assert_num_queries(2):
        client.get(f"{address}/new", {"version": version, "after": last})


def test_a_poll_brings_what_is_new_and_nothing_twice(line: Line) -> None:
    me, other = seated(line, 2)
    client = phone(me)
    _say(phone(other), line, "早就说过")
    version, last = _state(text_of(client.get(f"/group/{group(line)}")))
    _say(phone(other), line, "刚刚说的")
    fresh = text_of(_poll(client, line, version, last))
    assert "刚刚说的" in fresh
    assert "早就说过" not in fresh
    assert "daymark" not in fresh  # the same day goes on
    version, last = _state(fresh)
    assert _poll(client, line, version, last).status_code == 204


def test_the_fragment_is_the_same_for_everybody_in_the_group(line: Line) -> None:
    first, second = seated(line, 2)
    version, last = _state(text_of(phone(first).get(f"/group/{group(line)}")))
    _say(phone(first), line, "<b>我</b>")
    fresh = [text_of(_poll(phone(who), line, version, last)) for who in (first, second)]
    assert fresh[0] == fresh[1]
    assert "csrf" not in fresh[0]
    assert f'data-member="{first}"' in fresh[0]
    assert "&lt;b&gt;我&lt;/b&gt;" in fresh[0]


def test_a_phone_that_slept_long_loads_the_page_again(line: Line) -> None:
    me, other = seated(line, 2)
    client = phone(me)
    version, last = _state(text_of(client.get(f"/group/{group(line)}")))
    writer = phone(other)
    for number in range(101):
        _say(writer, line, f"第{number}句")
    assert _poll(client, line, version, last)["HX-Refresh"] == "true"


def test_the_page_has_the_newest_and_a_way_to_what_was_before(line: Line) -> None:
    (me,) = seated(line, 1)
    client = phone(me)
    for number in range(45):
        _say(client, line, f"第{number}句")
    page = text_of(client.get(f"/group/{group(line)}"))
    assert "第44句" in page
    assert "第4句<" not in page
    earlier = re.search(r"\?before=\d+", page)
    assert earlier is not None
    before = text_of(client.get(f"/group/{group(line)}{earlier[0]}"))
    assert "第4句<" in before
    assert "data-poll" not in before


def test_how_far_one_has_read_is_written_by_the_next_page(line: Line) -> None:
    me, other = seated(line, 2)
    client = phone(me)
    _say(phone(other), line, "有人吗")
    assert 'class="unread">1<' in text_of(client.get("/today"))
    client.get(f"/group/{group(line)}")
    assert 'class="unread"' not in text_of(client.get("/today"))
    assert Membership.objects.get(group=group(line), member=me).read_up_to > 0


def test_a_made_up_cookie_of_what_was_read_does_no_harm(line: Line) -> None:
    (me,) = seated(line, 1)
    client = phone(me)
    for cookie in ("1", "1.x", "x.1", "9999999.1", "1.99999999999999999999", "."):
        client.cookies["loop28_seen"] = cookie
        assert client.get("/today").status_code == 200, cookie


def test_htmx_gets_a_new_key_and_asks_for_what_is_new(line: Line) -> None:
    (me,) = seated(line, 1)
    key = str(uuid4())
    response = _say(phone(me), line, "你好", key, **{"hx-request": "true"})
    assert response.status_code == 200
    assert response["HX-Reswap"] == "none"
    assert "#stream" in response["HX-Trigger"]
    assert key not in text_of(response)


@pytest.mark.parametrize("headers", [{}, {"hx-request": "true"}])
def test_odd_texts_are_said_or_kindly_refused(line: Line, headers: dict[str, str]) -> None:
    (me,) = seated(line, 1)
    client = phone(me)
    for text in ODD_TEXTS:
        assert _say(client, line, text, **headers).status_code in {200, 302}, text
        assert client.get(f"/group/{group(line)}").status_code == 200, text


def test_a_form_without_a_key_still_says_it(line: Line) -> None:
    (me,) = seated(line, 1)
    phone(me).post(f"/group/{group(line)}/say", {"text": "没有钥匙", "key": "x"})
    assert Message.objects.filter(text="没有钥匙").exists()


def test_outside_the_group_nobody_reads_or_writes(line: Line) -> None:
    seated(line, 1)
    stranger = phone(member().pk)
    address = f"/group/{group(line)}"
    assert stranger.get(address).status_code == 404
    assert stranger.get(f"{address}/new").status_code == 404
    assert stranger.post(f"{address}/say", {"text": "我"}).status_code == 404
    assert stranger.get("/group/999999999999999999").status_code == 404
    assert Client().get(address).status_code == 403


def test_who_has_left_is_outside(line: Line) -> None:
    (me,) = seated(line, 1)
    client = phone(me)
    client.get(f"/group/{group(line)}")
    lines.leave(SYSTEM, line.pk, me)
    assert client.get(f"/group/{group(line)}").status_code == 404
    assert client.get("/today").status_code == 200


def test_the_call_is_pinned_with_its_button_and_leads_into_the_second_group(line: Line) -> None:
    (me,) = seated(line, 1)
    client = phone(me)
    live_until(local(2, 19, 59))
    version, last = _state(text_of(client.get(f"/group/{group(line)}")))
    live_until(local(2, 20))
    fresh = text_of(_poll(client, line, version, last))
    assert 'id="pinned"' in fresh
    assert f"/line/{line.pk}/opt-in" in fresh
    assert f"/line/{line.pk}/opt-in" in text_of(client.get(f"/group/{group(line)}"))
    response = client.post(f"/line/{line.pk}/opt-in")
    assert response["Location"] == f"/group/{group(line, 2)}"
    page = text_of(client.get(response["Location"]))
    assert f"/group/{group(line)}" in page  # the switch between both
    assert OptIn.objects.get(member=me).via == "button"
    assert client.post(f"/line/{line.pk}/opt-in")["Location"] == response["Location"]


def test_a_poll_by_htmx_is_answered_with_a_redirect_of_its_own(line: Line) -> None:
    (me,) = seated(line, 1)
    live_until(local(2, 20, 5))
    response = phone(me).post(f"/line/{line.pk}/opt-in", headers={"hx-request": "true"})
    assert response["HX-Redirect"] == f"/group/{group(line, 2)}"


def test_replying_1_in_the_group_is_the_same_as_the_button(line: Line) -> None:
    (me,) = seated(line, 1)
    live_until(local(2, 20, 5))
    client = phone(me)
    _say(client, line, "打1")
    assert OptIn.objects.get(member=me).via == "text"
    assert client.get(f"/group/{group(line, 2)}").status_code == 200


def test_when_no_call_is_open_the_button_says_so(line: Line) -> None:
    (me,) = seated(line, 1)
    response = phone(me).post(f"/line/{line.pk}/opt-in", follow=True)
    assert "alert-warning" in text_of(response)
    assert not OptIn.objects.exists()
    assert phone(member().pk).post(f"/line/{line.pk}/opt-in").status_code == 404


def test_talks_are_told_by_their_guest_and_packets_are_links(line: Line) -> None:
    (me,) = seated(line, 1)
    live_until(local(1, 20, 5))
    page = text_of(phone(me).get(f"/group/{group(line)}"))
    assert "周老师" in page
    assert "零售的前世今生" in page
    assert re.search(r'href="/packet/\d+"', page)
    assert "<form" not in page.split('id="stream"')[1].split('id="state"')[0]


def test_somebody_in_several_groups_chooses_one(line: Line) -> None:
    (me,) = seated(line, 1)
    client = phone(me)
    assert client.get("/groups")["Location"] == f"/group/{group(line)}"
    live_until(local(2, 21))
    lines.let_in(SYSTEM, line.pk, [me])
    page = text_of(client.get("/groups"))
    assert f"/group/{group(line)}" in page
    assert f"/group/{group(line, 2)}" in page
