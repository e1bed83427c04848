"""How a packet is split."""

import random
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loop28.front.packets.rules import split


@st.composite
def packets(draw):
    count = draw(st.integers(1, 500))
    return draw(st.integers(count, 1_000_000)), count, draw(st.integers())


@given(packets(), st.sampled_from(["random", "equal"]))
def test_shares_are_positive_and_add_up_exactly(packet, how):
    total, count, seed = packet
    shares = split(total, count, how, random.Random(seed))
    assert len(shares) == count
    assert min(shares) >= 1
    assert sum(shares) == total


@given(packets())
def test_equal_shares_differ_by_one_fen_at_most_and_the_first_are_not_smaller(packet):
    total, count, seed = packet
    shares = split(total, count, "equal", random.Random(seed))
    assert shares[0] - shares[-1] <= 1
    assert shares == sorted(shares, reverse=True)


@given(packets())
def test_no_random_share_exceeds_twice_the_mean_of_what_was_left(packet):
    total, count, seed = packet
    left, people = total, count
    for share in split(total, count, "random", random.Random(seed))[:-1]:
        assert share <= max(1, 2 * left // people)
        left, people = left - share, people - 1


def test_every_place_in_the_queue_has_the_same_mean():
    runs = [split(10_000, 10, "random", random.Random(seed)) for seed in range(4_000)]
    for place in zip(*runs, strict=True):
        assert mean(place) == pytest.approx(1_000, rel=0.05)


def test_whoever_is_first_may_get_all_that_is_over_a_fen_for_each():
    firsts = {split(4, 3, "random", random.Random(seed))[0] for seed in range(40)}
    assert firsts == {1, 2}


def test_a_fen_for_each_is_the_least():
    assert split(3, 3, "random", random.Random(1)) == [1, 1, 1]
    with pytest.raises(ValueError, match="at least one fen"):
        split(2, 3, "random", random.Random(1))
