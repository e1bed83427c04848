"""What is worth a look and what is not, for every shape of a day and of a tree."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loop28.front.watch import rules
from loop28.front.watch.rules import Chain, Fans

NOON = datetime(2026, 3, 5, 4, tzinfo=UTC)
PAST = st.lists(st.integers(1, 300), max_size=28)


def at(*seconds):
    return [NOON + timedelta(seconds=s) for s in seconds]


class TestFansWhoDoNothing:
    @pytest.mark.parametrize(
        ("everybody", "joined", "idle"),
        [
            (Fans(149, 0), Fans(), False),
            (Fans(150, 0), Fans(), True),
            (Fans(150, 2), Fans(), False),
            (Fans(19, 0), Fans(19, 0), False),
            (Fans(20, 0), Fans(20, 0), True),
            (Fans(20, 1), Fans(20, 1), True),
            (Fans(20, 2), Fans(20, 2), False),
            (Fans(300, 40), Fans(30, 0), True),
        ],
    )
    def test_many_of_whom_nobody_does_anything_are_seen(self, everybody, joined, idle):
        assert rules.is_idle(everybody, joined) is idle

    @given(st.integers(0, 2000), st.integers(0, 2000), st.integers(0, 100))
    def test_one_more_who_does_something_never_makes_it_worse(self, fans, active, more):
        before = rules.is_idle(Fans(fans, active), Fans())
        assert rules.is_idle(Fans(fans, active + more), Fans()) <= before


PEOPLE = st.integers(0, 8)
TREES = st.sets(st.tuples(PEOPLE, PEOPLE), max_size=20)


def walked(brought, paid, top):
    """The slow, obvious way: from one person, level by level."""
    seen, edge, levels = {top}, {top}, 0
    while edge:
        levels += 1
        edge = {one for by, one in brought if by in edge and one in paid} - seen
        seen |= edge
    return Chain(levels, len(seen))


class TestChains:
    @given(TREES, st.sets(PEOPLE))
    def test_are_what_a_walk_from_each_finds(self, brought, paid):
        expected = {top: walked(brought, paid, top) for top in paid}
        assert rules.chains(brought, paid) == expected

    def test_a_star_of_people_who_are_not_paid_is_one_person(self):
        star = [(0, n) for n in range(1, 100)]
        assert rules.chains(star, {0}) == {0: Chain(1, 1)}

    def test_a_chain_ends_where_somebody_is_not_paid(self):
        row = [(0, 1), (1, 2), (2, 3)]
        assert rules.chains(row, {0, 1, 3})[0] == Chain(2, 2)

    def test_who_brought_each_other_after_two_records_became_one_counts_once(self):
        ring = [(0, 1), (1, 2), (2, 0), (0, 0)]
        assert set(rules.chains(ring, {0, 1, 2}).values()) == {Chain(3, 3)}

    @pytest.mark.parametrize(
        ("levels", "people", "colour"),
        [
            *[(1, 1, ""), (1, 19, ""), (2, 2, "amber"), (1, 20, "amber"), (2, 29, "amber")],
            *[(3, 3, "red"), (2, 30, "red"), (1, 30, "red"), (9, 900, "red")],
        ],
    )
    def test_have_the_colours_of_the_programme(self, levels, people, colour):
        assert Chain(levels, people).colour == colour

    def test_what_was_released_is_looked_at_again_when_it_has_grown(self):
        before = {"levels": 3, "people": 30}
        assert not Chain(3, 39).has_grown(before)
        assert Chain(3, 40).has_grown(before)
        assert Chain(4, 31).has_grown(before)
