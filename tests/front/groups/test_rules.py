"""What counts as a blocked word or a link, and whose turn a complaint is."""

import unicodedata
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loop28.front.groups import rules

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
chinese = st.text("加微信刷单兼职日结返利", min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("加微信聊", "加微信"),
        ("加 微  信 聊", "加微信"),
        ("加\u200b微\u2060信", "加微信"),
        ("我的ＶＸ是什么", "vx"),
        ("v x：abc", "VX"),
        ("VX123", "vx"),
        ("日结\n300", "日结300"),
    ],
)
def test_a_word_is_found_in_any_width_case_and_spacing(text, word):
    assert rules.blocked_word(text, ["别的", word]) == word


@pytest.mark.parametrize(
    ("text", "word"), [("as soon as", "ass"), ("class", "ass"), ("vxworks", "vx"), ("你好", "")]
)
def test_a_latin_word_is_not_found_inside_of_a_longer_one(text, word):
    assert rules.blocked_word(text, [word]) == ""


@given(chinese, st.text(max_size=20), st.text(max_size=20), st.sampled_from(["", " ", "\u3000"]))
def test_whatever_stands_around_a_word_does_not_hide_it(word, before, after, gap):
    written = unicodedata.normalize("NFKC", gap.join(word))
    assert rules.blocked_word(f"{before} {written} {after}", [word]) == word


@given(st.text(max_size=40), st.lists(st.text(max_size=8), max_size=4))
def test_any_text_and_any_list_have_an_answer(text, words):
    assert rules.blocked_word(text, words) in {"", *words}


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("看https://evil.example/a?b", "evil.example"),
        ("看taobao.com好便宜", "taobao.com"),
        ("ｗｗｗ．ｂａｄ．ｃｎ", "www.bad.cn"),
        ("https://shop.loop28.cn:8443/x", ""),
        ("www.shop.loop28.cn", ""),
        ("https://shop.loop28.cn@evil.example/", "evil.example"),
        ("https://shop.loop28.cn.evil.com/", "shop.loop28.cn.evil.com"),
        ("第3.5天，到店里来", ""),
        ("你好", ""),
    ],
)
def test_a_link_to_another_site_is_found_and_our_own_is_none(text, host):
    assert rules.foreign_link(text, "shop.loop28.cn") == host


@given(st.text(max_size=60))
def test_looking_for_links_never_breaks(text):
    assert isinstance(rules.foreign_link(text, "loop28.cn"), str)


def test_a_complaint_is_the_hosts_for_a_day_and_the_regions_from_then_on():
    day = timedelta(hours=24)
    assert rules.turn("host", NOON, NOON + day - timedelta(seconds=1)) == ("host", NOON + day)
    assert rules.turn("host", NOON, NOON + day) == ("region", NOON + 2 * day)
    assert rules.turn("region", NOON, NOON) == ("region", NOON + day)


@pytest.mark.parametrize(
    ("by", "about", "of_group", "hand"),
    [
        (2, 3, False, "host"),
        (None, 3, False, "host"),
        (2, 1, False, "region"),
        (2, None, True, "region"),
        (2, None, False, "region"),
        (1, 3, False, "region"),
    ],
)
def test_no_host_decides_about_themselves(by, about, of_group, hand):
    assert rules.first_hand(1, by=by, about=about, of_group=of_group) == hand


def test_decisions_fit_what_a_complaint_is_about():
    def fit(**changes):
        usual = {"of_group": False, "about": 3, "host": 1, "text": True}
        return set(rules.fitting(**{**usual, **changes}))

    assert fit() == {"down", "mute", "remove", "settled", "unfounded"}
    assert fit(about=1) == {"down", "settled", "unfounded"}
    assert fit(of_group=True, about=None, text=False) == {"settled", "unfounded"}
    assert fit(text=False) == {"mute", "remove", "settled", "unfounded"}


SHANGHAI = ZoneInfo("Asia/Shanghai")
times = st.times(max_value=time(23, 59)).map(lambda t: t.replace(second=0, microsecond=0))
moments = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2026, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@pytest.mark.parametrize(
    ("hour", "minute", "until"),
    [(21, 59, None), (22, 0, "09 08:00"), (23, 30, "09 08:00"), (7, 59, "08 08:00"), (8, 0, None)],
)
def test_the_night_goes_over_midnight(hour, minute, until):
    now = datetime(2026, 3, 8, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)
    end = rules.quiet_until(now, time(22), time(8), SHANGHAI)
    assert (end and f"{end.astimezone(SHANGHAI):%d %H:%M}") == until


@given(moments, times, times)
def test_quiet_hours_end_later_within_a_day_and_are_over_then(now, start, end):
    until = rules.quiet_until(now, start, end, SHANGHAI)
    if until is not None:
        assert now < until <= now + timedelta(days=1)
        assert rules.quiet_until(until, start, end, SHANGHAI) is None
    if start == end:
        assert until is None


def test_a_message_is_tried_five_times_and_each_time_later():
    minutes = [rules.next_try(n, NOON) for n in range(1, 6)]
    assert minutes == [*(NOON + timedelta(minutes=m) for m in (1, 2, 4, 8)), None]


@pytest.mark.parametrize(
    ("text", "stops"),
    [("退订", True), (" ＴＤ ", True), ("td", True), ("T", True), ("我要退订", False), ("", False)],
)
def test_only_the_word_alone_stops_notices(text, stops):
    assert rules.wants_to_stop(text) is stops
