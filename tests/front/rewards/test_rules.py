"""A reward travels on known ways only, and reaches a wallet under one reference."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from loop28.back.ledger.rules import mistake
from loop28.front.rewards import rules

claims = st.builds(
    rules.Claim,
    reference=st.from_regex(r"task:[1-9][0-9]{0,17}:(money|points)(:[2-9])?", fullmatch=True),
    line=st.integers(1, 2**62),
    member=st.integers(1, 2**62),
    kind=st.sampled_from(sorted(rules.UNITS)),
    amount=st.integers(1, 10**12),
    basis=st.sampled_from(["task_fee", "commission", "invitation", "prize"]),
)
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
moments = st.integers(0, 10**7).map(lambda seconds: NOW + timedelta(seconds=seconds))


@given(claims)
def test_every_way_is_one_the_ledger_knows(claim):
    for way in (rules.pay, rules.hold, rules.release, rules.give_back):
        assert mistake(way(claim)) is None


@given(claims)
def test_both_ways_into_the_wallet_share_a_reference_so_nobody_is_paid_by_both(claim):
    paid, released = rules.pay(claim), rules.release(claim)
    assert paid.reference == released.reference
    assert paid.credit == released.credit
    references = {rules.hold(claim).reference, rules.give_back(claim).reference, paid.reference}
    assert len(references) == 3


@given(claims)
def test_what_is_held_ends_in_the_wallet_or_where_it_came_from(claim):
    held = rules.hold(claim)
    assert rules.release(claim).debit == held.credit == rules.give_back(claim).debit
    assert rules.give_back(claim).credit == held.debit
    assert {m.amount for m in (held, rules.release(claim), rules.give_back(claim))} == {
        claim.amount
    }


@given(moments, st.integers(0, 60))
def test_a_hold_ends_with_its_last_instant(granted_at, days):
    over = rules.available(granted_at, days)
    assert over - granted_at == timedelta(days=days)
    assert not rules.is_held(over, over)
    assert rules.is_held(over, over - timedelta(microseconds=1))
    assert rules.is_held(over, granted_at) is (days > 0)
