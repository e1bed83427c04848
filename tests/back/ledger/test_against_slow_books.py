"""Random batches, replays, mistakes and merges: the ledger and the slow books always agree."""

import random
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from loop28.back.ledger.accounts import AccountKey
from loop28.back.ledger.actions import Insufficient, Move, ReferenceReused, hand_over, transfer
from loop28.back.ledger.models import Account, Transfer
from loop28.back.ledger.refusals import AccountClosed
from loop28.kernel.access import SYSTEM
from tests.back.ledger.slow_books import SlowBooks

ACCOUNTS = [
    ("company", "treasury", "fen"),
    ("company", "issuer", "points"),
    ("company", "paid", "fen"),
    *((f"line:{n}", kind, "fen") for n in (1, 2) for kind in ("budget", "held")),
    ("line:1", "held", "points"),
    ("packet:1", "packet", "fen"),
    ("payout:1", "paying", "fen"),
    *((f"member:{n}", "wallet", unit) for n in (1, 2, 3) for unit in ("fen", "points")),
]
KEYS = [AccountKey(*account) for account in ACCOUNTS]
WHYS = ["task_fee", "prize", "gift", "correction", "fund", "reserve", "return", "payout"]

BUDGET, ISSUER = AccountKey("line:1", "budget"), AccountKey("company", "issuer", "points")
BEGIN = [
    Move("fund", AccountKey("company", "treasury"), BUDGET, 1000, movement="fund"),
    *(Move(f"fee{n}", BUDGET, AccountKey(f"member:{n}", "wallet"), 70, "task_fee") for n in (1, 2)),
    Move("points", ISSUER, AccountKey("member:1", "wallet", "points"), 9, "prize"),
]


def likely(chance, books):
    """Mostly a lawful move among few accounts; now and then an old one again, or nonsense."""
    if books.moves and chance.random() < 0.08:
        return chance.choice(books.moves)
    reference = f"r{chance.randint(1, 9 if chance.random() < 0.03 else 10**9)}"
    while True:
        debit, credit = chance.sample(KEYS, 2)
        why, amount = chance.choice(WHYS), chance.choice([5, 20, 100, 400])
        word = "basis" if credit.kind == "wallet" else "movement"
        move = Move(reference, debit, credit, amount, **{word: why})
        if books.lawful(move) or chance.random() < 0.0002:
            return _perhaps_back(chance, books, move) if why == "correction" else move


def _perhaps_back(chance, books, move):
    given = [other for other in books.moves if other.credit == move.debit]
    if not given or chance.random() < 0.5:
        return move
    amount = min(move.amount, given[0].amount) if chance.random() < 0.95 else move.amount
    return replace(move, amount=amount, reverses=chance.choice(given[:9]).reference)


def done(verb, *arguments, **options):
    """What it returned, or the name of what it raised."""
    try:
        with transaction.atomic():
            return verb(SYSTEM, *arguments, **options)
    except (Insufficient, ReferenceReused, AccountClosed, ValueError, IntegrityError) as error:
        return type(error).__name__


def agree(books):
    """Every balance is the slow books', no other transfer stands, and nothing was made or lost."""
    rows = Account.objects.values_list("owner", "kind", "unit", "balance")
    kept = {AccountKey(*key): balance for *key, balance in rows}
    assert {key: left for key, left in kept.items() if left} == {
        key: left for key in books.accounts() if (left := books.balance(key))
    }
    assert all(left >= 0 or key.kind in ["treasury", "issuer"] for key, left in kept.items())
    for unit in ("fen", "points"):
        assert sum(left for key, left in kept.items() if key.unit == unit) == 0
    references = list(Transfer.objects.order_by("id").values_list("reference", flat=True))
    assert references == [move.reference for move in books.moves]


class Ledger(RuleBasedStateMachine):
    """Batches, replays of what came before and people who turn out to be one, in any order."""

    def __init__(self):
        super().__init__()
        self.outside = transaction.atomic()
        self.outside.__enter__()
        self.books, self.sent = SlowBooks(), []
        self._send(BEGIN, partial=False)

    def teardown(self):
        transaction.set_rollback(True)
        self.outside.__exit__(None, None, None)

    @rule(seed=st.integers(0, 10**6), size=st.integers(1, 8), partial=st.booleans())
    def transfer(self, seed, size, partial):
        chance = random.Random(seed)
        self._send([likely(chance, self.books) for _ in range(size)], partial)

    @rule(which=st.integers(0, 99), partial=st.booleans())
    def replay(self, which, partial):
        if self.sent:
            self._send(self.sent[which % len(self.sent)], partial)

    @rule(kept=st.integers(1, 3), lost=st.integers(1, 3))
    def merge(self, kept, lost):
        merge(self.books, kept, lost)

    @invariant()
    def agrees(self):
        agree(self.books)

    def _send(self, batch, partial):
        self.sent.append(batch)
        assert done(transfer, batch, partial=partial) == self.books.transfer(batch, partial)


def merge(books, kept, lost):
    """Two records turn out to be one person's, unless that was known of either."""
    units = ("fen", "points")
    pairs = [[AccountKey(f"member:{n}", "wallet", unit) for unit in units] for n in (kept, lost)]
    if kept == lost or set(pairs[0] + pairs[1]) & set(books.closed):
        return
    expected = books.merge(*pairs)
    before = Transfer.objects.count()
    hand_over(SYSTEM, kept, lost)
    sides = [
        f"{side}__{name}" for side in ("debit", "credit") for name in ("owner", "kind", "unit")
    ]
    columns = ["reference", *sides, "amount", "basis", "movement"]
    for row in Transfer.objects.order_by("id").values_list(*columns)[before:]:
        move = Move(row[0], AccountKey(*row[1:4]), AccountKey(*row[4:7]), *row[7:])
        books.moves.append(move)
    made = [(move.debit, move.credit, move.amount) for move in books.moves[before:]]
    assert made == expected


@pytest.mark.django_db
def test_the_ledger_and_the_slow_books_agree(times):
    few = settings(max_examples=12 * times, stateful_step_count=15, deadline=None)
    run_state_machine_as_test(Ledger, settings=few)


@pytest.mark.django_db
def test_random_operations_break_no_invariant(times):
    """500 operations at a time, on books of their own. All that can come of one does."""
    chance, seen = random.Random(28), set()
    for _ in range(times):
        with transaction.atomic():
            books, operations = SlowBooks(), 0
            while operations < 500:
                batch = [likely(chance, books) for _ in range(chance.choice([1, 2, 3, 5, 30]))]
                partial = chance.random() < 0.8
                answer = done(transfer, batch, partial=partial)
                assert answer == books.transfer(batch, partial)
                seen |= {answer} if isinstance(answer, str) else set(answer)
                operations += len(batch)
            agree(books)
            transaction.set_rollback(True)
    errors = {"Insufficient", "ReferenceReused", "ValueError", "IntegrityError"}
    assert seen == {True, False, None, *errors}
