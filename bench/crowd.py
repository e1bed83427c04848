"""Members with eight tasks each, and the facts that move them."""

import gc
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from bench.stage import settle
from loop28.back.ledger import actions as ledger
from loop28.back.ledger.accounts import ISSUER, wallet
from loop28.back.ledger.actions import Move
from loop28.back.people import actions as people
from loop28.back.people import queries as places
from loop28.front.lines import actions as lines
from loop28.front.playbooks import actions as playbooks
from loop28.front.playbooks import sheets
from loop28.front.tasks import actions, intake
from loop28.front.tasks.giving import Given
from loop28.front.tasks.rules import Happened
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from loop28.kernel.journal.models import RehearsalMark
from loop28.middle.members import actions as members
from loop28.middle.members.actions import NewMember

BATCH = 1_000
GOALS = (1, 1, 3, 3, 5, 5, 10, 50)
"""How many different subjects each of the eight tasks wants."""

POINTS = (10, 10, 30, 30, 50, 50, 100, 500)


def with_tasks(count: int) -> list[int]:
    """So many new members, each with the eight tasks, open from now on for four weeks.

    They are not new to the house: each has been there, which moved nothing, and has a wallet with a
    point in it.
    """
    line, numbers, began = _line(), register(count), datetime.now(UTC)
    for start in range(0, count, 500):
        some = numbers[start : start + 500]
        given = [Given(m, f"task-{t}", "hand:1", began) for m in some for t in range(len(GOALS))]
        actions.give(SYSTEM, line, given)
        welcome = [
            Move(f"welcome:{m}", ISSUER, wallet(m, "points"), 1, basis="prize") for m in some
        ]
        ledger.transfer(SYSTEM, welcome)
        intake.receive(SYSTEM, [Happened(f"visit:{m}", m, "visit", began) for m in some])
    settle()
    return numbers


def register(count: int) -> list[int]:
    """So many new members."""
    found: list[int] = []
    while len(found) < count:
        some = min(5_000, count - len(found))
        comers = [NewMember(name="新人", adult=True, consent=True) for _ in range(some)]
        found += members.register_many(SYSTEM, comers)
    return found


def batches(numbers: Sequence[int], count: int, name: str = "k") -> list[list[Happened]]:
    """So many batches of facts of these members, each fact a millisecond after the one before.

    2 of 100 are delivered twice, 3 of 100 tell a known subject under a new key. Their keys begin
    with ``name``.
    """
    chance, began = Random(name), datetime.now(UTC)
    facts: list[Happened] = []
    for number in range(count * BATCH):
        lately = facts[-5_000:]
        dice = chance.random()
        if lately and dice < 0.02:
            facts.append(chance.choice(lately))
        elif lately and dice < 0.05:
            facts.append(chance.choice(lately)._replace(key=f"{name}:again:{number}"))
        else:
            member, kind = chance.choice(numbers), chance.randrange(len(GOALS))
            at = began + timedelta(milliseconds=number)
            key = f"{name}:{number}"
            facts.append(Happened(key, member, f"kind_{kind}", at, key))
    loads = [facts[start : start + BATCH] for start in range(0, len(facts), BATCH)]
    gc.freeze()
    return loads


def _line() -> int:
    """A line whose playbook has the eight tasks; nobody needs a seat in it to do them."""
    RehearsalMark.objects.get_or_create(id=1)
    people.install_regions(SYSTEM)
    region = places.regions(SYSTEM)[0]
    rows = [
        {
            "key": f"task-{number}",
            "name": f"task {number}",
            "kind": "measured",
            "how": "bench",
            "effort": "1h",
            "window": "28d",
            "measure": {"fact": f"kind_{number}", "count": "distinct", "at_least": goal},
            "reward": {"points": points},
        }
        for number, (goal, points) in enumerate(zip(GOALS, POINTS, strict=True))
    ]
    sheet = {"loop28": 1, "key": "bench", "name": "Bench", "tasks": rows}
    programme, text = sheets.playbook(json.dumps(sheet).encode())
    (host,) = register(1)
    opened = lines.open_line(
        SYSTEM,
        region=region.pk,
        playbook=playbooks.add_version(SYSTEM, programme, text).pk,
        start_day=clock.local_day(datetime.now(UTC), ZoneInfo(region.zone)),
        host=host,
        size=500,
        budget_fen=100,
    )
    return opened.pk
