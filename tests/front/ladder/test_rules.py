"""Levels are earned by verified behaviour alone."""

from hypothesis import given
from hypothesis import strategies as st

from loop28.front.ladder import rules
from loop28.front.ladder.rules import Numbers
from loop28.front.playbooks.schema import Promotion, Threshold

counts = st.integers(0, 100)
thresholds = st.builds(Threshold, tasks=counts, orders=counts)


@given(thresholds, counts, counts)
def test_both_numbers_must_reach_the_threshold_and_reaching_it_is_enough(asked, tasks, orders):
    assert rules.earned(asked, asked.tasks, asked.orders)
    short = tasks < asked.tasks or orders < asked.orders
    assert rules.earned(asked, tasks, orders) is not short


@given(thresholds, counts, counts, counts, counts)
def test_doing_more_never_loses_a_level(asked, tasks, orders, more_tasks, more_orders):
    if rules.earned(asked, tasks, orders):
        assert rules.earned(asked, tasks + more_tasks, orders + more_orders)


@given(thresholds, thresholds, counts, counts)
def test_the_record_shows_what_was_done_beside_what_was_asked(owner, supervisor, tasks, orders):
    promotion = Promotion(owner=owner, supervisor=supervisor)
    assert rules.threshold(promotion, rules.OWNER) == owner
    assert rules.threshold(promotion, rules.SUPERVISOR) == supervisor
    assert rules.record(owner, Numbers(tasks, orders)) == {
        "tasks": tasks,
        "orders": orders,
        "needs": {"tasks": owner.tasks, "orders": owner.orders},
    }


def test_a_supervisor_stands_above_an_owner():
    assert rules.highest(["owner", "supervisor"]) == "supervisor"
    assert rules.highest(["owner"]) == "owner"
