"""What is read out of a day's log."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from loop28.adapters.chat.logs.reading import read

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 3, 1)


def log(*lines):
    return list(read("\n".join(lines), DAY, ZONE))


def test_what_is_said_and_done_is_read_and_who_comes_and_goes_is_not():
    said = log(
        "[09:14] <小林> 早：大家",
        "=== 阿美 [~mei@example] has joined #tea",
        "[09:14]  * 阿美 waves",
        "[09:15] <小林>",
        "nothing of a log",
    )
    assert [(one.line, one.name, one.text) for one in said] == [
        (1, "小林", "早：大家"),
        (3, "阿美", "* waves"),
        (4, "小林", ""),
    ]
    assert said[0].at == datetime(2026, 3, 1, 1, 14, tzinfo=UTC)


def test_a_clock_that_falls_back_has_passed_midnight():
    before, after, later = log("[23:59] <a> x", "[00:00] <b> y", "[08:00] <a> z")
    assert [one.at.astimezone(ZONE).date().day for one in (before, after, later)] == [1, 2, 2]


@given(st.lists(st.integers(0, 24 * 60 - 1), max_size=60))
def test_messages_keep_their_order_and_their_minute(minutes):
    said = log(*(f"[{m // 60:02}:{m % 60:02}] <a> x" for m in minutes))
    assert [one.line for one in said] == list(range(1, len(minutes) + 1))
    moments = [one.at for one in said]
    assert moments == sorted(set(moments))
    shown = [one.at.astimezone(ZONE) for one in said]
    assert [at.hour * 60 + at.minute for at in shown] == minutes
    days = sum(b < a for a, b in pairwise(minutes))
    assert not shown or shown[-1].date() == DAY + timedelta(days=days)
