"""Which groups need a hand: a planted cause is found, a healthy group is left in peace."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from loop28.insight.metrics.hands import (
    ACTIVE_LEAST,
    DAYS,
    HOST_SILENT,
    QUESTION_WAITS,
    Need,
    Vitals,
    needs,
)

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def vitals(
    *,
    opened: timedelta = timedelta(days=30),
    people: int = 100,
    active: Sequence[int] = (20,) * DAYS,
    host: timedelta | None = timedelta(hours=2),
    asked: Sequence[timedelta] = (),
    left: int = 0,
) -> Vitals:
    return Vitals(
        opened_at=NOW - opened,
        people=people,
        active=active,
        host_spoke_at=None if host is None else NOW - host,
        asked=[NOW - ago for ago in asked],
        left=left,
    )


def found(**facts: object) -> list[Need]:
    return needs(vitals(**facts), NOW)  # type: ignore[arg-type]


def test_a_healthy_group_needs_nothing():
    assert found() == []


def test_a_question_may_wait_for_a_while():
    assert found(asked=[QUESTION_WAITS - MINUTE]) == []
    assert found(asked=[QUESTION_WAITS, MINUTE]) == [Need.QUESTIONS]


def test_a_host_may_be_silent_for_a_day():
    assert found(host=HOST_SILENT - MINUTE) == []
    assert found(host=HOST_SILENT) == [Need.HOST]


def test_a_host_who_never_spoke_is_missed_a_day_after_the_opening():
    assert found(host=None, opened=HOST_SILENT - MINUTE) == []
    assert found(host=None) == [Need.HOST]
    # What was said before life began in the group does not make it later.
    assert found(host=timedelta(days=3), opened=timedelta(hours=3)) == []


def test_activity_that_fell_by_half_against_the_week_before_is_found():
    assert found(active=[20] * 7 + [10] * 7 + [99]) == [Need.FELL]
    assert found(active=[20] * 7 + [10] * 6 + [11] + [0]) == []


def test_today_is_not_over_and_counts_for_nothing():
    assert found(active=[20] * 14 + [0]) == []


def test_what_was_quiet_before_cannot_fall():
    assert found(active=[1] * 7 + [0] * 7 + [0]) == []
    assert found(active=[ACTIVE_LEAST] + [0] * 14) == [Need.FELL]


def test_many_leavers_are_found_and_few_are_not():
    assert found(people=90, left=10) == []
    assert found(people=89, left=11) == [Need.LEFT]
    assert found(people=2, left=2) == []


def test_the_most_urgent_comes_first():
    causes = found(asked=[timedelta(hours=5)], host=None, active=[20] * 7 + [0] * 8, left=50)
    assert causes == list(Need)


@given(
    st.lists(st.integers(0, 500), min_size=DAYS, max_size=DAYS),
    st.integers(0, 2000),
    st.integers(0, 2000),
)
def test_more_activity_this_week_never_makes_a_group_need_more(active, people, left):
    before = set(found(active=active, people=people, left=left))
    more = [*active[:7], *(count + 1 for count in active[7:14]), active[-1]]
    assert set(found(active=more, people=people, left=left)) <= before
