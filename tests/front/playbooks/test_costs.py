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


def test_the_best_result_is_counted_and_every_cap_bounds_it():
    tiers = 'money: "5.00"\n      tiers: [{at_least: 3, money: "8.00"}]'
    better = changed('money: "5.00"', tiers)
    assert cost(parsed(better), 60).rewards_fen == 12 * 1150
    first = changed('money: "2.00"', 'money: "2.00"\n      first: 3')
    assert cost(parsed(first), 60).rewards_fen == 12 * 650 + 3 * 200
    most = changed('money: "2.00"', 'money: "2.00"\n      most: "9.00"')
    assert cost(parsed(most), 60).rewards_fen == 12 * 650 + 900
    part = changed('money: "2.00"', 'money: "2.00"\n      budget: a')
    part = changed('budget: "200.00"', 'budget: "200.00"\nbudgets: [{key: a, most: "7.00"}]', part)
    assert cost(parsed(part), 60).rewards_fen == 12 * 650 + 700
    for caps, fen in (
        ('member: "3.00"', 12 * 300),
        ('line: "50.00"', 5000),
        ('day: "1.00"', 10200),
    ):
        capped = changed('budget: "200.00"', f'budget: "200.00"\ncaps: {{{caps}}}')
        assert cost(parsed(capped), 60).rewards_fen == fen
