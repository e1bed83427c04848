"""Which task is next."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from loop28.front.tasks.guidance import Choice, choose

MONDAY = date(2026, 3, 2)
choices = st.lists(
    st.builds(
        Choice,
        st.integers(1, 9),
        st.integers(0, 3).map(lambda days: MONDAY + timedelta(days=days)),
        st.integers(1, 5).map(lambda minutes: timedelta(minutes=minutes)),
        st.booleans(),
    ),
    max_size=6,
    unique_by=lambda one: one.number,
)


def choice(number, days, minutes):
    return Choice(number, MONDAY + timedelta(days=days), timedelta(minutes=minutes))


def test_what_is_over_soonest_comes_first_and_of_one_day_the_easiest():
    assert choose([choice(1, 1, 1), choice(2, 0, 60), choice(3, 0, 5)]) == 3


def test_what_is_done_right_here_comes_before_what_happens_elsewhere_on_that_day():
    visit = choice(1, 0, 1)._replace(elsewhere=True)
    assert choose([visit, choice(2, 0, 60)]) == 2
    assert choose([visit, choice(2, 1, 60)]) == 1


def test_what_waits_for_somebody_else_is_not_next():
    assert choose([choice(1, 0, 1), choice(2, 4, 60)], waiting={1}) == 2
    assert choose([choice(1, 0, 1)], waiting={1}) is None
    assert choose([]) is None


@given(choices, st.sets(st.integers(1, 9)), st.randoms())
def test_the_next_one_is_the_same_in_whatever_order_and_none_is_more_pressing(them, waiting, mix):
    found = choose(them, waiting)
    free = [one for one in them if one.number not in waiting]
    assert (found is None) == (not free)
    for one in free:
        best = next(other for other in them if other.number == found)
        assert (best.by_day, best.elsewhere, best.takes) <= (one.by_day, one.elsewhere, one.takes)
    mixed = list(them)
    mix.shuffle(mixed)
    assert choose(mixed, waiting) == found
