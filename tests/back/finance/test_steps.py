"""What came in first is claimed first, and every fen is somewhere."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from loop28.back.finance.steps import Came, Out, Part, parts

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=1)


def test_what_came_first_is_claimed_first_and_the_rest_can_be():
    asked, paid = Out(80, LATER, payout=2), Out(50, NOON, LATER, payout=1)
    assert parts([Came(1, 60), Came(2, 100)], [paid, asked]) == {
        1: [Part(50, paid), Part(10, asked)],
        2: [Part(70, asked), Part(30)],
    }


def test_what_went_back_at_once_is_nowhere():
    assert parts([Came(1, 0), Came(2, 5)], []) == {1: [], 2: [Part(5)]}


@given(st.lists(st.integers(0, 50), max_size=12), st.lists(st.integers(1, 40), max_size=8))
def test_every_fen_is_somewhere_once(amounts, asked):
    came = [Came(key, fen) for key, fen in enumerate(amounts)]
    outs = [Out(fen, NOON, payout=number) for number, fen in enumerate(asked, start=1)]
    found = parts(came, outs)
    assert {key: sum(part.fen for part in of) for key, of in found.items()} == dict(came)
    everywhere = [part for of in found.values() for part in of]
    claimable = sum(part.fen for part in everywhere if part.out is None)
    assert claimable == max(0, sum(amounts) - sum(asked))
    if sum(asked) <= sum(amounts):
        for out in outs:
            assert sum(part.fen for part in everywhere if part.out == out) == out.fen
