"""Writers who meet, and writers who die: the books stay exact."""

import os
import signal
import subprocess
import sys
import threading

import pytest
from django.db import connection

from loop28.back.ledger import accounts, queries
from loop28.back.ledger.actions import Move, ReferenceReused, transfer
from loop28.back.ledger.models import Account, Transfer
from loop28.kernel import sql
from loop28.kernel.access import SYSTEM
from tests.races import Died, dying_at, environment, together

pytestmark = pytest.mark.django_db(transaction=True)


def fund(line, fen, name="fund"):
    debit, credit = accounts.TREASURY, accounts.budget(line)
    return Move(f"{name}:{line}", debit, credit, fen, movement="fund")


def fee(name, line, member, fen):
    debit, credit = accounts.budget(line), accounts.wallet(member)
    return Move(f"fee:{name}", debit, credit, fen, basis="task_fee")


@pytest.fixture
def no_second_tries(monkeypatch):
    """Fail when anybody lost a race and had to be done again."""
    monkeypatch.setattr(sql, "passing", lambda error: False)


def check_books():
    """Every balance is the sum of its transfers."""
    sums = dict.fromkeys(Account.objects.values_list("id", flat=True), 0)
    for debit, credit, amount in Transfer.objects.values_list("debit", "credit", "amount"):
        sums[debit] -= amount
        sums[credit] += amount
    assert dict(Account.objects.values_list("id", "balance")) == sums


def test_the_same_batch_from_four_writers_is_posted_by_one_of_them(no_second_tries):
    batch = [fund(1, 10_000), *(fee(str(n), 1, n, 10) for n in range(50))]
    answers = together(*[lambda: transfer(SYSTEM, batch)] * 4)
    assert sorted(answers) == [[False] * 51] * 3 + [[True] * 51]
    assert queries.balance(SYSTEM, accounts.budget(1)) == 9_500
    check_books()


def test_writers_on_the_same_accounts_in_opposite_order_do_not_stop_each_other(no_second_tries):
    transfer(SYSTEM, [fund(line, 10_000) for line in range(8)])

    def write(name, lines):
        for turn in range(10):
            transfer(
                SYSTEM,
                [fee(f"{name}.{turn}.{i}", line, 100 + i, 1) for i, line in enumerate(lines)],
            )

    up, down = list(range(8)), list(reversed(range(8)))
    assert (
        together(lambda: write("up", up), lambda: write("down", down), lambda: write("again", up))
        == [None] * 3
    )
    check_books()
    assert queries.balance(SYSTEM, accounts.budget(0)) == 10_000 - 30


def test_the_same_new_accounts_in_opposite_order_are_made_once(no_second_tries):
    def write(name, lines):
        return transfer(SYSTEM, [fund(line, 5, name) for line in lines])

    lines = list(range(40))
    together(lambda: write("a", lines), lambda: write("b", lines[::-1]))
    assert Account.objects.count() == 41
    assert queries.balance(SYSTEM, accounts.TREASURY) == -400
    check_books()


def test_writers_who_want_more_than_there_is_get_exactly_what_there_is(no_second_tries):
    transfer(SYSTEM, [fund(1, 1000)])

    def write(name):
        wishes = [fee(f"{name}.{n}", 1, n, 30) for n in range(20)]
        return transfer(SYSTEM, wishes, partial=True).count(True)

    got = together(*[lambda name=name: write(name) for name in "abcd"])
    assert sum(got) == 33
    assert queries.balance(SYSTEM, accounts.budget(1)) == 10
    check_books()


def test_one_reference_for_two_things_at_the_same_moment_is_posted_for_one():
    transfer(SYSTEM, [fund(1, 1000), fund(2, 1000)])
    first_decided, second_done = threading.Event(), threading.Event()

    def linger(execute, statement, *arguments):
        if statement.startswith('INSERT INTO "ledger_transfer"'):
            first_decided.set()
            second_done.wait(0.5)  # on SQLite the second cannot even begin: go on without it
        return execute(statement, *arguments)

    def first():
        with connection.execute_wrapper(linger):
            return transfer(SYSTEM, [fee("x", 1, 1, 10)])

    def second():
        first_decided.wait()
        try:
            return transfer(SYSTEM, [fee("x", 2, 2, 20)])
        finally:
            second_done.set()

    answers = together(first, second)
    assert [type(answer) for answer in answers if answer != [True]] == [ReferenceReused]
    assert Transfer.objects.filter(reference="fee:x").count() == 1
    check_books()


def test_a_crash_at_any_statement_leaves_nothing_behind_and_the_next_try_succeeds():
    transfer(SYSTEM, [fund(1, 1000)])
    batch = [fee("a", 1, 1, 10), fee("b", 1, 2, 10)]
    for statement in range(1, 20):
        try:
            with dying_at(statement):
                transfer(SYSTEM, batch)
            break
        except Died:
            assert Transfer.objects.count() == 1
            assert Account.objects.count() == 2
            check_books()
    assert statement > 5
    assert queries.balance(SYSTEM, accounts.budget(1)) == 980
    assert transfer(SYSTEM, batch) == [False, False]
    check_books()


WRITER = """
import django; django.setup()
from loop28.back.ledger import accounts
from loop28.back.ledger.actions import Move, transfer
from loop28.kernel.access import SYSTEM
for n in range(100_000):
    debit, credit = accounts.budget(1), accounts.wallet(n % 20)
    transfer(SYSTEM, [Move(f"fee:{n}", debit, credit, 1, basis="task_fee")])
    print(n, flush=True)
"""


def test_a_writer_that_is_killed_loses_nothing_it_acknowledged():
    transfer(SYSTEM, [fund(1, 10**6)])
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", WRITER], stdout=subprocess.PIPE, env=environment(), text=True
    ) as writer:
        seen = [next(writer.stdout) for _ in range(50)]
        os.kill(writer.pid, signal.SIGKILL)
        seen += [line for line in writer.stdout if line.endswith("\n")]
    acknowledged = {f"fee:{line.strip()}" for line in seen}
    written = set(Transfer.objects.filter(basis="task_fee").values_list("reference", flat=True))
    assert acknowledged <= written
    assert len(written - acknowledged) <= 1
    check_books()
