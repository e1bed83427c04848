"""The month itself: its lines are lived in this process, and everything else works beside it."""

import sys
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from bench.real_month import judge
from bench.real_month.clockwork import done, install, show
from bench.real_month.house import House, run
from bench.real_month.players import perform
from bench.real_month.visits import Visits
from bench.servers import cpu_seconds, database_server
from bench.stage import PLAYBOOK
from loop28.front.lines import queries as lines
from loop28.front.playbooks import queries as playbooks
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from loop28.kernel.jobs import pulse
from loop28.rehearsal import world as worlds
from loop28.rehearsal.play import Plan, settle
from loop28.rehearsal.world import World

ZONE = ZoneInfo("Asia/Shanghai")
ALIVE_SECONDS = 60
WRONGS = 100
"""Wrong beats that are named, no more."""

FOUNDED = timedelta(days=70)


def live(count: int, people: int, hours: Sequence[int], kill_every: float) -> dict[str, Any]:
    """So many lines, a week between those of a region, up to the end of the last; what came of it.

    The last one ended yesterday: in the end the clock is given back, and the house goes on in the
    present.
    """
    began = time.monotonic()
    world = _found()
    plans = _plans(world, count, people, hours)
    end = clock.at_local(_today() - timedelta(days=1), 23, 30, ZONE)
    with House(kill_every) as house, Visits(house.port) as visits:
        people_cpu = perform(world, plans, end, _Watch(visits, house, began))
        settle(world, Random(count))
        show(None)
        visits.finish()
        _wait_for_workers()
        ended = lines.lines(SYSTEM).exclude(ended_at=None)
        return {
            "lines": ended.count(),
            "people_each": people,
            "minutes": round((time.monotonic() - began) / 60, 1),
            "kills": house.kills,
            "beats": judge.counts(),
            "wrong_beats": judge.wrongs(clock.now())[:WRONGS],
            "audit": run("audit"),
            "doctor": run("doctor"),
            "browser": visits.told(),
            "cpu_s": _cpu(house, visits) | {"people": round(people_cpu)},
            "rows": _rows(),
        }


class _Watch:
    """Moves the clock, waits for the workers and kills some, looks in on the browser.

    Says once a day how far it is.
    """

    def __init__(self, visits: Visits, house: House, began: float) -> None:
        self._visits, self._house, self._began = visits, house, began
        self._day = date.min

    def __call__(self, moment: datetime) -> None:
        show(moment)
        done(moment, meanwhile=self._house.kill_now_and_then)
        self._visits.look_in()
        day = clock.local_day(moment, ZONE)
        if day != self._day:
            self._day = day
            minutes = (time.monotonic() - self._began) / 60
            seen, wrong = len(self._visits.pages), len(self._visits.wrong)
            said = f"{day}: {minutes:.1f} min, {self._house.kills} kills, {seen} pages"
            print(f"{said}, {wrong} wrong", file=sys.stderr, flush=True)


def _found() -> World:
    """Staff, regions, a playbook, some time before the first line, in a database with a clock."""
    worlds.mark()
    install()
    connection.close()
    show(datetime.now(UTC) - FOUNDED)
    return worlds.furnish(PLAYBOOK.read_bytes())


def _plans(world: World, count: int, people: int, hours: Sequence[int]) -> list[Plan]:
    """A line a week in each region; the last week's end yesterday."""
    playbook = playbooks.playbook(world.playbook)
    regions = len(world.regions)
    last = (count - 1) // regions
    first_day = _today() - timedelta(days=playbook.days + 7 * last)
    return [
        Plan(
            world.regions[number % regions],
            first_day + timedelta(weeks=number // regions),
            people,
            playbook.budget,
            hours,
        )
        for number in range(count)
    ]


def _today() -> date:
    return clock.local_day(datetime.now(UTC), ZONE)


def _wait_for_workers() -> None:
    """Until each has come round in the present, and all that lay before it is done."""
    until = time.monotonic() + ALIVE_SECONDS
    while not pulse.all_alive(clock.now()):
        if time.monotonic() > until:
            raise TimeoutError("a worker does not come round")
        time.sleep(0.1)


def _cpu(house: House, visits: Visits) -> dict[str, int]:
    """Seconds of CPU, by part."""
    spent = house.cpu() | {"browser": visits.cpu()}
    spent["PostgreSQL"] = sum(cpu_seconds(root) for root in database_server())
    return {part: round(seconds) for part, seconds in spent.items()}


def _rows() -> dict[str, int]:
    """How much there is in the end."""
    tables = ("members_member", "groups_message", "ledger_transfer", "journal_entry")
    with connection.cursor() as cursor:
        found = {}
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
            found[table] = cursor.fetchone()[0]
        return found
