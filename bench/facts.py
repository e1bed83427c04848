"""How many facts a second move tasks: taken in, counted, completed, rewarded, journaled."""

import json
from datetime import UTC, datetime, timedelta
from random import Random
from time import perf_counter, process_time
from zoneinfo import ZoneInfo

from loop28.back.people import actions as people
from loop28.back.people import queries as places
from loop28.front.lines import actions as lines
from loop28.front.playbooks import actions as playbooks
from loop28.front.playbooks import sheets
from loop28.front.tasks import actions, intake
from loop28.front.tasks.actions import Given
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
SMALL = {"people_": 40, "batches": 2}


def measure(people_: int = 50_000, batches: int = 100) -> dict[str, float]:
    """Facts of so many members with eight tasks each, by the thousand; a first batch warms up.

    2 of 100 are delivered twice, 3 of 100 tell a known subject under a new key.
    """
    line = _line()
    numbers = _members(people_)
    began = datetime.now(UTC)
    for start in range(0, len(numbers), 500):
        actions.give(
            SYSTEM,
            line,
            [
                Given(member, f"task-{task}", "hand:1", began)
                for member in numbers[start : start + 500]
                for task in range(len(GOALS))
            ],
        )
    loads = _loads(numbers, began, batches + 1)
    intake.receive(SYSTEM, loads.pop(0))
    start_, cpu = perf_counter(), process_time()
    for load in loads:
        intake.receive(SYSTEM, load)
    seconds, cpu = perf_counter() - start_, process_time() - cpu
    taken = batches * BATCH
    return {"value": taken / seconds, "python_us_a_fact": cpu / taken * 1e6}


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
    (host,) = _members(1)
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


def _members(count: int) -> list[int]:
    found: list[int] = []
    while len(found) < count:
        some = min(5_000, count - len(found))
        comers = [NewMember(name="新人", adult=True, consent=True) for _ in range(some)]
        found += members.register_many(SYSTEM, comers)
    return found


def _loads(numbers: list[int], began: datetime, batches: int) -> list[list[Happened]]:
    chance = Random(7)
    facts: list[Happened] = []
    for number in range(batches * BATCH):
        lately = facts[-5_000:]
        dice = chance.random()
        if lately and dice < 0.02:
            facts.append(chance.choice(lately))
        elif lately and dice < 0.05:
            facts.append(chance.choice(lately)._replace(key=f"again:{number}"))
        else:
            member, kind = chance.choice(numbers), chance.randrange(len(GOALS))
            at = began + timedelta(milliseconds=number)
            facts.append(Happened(f"k{number}", member, f"kind_{kind}", at, f"s{number}"))
    return [facts[start : start + BATCH] for start in range(0, len(facts), BATCH)]
