"""Callers that come together share one transaction, and each gets its own answer."""

import threading
import time
from itertools import chain

import pytest
from django.db import OperationalError

from loop28.kernel.gather import Gate
from tests.races import together


def test_alone_an_item_is_a_batch_of_one():
    batches = []

    def double(items):
        batches.append(list(items))
        return [item * 2 for item in items]

    assert Gate(double).pass_through(21) == 42
    assert batches == [[21]]


def test_who_comes_while_a_batch_is_under_way_goes_together_in_the_next():
    batches, first_is_in, all_wait = [], threading.Event(), threading.Event()

    def act(items):
        batches.append(list(items))
        first_is_in.set()
        all_wait.wait(5)
        return [f"answer to {item}" for item in items]

    gate = Gate(act, limit=10)
    numbers = range(25)

    def call(number):
        if number:
            first_is_in.wait()
        return gate.pass_through(number)

    def watch():
        first_is_in.wait()
        while len(gate._waiting) < 24:
            time.sleep(0.001)
        all_wait.set()

    *answers, _ = together(*[lambda n=n: call(n) for n in numbers], watch)
    assert answers == [f"answer to {n}" for n in numbers]
    assert [len(batch) for batch in batches] == [1, 10, 10, 4]
    assert sorted(chain.from_iterable(batches)) == list(numbers)


def test_they_are_taken_in_the_order_they_came():
    batches, first_is_in, go = [], threading.Event(), threading.Event()

    def act(items):
        batches.append(list(items))
        first_is_in.set()
        go.wait(5)
        return items

    gate = Gate(act)
    threads = []
    for number in range(5):
        threads.append(threading.Thread(target=gate.pass_through, args=[number]))
        threads[-1].start()
        first_is_in.wait()
        while len(gate._waiting) < number:
            time.sleep(0.001)
    go.set()
    for thread in threads:
        thread.join()
    assert batches == [[0], [1, 2, 3, 4]]


def test_one_poisonous_item_is_told_so_and_takes_nobody_with_it():
    taken = []

    def act(items):
        if 13 in items:
            raise ValueError("thirteen")
        taken.extend(items)
        return [item + 100 for item in items]

    gate = Gate(act)
    answers = together(*[lambda n=n: gate.pass_through(n) for n in range(30)])
    assert isinstance(answers[13], ValueError)
    assert [a for n, a in enumerate(answers) if n != 13] == [n + 100 for n in range(30) if n != 13]
    assert sorted(taken) == [n for n in range(30) if n != 13]


def five_of_whom_four_come_meanwhile(answers):
    """The gate, what it was called with, and what five got: four came while the first was inside.

    ``answers(call)`` lets the so manieth call be answered or raises, once all of them wait.
    """
    calls, first_is_in, go = [], threading.Event(), threading.Event()

    def act(items):
        calls.append(list(items))
        first_is_in.set()
        go.wait(5)
        answers(len(calls))
        return items

    gate = Gate(act)

    def call(number):
        if number:
            first_is_in.wait()
        return gate.pass_through(number)

    def watch():
        first_is_in.wait()
        while len(gate._waiting) < 4:
            time.sleep(0.001)
        go.set()

    *got, _ = together(*[lambda n=n: call(n) for n in range(5)], watch)
    return gate, calls, got


def away(call=0):
    raise OperationalError("away")


def test_a_database_that_is_away_is_asked_once_for_all():
    gate, calls, (first, *others) = five_of_whom_four_come_meanwhile(
        lambda call: away() if call == 2 else None
    )
    assert first == 0
    assert [type(error) for error in others] == [OperationalError] * 4
    assert len(calls) == 2
    assert gate.pass_through(9) == 9


def test_a_database_that_is_away_is_not_asked_again_for_those_who_came_meanwhile():
    _gate, calls, got = five_of_whom_four_come_meanwhile(away)
    assert [type(answer) for answer in got] == [OperationalError] * 5
    assert calls == [[0]]


def test_too_few_answers_are_a_bug_that_everybody_hears_of():
    gate: Gate[int, int] = Gate(lambda items: [])
    with pytest.raises(RuntimeError, match="1 items went in, 0 results came out"):
        gate.pass_through(1)
    assert all(
        isinstance(error, RuntimeError)
        for error in together(*[lambda n=n: gate.pass_through(n) for n in range(8)])
    )


def test_under_a_storm_everybody_gets_exactly_the_own_answer():
    gate: Gate[int, int] = Gate(lambda items: [item * item for item in items], limit=7)

    def storm(start):
        return [gate.pass_through(n) for n in range(start, start + 200)]

    answers = together(*[lambda s=s: storm(s * 1000) for s in range(16)])
    for start, squares in enumerate(answers):
        assert squares == [n * n for n in range(start * 1000, start * 1000 + 200)]
