"""How many next lines a line brings forth, with an interval."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loop28.insight.metrics.reproduction import WINDOW, estimate, exposure, quantile

ENDED = datetime(2026, 3, 2, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("children", "probability", "value"),
    [  # half of chi-square's tabulated quantiles with 2 children + 1 degrees of freedom
        (0, 0.05, 0.00393214 / 2),
        (0, 0.95, 3.841459 / 2),
        (1, 0.05, 0.3518463 / 2),
        (1, 0.95, 7.814728 / 2),
        (10, 0.05, 11.591305 / 2),
        (10, 0.95, 32.670573 / 2),
        (14, 0.5, 28.336127 / 2),
        (49, 0.95, 123.225221 / 2),
    ],
)
def test_the_quantile_is_the_one_in_the_tables(children, probability, value):
    assert quantile(children, probability) == pytest.approx(value, rel=1e-6)


@given(st.integers(0, 2000), st.floats(0.01, 0.98))
def test_a_quantile_grows_with_its_probability_and_with_the_children(children, probability):
    here = quantile(children, probability)
    assert 0 < here < quantile(children, probability + 0.01)
    assert here < quantile(children + 1, probability)


def test_a_line_counts_by_the_part_of_its_window_that_has_passed():
    days = [(0, 0), (15, 0.25), (60, 1), (400, 1)]
    for passed, part in days:
        assert exposure(ENDED, ENDED + timedelta(days=passed)) == part
    assert exposure(ENDED, ENDED - timedelta(days=1)) == 0


def test_until_one_window_has_passed_nothing_is_said():
    assert estimate([]) is None
    assert estimate([(0.0, 0), (0.4, 1), (0.5, 0)]) is None
    assert estimate([(0.5, 1), (0.5, 0)]).number == 1


def test_the_number_is_children_by_windows_and_lies_in_its_interval():
    found = estimate([(1.0, 2), (1.0, 0), (0.5, 1), (0.0, 0)])
    assert (found.lines, found.children, found.exposure) == (3, 3, 2.5)
    assert found.number == pytest.approx(1.2)
    assert found.low == pytest.approx(quantile(3, 0.05) / 2.5)
    assert found.high == pytest.approx(quantile(3, 0.95) / 2.5)


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 9)), min_size=1, max_size=60))
def test_more_of_the_same_makes_it_surer(lines):
    found, twice = estimate(lines), estimate(lines * 2)
    if found:
        assert found.low <= found.number <= found.high
        assert twice.number == pytest.approx(found.number)
        assert twice.high - twice.low < found.high - found.low


def test_without_a_child_the_interval_begins_at_zero():
    found = estimate([(1.0, 0)] * 5)
    assert (found.number, found.low) == (0, 0)
    assert found.high == pytest.approx(3.841459 / 2 / 5, rel=1e-6)


def test_the_window_is_sixty_days():
    assert timedelta(days=60) == WINDOW
