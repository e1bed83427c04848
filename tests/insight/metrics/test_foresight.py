"""A budget is spent along what is planned."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from loop28.insight.metrics.foresight import Outgo, expected_to_pass, foresee

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
SOON = NOON + timedelta(days=2)


def _in(hours: int, fen: int) -> Outgo:
    return Outgo(NOON + timedelta(hours=hours), fen)


outgoes = st.lists(st.builds(_in, st.integers(1, 600), st.integers(0, 10_000)), max_size=30)


def test_a_budget_is_empty_at_the_first_thing_it_cannot_pay():
    seen = foresee(250, [_in(1, 100), _in(30, 100), _in(100, 100)], [_in(40, 30)], SOON)
    assert seen.empty_at == NOON + timedelta(hours=100)
    assert (seen.needed_fen, seen.short_fen) == (330, 80)
    assert (seen.soon_fen, seen.soon_short_fen, seen.tone) == (200, 0, "warn")


def test_what_is_missing_for_the_next_two_days_is_bad():
    seen = foresee(150, [_in(1, 100), _in(47, 100)], [], SOON)
    assert (seen.soon_short_fen, seen.tone) == (50, "bad")


def test_the_last_instant_of_the_two_days_counts():
    assert foresee(0, [Outgo(SOON, 7)], [], SOON).soon_short_fen == 7


def test_a_budget_that_is_just_enough_lasts():
    seen = foresee(100, [_in(5, 60)], [_in(5, 40)], SOON)
    assert (seen.empty_at, seen.short_fen, seen.tone) == (None, 0, "")


def test_packets_are_paid_before_the_rewards_of_the_same_instant():
    seen = foresee(60, [_in(5, 60)], [_in(5, 40), _in(4, 0)], SOON)
    assert seen.empty_at == NOON + timedelta(hours=5)


@given(st.integers(0, 100_000), outgoes, outgoes)
def test_it_runs_empty_exactly_when_something_is_missing(left, packets, rewards):
    seen = foresee(left, packets, rewards, SOON)
    assert (seen.empty_at is not None) == (seen.short_fen > 0)
    assert seen.needed_fen == sum(outgo.fen for outgo in packets + rewards)


@given(st.integers(0, 100_000), outgoes, outgoes)
def test_what_is_missing_is_just_what_has_to_be_added(left, packets, rewards):
    seen = foresee(left, packets, rewards, SOON)
    assert foresee(left + seen.short_fen, packets, rewards, SOON).empty_at is None


def test_before_the_call_a_cautious_share_is_expected_to_pass():
    assert expected_to_pass(0, 101, called=False) == 36
    assert expected_to_pass(7, 101, called=True) == 7
