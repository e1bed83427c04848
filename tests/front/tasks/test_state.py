"""One stream of facts comes to one state: on each database, in any order, in any batches."""

import json
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from random import Random

import pytest

from loop28.front.tasks import actions, intake
from loop28.front.tasks.giving import Given
from loop28.front.tasks.models import Assignment
from loop28.front.tasks.rules import Happened
from loop28.kernel.access import SYSTEM
from loop28.kernel.amounts import MILLIONTHS
from tests.front.tasks import model
from tests.front.tasks.kit import wallet
from tests.front.tasks.test_facts import NOON, line_with
from tests.line_kit import people

STATE = "a3cc2906db11f56c"
"""What SQLite and PostgreSQL both come to; another one means that people are owed otherwise."""

TASKS = {
    "visits": model.Task("visit", "number", 3, strict=False, where={}, hours=24),
    "places": model.Task("visit", "distinct", 3, strict=True, where={"way": ["web"]}, hours=48),
    "turnover": model.Task("sale", "sum", 20 * MILLIONTHS, strict=False, where={}, hours=48),
    "big": model.Task("sale", "largest", 8 * MILLIONTHS, strict=True, where={}, hours=12),
    "next": model.Task("sale", "number", 2, strict=False, where={}, hours=24, after="visits"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_a_stream_comes_to_the_same_state_on_every_database_and_in_every_order(at, seed):
    line = line_with(TASKS)
    members = people(30)
    first = [key for key, task in TASKS.items() if not task.after]
    actions.give(SYSTEM, line, [Given(m, key, "hand:1", NOON) for m in members for key in first])
    told = facts(members)
    gone = [fact.key for fact in told[::25]]
    at(NOON + timedelta(hours=60))
    for some in batches(told, seed):
        intake.receive(SYSTEM, some)
    intake.reverse(SYSTEM, gone)
    assert state(members) == STATE


def facts(members: list[int]) -> list[Happened]:
    """1,500 facts of these members, each at an instant of its own."""
    chance = Random("state")
    return [
        Happened(
            key=f"k{number}",
            member_id=chance.choice(members),
            kind=chance.choice(["visit", "sale"]),
            at=NOON + timedelta(minutes=2 * number),
            subject=f"s{chance.randrange(9)}",
            amount=chance.randrange(10 * MILLIONTHS),
            fields=chance.choice([None, {"way": "web"}]),
        )
        for number in range(1500)
    ]


def batches(told: list[Happened], seed: int) -> Iterator[list[Happened]]:
    """As it happened first; then shuffled, some of it twice, in batches of any size."""
    chance = Random(seed)
    rest = list(told)
    if seed:
        rest += chance.sample(told, 200)
        chance.shuffle(rest)
    while rest:
        size = chance.randint(1, 400)
        yield rest[:size]
        del rest[:size]


def state(members: list[int]) -> str:
    """How far everybody is, what carries it since when, what they got; no number of a database."""
    nth = {member: place for place, member in enumerate(members)}
    columns = ("member", "task", "opening", "progress", "evidence", "done_at")
    stands = Assignment.objects.values_list(*columns)
    rows = sorted([nth[who], *of, at.isoformat() if at else ""] for who, *of, at in stands)
    assert {True, False} == {bool(row[-1]) for row in rows}
    told = [rows, [wallet(member, "points") for member in members]]
    return sha256(json.dumps(told).encode()).hexdigest()[:16]
