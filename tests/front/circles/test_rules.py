"""The weeks of a standing group, as pure rules."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from loop28.front.circles.rules import WEEK, monday, week_number, weeks_to_plan

days = st.dates(date(2024, 1, 1), date(2030, 1, 1))


@given(days)
def test_a_week_begins_on_the_monday_of_each_of_its_days(day):
    first = monday(day)
    assert first.weekday() == 0
    assert first <= day < first + WEEK


@given(days, st.integers(0, 300))
def test_weeks_count_from_one(day, later):
    first = monday(day)
    assert week_number(first, first + later * WEEK) == 1 + later


@given(days, st.integers(-10, 10))
def test_this_week_and_the_next_are_planned_once_and_none_that_is_over(today, ahead):
    planned_until = monday(today) + ahead * WEEK
    weeks = weeks_to_plan(planned_until, today)
    assert all(week >= max(monday(today), planned_until) for week in weeks)
    after = weeks[-1] + WEEK if weeks else planned_until
    assert after > today
    assert weeks_to_plan(after, today) == []
    if ahead <= 1:
        assert after == monday(today) + 2 * WEEK


@given(days)
def test_on_the_next_monday_one_more_week_is_planned(today):
    after = weeks_to_plan(monday(today), today)[-1] + WEEK
    assert weeks_to_plan(after, monday(today) + WEEK - timedelta(days=1)) == []
    assert len(weeks_to_plan(after, monday(today) + WEEK)) == 1
