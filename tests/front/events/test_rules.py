from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from loop28.front.events import rules
from loop28.front.events.rules import Stage

moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
lengths = st.timedeltas(timedelta(seconds=1), rules.LONGEST)


@given(moments, lengths, moments)
def test_an_event_is_coming_then_on_then_over(start, length, now):
    found = rules.stage(start, start + length, False, now)
    expected = Stage.COMING if now < start else Stage.ON if now < start + length else Stage.OVER
    assert found is expected


@given(moments, lengths, moments)
def test_a_cancelled_event_is_nothing_else(start, length, now):
    assert rules.stage(start, start + length, True, now) is Stage.CANCELLED


@given(moments, lengths, moments)
def test_while_an_event_is_on_its_doors_are_open(start, length, now):
    if rules.stage(start, start + length, False, now) is Stage.ON:
        assert rules.doors_open(start, start + length, now)


@given(moments, lengths)
def test_the_doors_close_with_the_tickets(start, length):
    last = rules.doors_close(start + length)
    assert rules.doors_open(start, start + length, last)
    assert not rules.doors_open(start, start + length, last + timedelta(microseconds=1))


@given(moments, st.timedeltas(-rules.LONGEST, 2 * rules.LONGEST))
def test_an_event_ends_after_it_starts_and_within_a_day(start, length):
    fits = rules.possible(start, start + length)
    assert fits == (timedelta(0) < length <= timedelta(days=1))
