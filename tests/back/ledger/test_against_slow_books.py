"""Random batches, replays and mistakes: the ledger and the slow books always agree."""

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from loop28.back.ledger import accounts
from loop28.back.ledger.actions import Insufficient, Move, ReferenceReused, transfer
from loop28.back.ledger.models import Account, Transfer
from loop28.back.ledger.rules import mistake
from loop28.kernel.access import SYSTEM
from tests.back.ledger.slow_books import SlowBooks

LINE = st.integers(1, 2)
MEMBER = st.integers(1, 3)
WAYS = st.one_of(
    st.tuples(st.just(accounts.TREASURY), st.builds(accounts.budget, LINE), st.just("fund")),
    st.tuples(
        st.builds(accounts.budget, LINE), st.builds(accounts.packet, LINE), st.just("reserve")
    ),
    st.tuples(
        st.builds(accounts.packet, LINE), st.builds(accounts.budget, LINE), st.just("return")
    ),
    st.tuples(
        st.builds(accounts.packet, LINE), st.builds(accounts.wallet, MEMBER), st.just("gift")
    ),
    st.tuples(
        st.builds(accounts.budget, LINE), st.builds(accounts.wallet, MEMBER), st.just("task_fee")
    ),
    st.tuples(
        st.builds(accounts.wallet, MEMBER), st.builds(accounts.paying, LINE), st.just("payout")
    ),
)


def _move(reference, way, amount):
    debit, credit, why = way
    into = "basis" if credit.kind == "wallet" else "movement"
    return Move(f"r{reference}", debit, credit, amount, **{into: why})


# Few references and few amounts, so that replays and reused references are common.
MOVES = st.builds(_move, st.integers(1, 30), WAYS, st.sampled_from([5, 20, 100]))
BATCHES = st.lists(
    st.tuples(st.lists(MOVES, min_size=1, max_size=8), st.booleans(), st.booleans()), max_size=8
)


@pytest.mark.django_db
@settings(max_examples=60)
@given(BATCHES)
def test_the_ledger_and_the_slow_books_agree(batches):
    with transaction.atomic():
        books = SlowBooks()
        sent: list[list[Move]] = []
        for moves, partial, replay in batches:
            batch = sent[-1] if replay and sent else moves
            sent.append(batch)
            assert all(mistake(move) is None for move in batch)
            assert _transfer(batch, partial) == books.transfer(batch, partial)
            _compare(books)
        transaction.set_rollback(True)


def _transfer(moves, partial):
    try:
        with transaction.atomic():
            return transfer(SYSTEM, moves, partial=partial)
    except (Insufficient, ReferenceReused) as error:
        return type(error).__name__


def _compare(books):
    rows = Account.objects.values_list("owner", "kind", "unit", "balance")
    kept = {accounts.AccountKey(*key): balance for *key, balance in rows if balance}
    assert kept == {key: balance for key, balance in books.balances.items() if balance}
    assert set(Transfer.objects.values_list("reference", flat=True)) == set(books.posted)
