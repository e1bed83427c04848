"""Levels are earned by verified behaviour alone."""

from hypothesis import given
from hypothesis import strategies as st

from loop28.front.ladder import rules
from loop28.front.ladder.rules import Numbers
from loop28.front.playbooks.schema import Promotion, Threshold

counts = st.integers(0, 100)
maybe = st.none() | counts
thresholds = st.builds(
    Threshold,
    tasks=counts,
    orders=counts,
    lessons=st.none() | st.integers(1, 100),
    complaints_max=maybe,
    refunded_percent_max=st.none() | st.integers(0, 99),
)
records = st.builds(
    Numbers, tasks=counts, orders=counts, lessons=counts, complaints=counts, refunded=counts
)


def keeps(asked: Threshold, did: Numbers) -> bool:
    """The same rule said slowly, in fractions."""
    sold = did.orders + did.refunded
    share = 0 if sold == 0 else 100 * did.refunded / sold
    most = 100 if asked.refunded_percent_max is None else asked.refunded_percent_max
    return (
        did.tasks >= asked.tasks
        and did.orders >= asked.orders
        and did.lessons >= (asked.lessons or 0)
        and (asked.complaints_max is None or did.complaints <= asked.complaints_max)
        and share <= most
    )


@given(thresholds, records)
def test_every_number_must_keep_the_threshold_and_keeping_it_is_enough(asked, did):
    assert rules.earned(asked, did) is keeps(asked, did)


@given(thresholds, records, counts, counts, counts)
def test_doing_more_never_loses_a_level(asked, did, tasks, orders, lessons):
    if rules.earned(asked, did):
        more = Numbers(
            did.tasks + tasks,
            did.orders + orders,
            did.lessons + lessons,
            did.complaints,
            did.refunded,
        )
        assert rules.earned(asked, more)


@given(thresholds, thresholds, records)
def test_the_record_shows_what_decided_beside_what_was_asked(owner, supervisor, did):
    promotion = Promotion(owner=owner, supervisor=supervisor)
    assert rules.threshold(promotion, rules.OWNER) == owner
    assert rules.threshold(promotion, rules.SUPERVISOR) == supervisor
    kept = rules.record(owner, did)
    needs = kept.pop("needs")
    assert needs == rules.needs(owner)
    assert set(kept) == set(needs) <= rules.asked(promotion)
    assert kept == {name: getattr(did, name) for name in needs}


def test_the_record_holds_nothing_that_nobody_asked_for():
    kept = rules.record(Threshold(tasks=3, orders=1), Numbers(5, 2, 1, 4, 6))
    assert kept == {"tasks": 5, "orders": 2, "needs": {"tasks": 3, "orders": 1}}


def test_a_supervisor_stands_above_an_owner():
    assert rules.highest(["owner", "supervisor"]) == "supervisor"
    assert rules.highest(["owner"]) == "owner"


@given(thresholds, records, records)
def test_only_what_was_reached_can_come_undone_and_never_by_complaints(asked, then, now):
    kept = rules.record(asked, then)
    apart = asked.model_copy(update={"complaints_max": None})
    came_back = rules.earned(apart, then) and not rules.earned(apart, now)
    assert rules.undone(kept, now) is came_back


def test_a_level_without_numbers_cannot_come_undone():
    assert not rules.undone({}, Numbers(0, 0))
