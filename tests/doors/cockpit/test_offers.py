"""The offer of the next line on the phone of somebody who may host."""

import pytest

from loop28.front.ladder import actions as ladder
from loop28.front.ladder import offers
from loop28.front.ladder.models import Offer
from loop28.front.lines.models import Line
from loop28.kernel.access import SYSTEM
from tests.factories import member
from tests.line_kit import live_until, local
from tests.phones import ODD_TEXTS, phone, text_of


def _offer(line: Line, host: int) -> Offer:
    ladder.appoint(SYSTEM, host, "owner", "first")
    return offers.offer(
        SYSTEM,
        host=host,
        region=line.region_id,
        playbook=line.playbook_id,
        start_day=local(10, 12).date(),
        size=20,
        budget_fen=100_000,
        answer_by=local(4, 0),
    )


def test_it_stands_on_the_day_of_an_owner_who_has_no_line_and_is_taken(line: Line) -> None:
    host = member().pk
    offer = _offer(line, host)
    client = phone(host)
    assert "你的下一条线" in text_of(client.get("/today"))
    page = text_of(client.get("/host/offers"))
    assert "3月11日 开线" in page
    assert "¥\u00a01,000.00" in page
    page = text_of(client.post(f"/host/offers/{offer.pk}", {"accept": "1"}, follow=True))
    assert "这条线归你带了" in page
    assert "已接受" in page
    assert "你的下一条线" not in text_of(client.get("/today"))
    offers.open_accepted(SYSTEM, offer.pk)
    assert "已开线" in text_of(client.get("/host/offers"))


def test_a_host_whose_line_runs_finds_it_on_the_day_of_that_line(line: Line) -> None:
    _offer(line, line.host_id)
    assert "你的下一条线" in text_of(phone(line.host_id).get("/host/"))


@pytest.mark.parametrize("reason", ODD_TEXTS)
def test_a_decline_says_why_or_is_kindly_refused(line: Line, reason: str) -> None:
    host = member().pk
    offer = _offer(line, host)
    assert phone(host).post(f"/host/offers/{offer.pk}", {"reason": reason}).status_code == 302
    offer.refresh_from_db()
    assert offer.state == ("declined" if offer.reason else "open")


def test_after_its_deadline_it_is_over(line: Line) -> None:
    host = member().pk
    offer = _offer(line, host)
    live_until(local(4, 1))
    page = text_of(phone(host).post(f"/host/offers/{offer.pk}", {"accept": "1"}, follow=True))
    assert "已经失效" in page
    assert "逾期未答" in page


def test_nobody_else_sees_or_answers_it(line: Line) -> None:
    offer = _offer(line, member().pk)
    stranger = phone(member().pk)
    assert "没有等你答复的邀约" in text_of(stranger.get("/host/offers"))
    assert stranger.post(f"/host/offers/{offer.pk}", {"accept": "1"}).status_code == 404
    offer.refresh_from_db()
    assert offer.state == "open"
