import re
from typing import Any

import pytest
from django.test import Client

from loop28.front.groups.models import Message
from loop28.front.lines import actions as lines
from loop28.front.lines.models import Beat, Line
from loop28.kernel.access import SYSTEM
from tests.factories import member
from tests.line_kit import group, invitation, live_until, local, open_line, people, seated
from tests.phones import ODD_TEXTS, phone, text_of


def _today(line: Line) -> str:
    return text_of(phone(line.host_id).get(f"/host/?line={line.pk}"))


def _by_hand(line: Line, key: str) -> Beat:
    return Beat.objects.get(line=line, key=key)


def _send(line: Line, beat: Beat, **said: str) -> Any:
    return phone(line.host_id).post(f"/host/beat/{beat.pk}/send", said)


def test_before_the_start_the_gap_is_what_matters(line: Line) -> None:
    seated(line, 3)
    page = _today(line)
    assert "还差 17 人" in page
    assert f"/host/line/{line.pk}/invitations" in page
    assert "还没开线" in page


def test_a_beat_by_hand_is_a_card_that_waits_then_calls_then_is_late(line: Line) -> None:
    for moment, look in (
        (local(2, 10), "今天稍后"),
        (local(2, 19), "post-now"),
        (local(2, 19, 5), "post-late"),
    ):
        live_until(moment)
        page = _today(line)
        assert look in page
        assert "今晚八点" in page


def test_sending_it_puts_it_into_the_group_as_the_host(line: Line) -> None:
    live_until(local(2, 19))
    beat = _by_hand(line, "d2-evening")
    response = _send(line, beat)
    assert response["Location"] == f"/host/?line={line.pk}"
    live_until(local(2, 19, 1))  # a test's transaction never ends, so the worker sends
    said = Message.objects.get(group=group(line), as_host=True)
    assert said.text == beat.payload["text"]
    assert "post-now" not in _today(line)


def test_the_host_may_use_words_of_their_own_and_a_second_tap_says_nothing_more(
    line: Line,
) -> None:
    live_until(local(2, 19))
    beat = _by_hand(line, "d2-evening")
    for words in ("我换了说法", "第二次"):
        _send(line, beat, text=words)
    live_until(local(2, 19, 1))
    assert [m.text for m in Message.objects.filter(as_host=True)] == ["我换了说法"]


def test_odd_words_are_sent_or_kindly_refused(line: Line) -> None:
    live_until(local(2, 19))
    beat = _by_hand(line, "d2-evening")
    for text in ODD_TEXTS:
        assert _send(line, beat, text=text).status_code == 302, text
        Beat.objects.filter(id=beat.pk).update(state="planned", done_at=None)
    live_until(local(2, 19, 1))
    assert phone(line.host_id).get("/host/").status_code == 200


def test_what_was_left_from_an_earlier_day_stands_there_as_late(line: Line) -> None:
    live_until(local(4, 9))
    page = _today(line)
    assert "第 3 天的" in page
    assert "今天第一关过了的" in page


def test_what_sends_itself_is_small_and_folds_when_done(line: Line) -> None:
    live_until(local(1, 12))
    page = _today(line)
    assert "零售的前世今生" in page
    assert "0/7" in page
    assert "已完成 1 项" in page
    assert page.index("初次见面") < page.index("零售的前世今生")


def test_a_ready_reply_goes_out_once(line: Line) -> None:
    live_until(local(1, 20, 30))
    question = Beat.objects.get(line=line, key="d1-talk", part=6)
    assert "你多半还会信" in _today(line)
    host = phone(line.host_id)
    for _ in range(2):
        host.post(f"/host/beat/{question.pk}/reply", {"reply": "1"})
    assert Message.objects.filter(text__contains="你多半还会信", as_host=True).count() == 1
    page = _today(line)
    assert "已发" in page
    for nonsense in ("0", "4", "x", ""):
        response = host.post(f"/host/beat/{question.pk}/reply", {"reply": nonsense})
        assert response.status_code == 404


def test_who_is_silent_gets_a_message_that_is_ready(line: Line) -> None:
    awake, silent = seated(line, 2)
    live_until(local(3, 9))
    lines.let_in(SYSTEM, line.pk, [awake, silent])
    phone(awake).post(f"/line/{line.pk}/check-in")
    live_until(local(5, 9))
    page = _today(line)
    assert "谁需要帮一把" in page
    assert "新人1" in page
    assert "卡在「第一单」" in page
    assert "看到你的「第一单」还没做完，卡在哪一步了？" in page


def test_a_question_stands_there_until_the_host_says_something(line: Line) -> None:
    (me,) = seated(line, 1)
    phone(me).post(f"/group/{group(line)}/say", {"text": "要交钱吗？"})
    assert "要交钱吗" in _today(line)
    phone(line.host_id).post(f"/group/{group(line)}/say", {"text": "不用"})
    assert "要交钱吗" not in _today(line)


def test_after_graduation_the_page_looks_back(line: Line) -> None:
    live_until(local(5, 22))
    page = _today(line)
    assert "这条线已毕业" in page
    assert "/host/earnings" in page


def test_a_host_of_several_lines_sees_where_most_waits(line: Line) -> None:
    other = lines.open_line(
        SYSTEM,
        region=line.region_id,
        playbook=line.playbook_id,
        start_day=local(4, 0).date(),
        host=line.host_id,
        size=20,
        budget_fen=100_000,
    )
    live_until(local(2, 19, 5))
    page = text_of(phone(line.host_id).get("/host/"))
    assert "post-late" in page
    assert re.search(rf'\?line={other.pk}"', page)
    assert other.code in text_of(phone(line.host_id).get(f"/host/?line={other.pk}"))


def test_the_host_of_one_line_does_nothing_in_another(line: Line) -> None:
    other = open_line(code="HN")
    live_until(local(2, 19))
    beat = _by_hand(line, "d2-evening")
    (inside,) = people(1)
    lines.join(SYSTEM, invitation(line), [inside])
    for stranger in (other.host_id, inside, member().pk):
        client = phone(stranger)
        assert client.post(f"/host/beat/{beat.pk}/send").status_code == 404
        assert client.post(f"/host/beat/{beat.pk}/reply", {"reply": "1"}).status_code == 404
        for page in ("people", "tick", "call", "invitations"):
            assert client.get(f"/host/line/{line.pk}/{page}").status_code == 404
    assert phone(other.host_id).get("/host/beat/999999999999999999/send").status_code == 405
    assert phone(inside).get("/host/").status_code == 404
    assert Client().get("/host/").status_code == 403
    assert not Message.objects.filter(as_host=True).exists()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_on_every_kind_of_day(line: Line, language: str) -> None:
    (me,) = seated(line, 1)
    client = phone(line.host_id)
    client.cookies["django_language"] = language
    of_line = [f"/host/line/{line.pk}/{p}" for p in ("people", "tick", "call", "invitations")]
    pages = ["/host/", "/host/earnings", *of_line, f"/host/line/{line.pk}/people?show=silent"]
    for day in range(7):
        live_until(local(day, 21))
        for page in pages:
            assert client.get(page).status_code == 200, (day, page)
        if day == 2:
            lines.let_in(SYSTEM, line.pk, [me])
