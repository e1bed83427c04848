"""The way of a line: the next task large, what was done, what comes."""

import re

import pytest
from django.test import Client

from loop28.front.lines import actions as lines
from loop28.front.lines.models import Line
from loop28.front.tasks.models import Assignment
from loop28.kernel.access import SYSTEM
from tests.factories import member
from tests.front.tasks.kit import open_line, passing
from tests.line_kit import live_until, local, seated
from tests.phones import phone, text_of


@pytest.fixture
def me(line: Line) -> int:
    """Somebody in training, at nine on day 3."""
    (number,) = seated(line, 1)
    live_until(local(2, 21))
    lines.let_in(SYSTEM, line.pk, [number])
    live_until(local(3, 9))
    return number


def _next(page: str) -> str:
    """What stands on the card of the next task."""
    found = re.search(r'<section class="card next">(.*?)</section>', page, re.DOTALL)
    return found[1] if found else ""


def _day(page: str, number: int) -> str:
    """What stands at a day of the way."""
    return page.split(f'id="day-{number}"', 1)[1].split('id="day-', 1)[0]


def _path(client: Client) -> str:
    return text_of(client.get("/path"))


def test_one_tap_after_the_other_does_a_day_and_each_shows_its_reward(line: Line, me: int) -> None:
    client = phone(me)
    assert "打个卡" in _next(_path(client))
    page = text_of(client.post(f"/line/{line.pk}/check-in", {"from": "path"}, follow=True))
    assert "+¥\xa00.50 已进钱包" in page
    shop = Assignment.objects.get(member=me, task="name-shop")
    assert f'action="/task/{shop.pk}/tell"' in _next(page)
    page = text_of(client.post(f"/task/{shop.pk}/tell", {"from": "path"}, follow=True))
    quiz = Assignment.objects.get(member=me, task="quiz")
    assert f'href="/task/{quiz.pk}"' in _next(page)
    page = text_of(client.post(f"/task/{quiz.pk}", {"q1": "2"}, follow=True))
    page = _path(client)
    assert _next(page) == ""
    assert "眼下都做完了" in page


def test_what_was_done_stands_at_its_day_with_what_it_brought(line: Line, me: int) -> None:
    client = phone(me)
    client.post(f"/line/{line.pk}/check-in")
    done = _day(_path(client), 3)
    assert "task-done" in done
    assert "+¥\xa00.50" in done


def test_what_comes_stands_at_its_day_with_what_it_will_bring(me: int) -> None:
    page = _path(phone(me))
    assert "task-locked" not in _day(page, 3)
    assert "三句使用感受" in _day(page, 4)
    assert "+¥\xa02.00" in _day(page, 4)
    assert "第一单" in _day(page, 5)


@pytest.mark.usefixtures("at")
def test_what_opens_by_finishing_another_says_which_and_where_a_repeated_one_stands() -> None:
    other = open_line(
        ("[checkin, name-shop, quiz]", "[checkin, quiz]"),
        ("kind: name_shop\n", "kind: name_shop\n    after: quiz\n"),
        (
            "effort: 10s\n    window: 1d\n",
            "effort: 10s\n    window: day 1\n    repeat: {per: day, at_most: 3}\n",
        ),
    )
    (me,) = passing(other, 1)
    client = phone(me)
    page = _path(client)
    assert "完成「一道小题」后打开" in _day(page, 3)
    assert "第 1 / 3 次" in _next(page)
    quiz = Assignment.objects.get(member=me, task="quiz").pk
    client.post(f"/task/{quiz}", {"q1": "2"})
    assert "完成「一道小题」后打开" not in _path(client)
    live_until(local(4, 9))
    assert "第 2 / 3 次" in _path(client)


@pytest.mark.usefixtures("at")
def test_a_streak_shows_its_days_and_one_tap_makes_a_missed_one_up() -> None:
    other = open_line(
        (
            "kind: checkin\n    how",
            "kind: measured\n    makeups: 1\n"
            "    measure: {fact: visit, count: streak, at_least: 2}\n    how",
        ),
        ("effort: 10s\n    window: 1d", "effort: 10s\n    window: 2d"),
    )
    me, stranger = passing(other, 2)
    live_until(local(4, 9))
    client, task = phone(me), Assignment.objects.get(member=me, task="checkin")
    tap = f"/task/{task.pk}/make-up"
    assert f'action="{tap}"' in _path(client)
    assert client.post(tap, {"day": "never"}).status_code == 422
    assert phone(stranger).post(tap, {"day": "2026-03-04"}).status_code == 404
    page = text_of(client.post(tap, {"day": "2026-03-04", "from": "path"}, follow=True))
    assert "3月4日 补上了" in page
    assert f'action="{tap}"' not in page
    assert "3月4日 用卡补上" in text_of(client.get(f"/task/{task.pk}"))


def test_the_way_is_ones_own(me: int, line: Line) -> None:
    assert Client().get("/path").status_code == 403
    stranger = phone(member().pk).get(f"/path?line={line.pk}")
    assert stranger.status_code == 302
    assert "打个卡" in _next(_path(phone(me)))


def test_who_stayed_behind_has_no_task_to_do(line: Line) -> None:
    (behind,) = seated(line, 1)
    live_until(local(3, 9))
    page = _path(phone(behind))
    assert _next(page) == ""
