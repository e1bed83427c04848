"""What is worth a look and what is not, for every shape of a day."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loop28.front.tempo import rules
from loop28.front.tempo.rules import Run

NOON = datetime(2026, 3, 5, 4, tzinfo=UTC)
PAST = st.lists(st.integers(1, 300), max_size=28)


def at(*seconds):
    return [NOON + timedelta(seconds=s) for s in seconds]


class TestOnesOwnPast:
    @given(st.integers(0, 10_000), PAST)
    def test_no_day_is_a_leap_that_is_small_or_near_ones_best(self, clicks, past):
        if rules.is_leap(clicks, past):
            assert clicks >= rules.BUSY
            assert clicks > rules.LEAP * max(past)
            assert len(past) >= rules.KNOWN_DAYS

    @given(st.integers(0, 10_000), PAST, st.integers(0, 1000))
    def test_more_clicks_are_never_less_of_a_leap(self, clicks, past, more):
        assert rules.is_leap(clicks + more, past) >= rules.is_leap(clicks, past)

    def test_a_first_good_day_is_no_offence(self):
        assert not rules.is_leap(5000, [])
        assert not rules.is_leap(5000, [3, 2, 4, 3])
        assert rules.is_leap(5000, [3, 2, 4, 3, 2])

    def test_a_small_day_is_none_however_small_the_days_before_it(self):
        assert not rules.is_leap(rules.BUSY - 1, [1] * 5)
        assert rules.is_leap(rules.BUSY, [1] * 5)

    def test_the_same_day_is_a_leap_for_one_and_none_for_another(self):
        assert rules.is_leap(120, [9, 12, 8, 11, 10])
        assert not rules.is_leap(120, [90, 120, 80, 110, 100])


class TestHands:
    @pytest.mark.parametrize("seed", range(60))
    def test_forty_honest_people_of_one_hall_trip_nothing(self, seed):
        chance = random.Random(seed)
        for spread in (8, 30, 120, 3600):
            came = sorted(chance.uniform(0, spread) for _ in range(40))
            assert rules.beyond_hands(at(*came)) is None

    @pytest.mark.parametrize("seed", range(30))
    def test_five_hundred_people_of_a_busy_group_trip_nothing(self, seed):
        chance = random.Random(seed)
        moment, came = 0.0, []
        for _ in range(500):
            moment += chance.expovariate(4)
            came.append(moment)
        assert rules.beyond_hands(at(*came)) is None

    def test_what_one_transaction_took_in_together_is_not_even(self):
        assert rules.beyond_hands(at(*[0] * 40)) is None

    @given(st.integers(1, 3600), st.integers(0, 50))
    def test_a_clock_is_seen_whatever_its_pace_and_whatever_came_before(self, pace, before):
        chance = random.Random(before)
        people = sorted(-chance.uniform(1, 5000) for _ in range(before))
        found = rules.beyond_hands(at(*people, *(n * pace for n in range(rules.ROW))))
        assert (found.clicks, found.even) == (rules.ROW, True)

    @given(st.lists(st.floats(-0.15, 0.15), min_size=40, max_size=40))
    def test_a_clock_that_stumbles_a_little_is_seen(self, stumbles):
        assert rules.beyond_hands(at(*(n * 60 + 60 * s for n, s in enumerate(stumbles))))

    def test_one_click_less_than_a_row_is_nothing(self):
        assert rules.beyond_hands(at(*range(rules.ROW - 1))) is None

    def test_a_crowd_within_a_second_is_seen(self):
        chance = random.Random(1)
        crowd = sorted(chance.uniform(0, 0.99) for _ in range(rules.CROWD))
        assert rules.beyond_hands(at(*crowd)) == Run(rules.CROWD, 1, even=False)
        assert rules.beyond_hands(at(*crowd[:-1])) is None
