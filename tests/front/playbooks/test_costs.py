"""What a line costs at most."""

from hypothesis import given
from hypothesis import strategies as st

from loop28.front.playbooks.rules import cost
from tests.front.playbooks.kit import SMALL, changed, parsed

ONE_PHASE = SMALL.replace(
    SMALL[SMALL.index("  - key: warmup") : SMALL.index("  - key: training")], ""
)


def test_all_packets_and_every_reward_of_everybody_who_passes():
    most = cost(parsed(), 60)
    assert (most.people, most.packets_fen, most.rewards_fen) == (12, 4400, 12 * 850)
    assert most.total_fen == 14_600


def test_half_a_person_is_one():
    assert cost(parsed(changed("size: 20", "size: 15")), 10).people == 2


def test_a_task_opened_twice_may_be_paid_twice():
    again = changed("[first-order]", "[first-order, quiz]")
    assert cost(parsed(again), 100).rewards_fen == 20 * (850 + 100)


def test_without_screening_everybody_counts():
    assert cost(parsed(ONE_PHASE), 10).people == 20


@given(st.integers(0, 100), st.integers(0, 100))
def test_more_people_never_cost_less(one, other):
    low, high = sorted([one, other])
    assert cost(parsed(), low).total_fen <= cost(parsed(), high).total_fen
