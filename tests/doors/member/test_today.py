from datetime import timedelta

import pytest
from django.test import Client

from loop28.front.ladder import actions as ladder
from loop28.front.lines import actions as lines
from loop28.front.lines.models import Line
from loop28.front.tasks import actions as tasks
from loop28.front.tasks.giving import Given
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from loop28.kernel.money import yuan
from tests.factories import member
from tests.line_kit import group, live_until, local, seated
from tests.phones import phone, text_of

PAGES = ["/today", "/path", "/groups", "/wallet", "/wallet/payout", "/me", "/invite"]


def _today(me: int, line: Line | None = None) -> str:
    return text_of(phone(me).get("/today" + (f"?line={line.pk}" if line else "")))


def test_before_the_start_the_days_are_counted_down(line: Line) -> None:
    (me,) = seated(line, 1)
    page = _today(me)
    assert "3月2日 开线" in page
    assert "还有 1 天" in page
    assert f"/group/{group(line)}" in page


def test_a_task_that_was_given_before_the_start_can_be_done_then(line: Line) -> None:
    (me,) = seated(line, 1)
    tasks.give(SYSTEM, line.pk, [Given(me, "checkin", "hand:1", clock.now())])
    page = _today(me)
    assert "还有 1 天" in page
    assert "打个卡" in page
    assert f"/line/{line.pk}/check-in" in page
    assert "打个卡" in text_of(phone(me).get("/path"))


def test_the_packet_of_the_hour_can_be_opened_right_there(line: Line) -> None:
    (me,) = seated(line, 1)
    live_until(local(1, 12, 31))
    page = _today(me)
    assert "初次见面" in page
    assert "/open" in page
    assert "第 1 天" not in page  # days are figures in the path


def test_the_call_is_a_button_while_it_is_open_and_unanswered(line: Line) -> None:
    first, second = seated(line, 2)
    for moment, shown in ((local(2, 19), False), (local(2, 20, 1), True), (local(2, 23, 1), False)):
        live_until(moment)
        assert (f"/line/{line.pk}/opt-in" in _today(first)) is shown
        if shown:
            phone(second).post(f"/line/{line.pk}/opt-in")
            assert "opt-in" not in _today(second)


def test_who_did_not_answer_is_told_what_is_still_possible(line: Line) -> None:
    (me,) = seated(line, 1)
    live_until(local(3, 9))
    page = _today(me)
    assert "训练营由打 1 的伙伴继续" in page
    assert "今日任务" not in page


def test_the_tasks_of_the_day_stand_there_with_their_rewards(line: Line) -> None:
    (me,) = seated(line, 1)
    live_until(local(2, 21))
    lines.let_in(SYSTEM, line.pk, [me])
    live_until(local(3, 9))
    page = _today(me)
    assert "今日任务" in page
    assert "打个卡" in page
    assert "有名有姓" in page
    assert f"/line/{line.pk}/check-in" in page


def test_one_tap_checks_in_and_the_reward_is_shown_at_once(line: Line) -> None:
    (me,) = seated(line, 1)
    live_until(local(2, 21))
    lines.let_in(SYSTEM, line.pk, [me])
    live_until(local(3, 9))
    client = phone(me)
    for news in ("+¥\xa00.50 已进钱包", "今天的打卡记上了"):
        assert news in text_of(client.post(f"/line/{line.pk}/check-in", follow=True))
    assert "/check-in" not in text_of(client.get("/today"))
    assert yuan(50) in text_of(client.get("/wallet"))


def test_the_hot_product_is_there_while_the_first_order_is_open(line: Line) -> None:
    (me,) = seated(line, 1)
    live_until(local(2, 21))
    lines.let_in(SYSTEM, line.pk, [me])
    for day, shown in ((4, False), (5, True)):
        live_until(local(day, 9))
        assert ("https://shop.example/rice" in _today(me)) is shown


def test_after_graduation_the_certificate_is_one_tap_away(line: Line) -> None:
    (me,) = seated(line, 1)
    live_until(local(2, 21))
    lines.let_in(SYSTEM, line.pk, [me])
    live_until(local(5, 22))
    client = phone(me)
    assert f"/certificate/{line.pk}" in text_of(client.get("/today"))
    assert "五天小打法" in text_of(client.get(f"/certificate/{line.pk}"))
    assert f"/certificate/{line.pk}" in text_of(client.get("/me"))


def test_the_day_is_the_one_of_the_region(line: Line) -> None:
    (me,) = seated(line, 1)
    live_until(local(2, 0) - timedelta(seconds=1))
    assert ">1</text>" in _today(me)
    live_until(local(2, 0))
    assert ">2</text>" in _today(me)


def test_a_host_without_a_seat_is_sent_to_the_cockpit(line: Line) -> None:
    assert phone(line.host_id).get("/today")["Location"] == "/host/"


def test_the_level_is_shown_when_it_was_earned(line: Line) -> None:
    (me,) = seated(line, 1)
    assert "新人</span>" in _today(me)
    ladder.appoint(SYSTEM, me, "owner", "试")
    assert "新人</span>" not in _today(me)


def test_a_member_without_a_line_learns_what_to_do(line: Line) -> None:
    assert "你还没有加入任何线" in _today(member().pk)


def test_another_line_or_nonsense_shows_ones_own(line: Line) -> None:
    (me,) = seated(line, 1)
    client = phone(me)
    for query in ("x", "0", "9" * 25, "-1", "１", ""):
        assert line.code in text_of(client.get(f"/today?line={query}")), query
        assert client.get(f"/path?line={query}").status_code == 200, query


def test_a_phone_that_is_nobodys_is_asked_for_the_personal_link(line: Line) -> None:
    for page in PAGES:
        assert Client().get(page).status_code == 403, page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_on_every_kind_of_day(line: Line, language: str) -> None:
    me, behind = seated(line, 2)
    for day in range(7):
        live_until(local(day, 13))
        for person in (me, behind, line.host_id):
            client = phone(person)
            client.cookies["django_language"] = language
            for page in [*PAGES, f"/group/{group(line)}"]:
                assert client.get(page).status_code in {200, 302}, (day, page)
        if day == 2:
            lines.let_in(SYSTEM, line.pk, [me])
