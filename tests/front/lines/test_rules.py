"""What a line's calendar means."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from loop28.front.lines import rules

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass
class Due:
    kind: str = "post"
    due_at: datetime = NOON
    grace: int | None = None
    by_host: bool = False


def test_the_start_day_is_day_one_and_the_day_before_is_zero():
    assert rules.day_number(date(2026, 3, 1), date(2026, 3, 1)) == 1
    assert rules.day_number(date(2026, 3, 1), date(2026, 2, 28)) == 0
    assert rules.day_number(date(2026, 3, 1), date(2026, 3, 28)) == 28


@given(st.integers(0, 10**6), st.integers(0, 10**6))
@example(60, 0)
@example(61, 0)
def test_a_beat_is_wanted_until_its_grace_is_over_and_a_minute_is_never_late(late, grace):
    wanted = rules.still_wanted(Due(grace=grace), NOON + timedelta(seconds=late))
    assert wanted == (late <= max(grace, 60))


@given(st.integers(0, 10**9))
def test_a_beat_without_grace_limit_is_always_wanted(late):
    assert rules.still_wanted(Due(grace=None), NOON + timedelta(seconds=late))


def test_nobody_is_early_by_a_negative_lateness():
    assert rules.late_seconds(NOON, NOON - timedelta(hours=1)) == 0


def test_both_ends_of_the_window_count():
    hour = timedelta(hours=1)
    instant = timedelta(microseconds=1)
    assert rules.call_open(NOON, 3600, NOON)
    assert rules.call_open(NOON, 3600, NOON + hour)
    assert not rules.call_open(NOON, 3600, NOON - instant)
    assert not rules.call_open(NOON, 3600, NOON + hour + instant)


def test_a_phase_is_not_closed_under_an_open_call_and_what_follows_waits():
    post, close, after = Due(), Due("close"), Due("tasks")
    for until in (NOON, NOON + timedelta(minutes=1)):
        assert rules.ready([post, close, after], until, NOON) == [post]
    assert rules.ready([post, close, after], NOON - timedelta(minutes=1), NOON) == [
        post,
        close,
        after,
    ]
    assert rules.ready([close, after], None, NOON) == [close, after]


def test_a_call_made_late_still_gets_its_window_before_the_close_behind_it():
    call, close = Due("call"), Due("close")
    assert rules.ready([call, close], None, NOON) == [call]


def test_a_close_is_never_too_late():
    assert rules.still_wanted(Due("close", grace=0), NOON + timedelta(days=9))


def test_what_follows_a_packet_waits_until_the_packet_has_been_shown():
    post, packet, after = Due(), Due("packet"), Due()
    assert rules.ready([post, packet, Due("packet"), after], None, NOON) == [post, packet, packet]
    late = Due("packet", NOON - timedelta(hours=2), grace=60)
    assert rules.ready([late, after], None, NOON) == [late, after]
    card = Due("packet", by_host=True)
    assert rules.ready([card, after], None, NOON) == [card, after]


def test_a_host_may_send_posts_and_talks_in_a_chat_of_their_own_and_nothing_else():
    assert sorted(rules.ONLY_WORDS) == ["post", "talk"]


def test_a_call_that_is_too_late_does_not_hold_the_close_back():
    call = Due("call", NOON - timedelta(hours=2), grace=60)
    close = Due("close")
    assert rules.ready([call, close], None, NOON) == [call, close]
