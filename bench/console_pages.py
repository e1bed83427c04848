"""What the console's pages cost with a month of full lines, and with the lines of ten months."""

from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from bench.copies import copy
from bench.results import percentile
from bench.stage import PLAYBOOK
from loop28.back.people.models import Region, User
from loop28.front.lines.models import Line
from loop28.front.playbooks import queries as playbooks
from loop28.kernel import clock
from loop28.rehearsal import world as worlds
from loop28.rehearsal.play import GATHERING_DAYS, Plan, play

AGES = (3, 10, 17, 24)
"""Days that the four running lines of each region have behind them."""

OVER = 30
"""Days since the start of a line that has ended lately."""

ZONE = ZoneInfo("Asia/Shanghai")
SMALL = {"people": 10, "weeks": 2, "rounds": 2}


def measure(people: int = 500, weeks: int = 36, rounds: int = 40) -> dict[str, float]:
    """Milliseconds within which 95 of 100 answers of the slowest page come, and of each page.

    Five lines are rehearsed, four of them running, and copied for all six regions: 24 run. Then the
    one that ended is copied into so many weeks before, for all regions: 240 lines. A page is asked
    for in this process, through all middleware, by an administrator, after it was asked for once.
    """
    *running, over = _rehearsed(people)
    others = list(Region.objects.order_by("id"))[1:]
    for number, (line, region) in enumerate(((a, b) for a in running for b in others), start=1):
        copy(line, number, region.pk, timedelta(0))
    _analyze()
    one = _asked(running[2], rounds)
    first = len(running) * len(others) + 1
    for number in range(6 * weeks):
        region = Region.objects.order_by("id")[number % 6]
        copy(over, first + number, region.pk, -timedelta(weeks=1 + number // 6))
    _analyze()
    ten = _asked(running[2], rounds)
    return {
        "value": max(percentile(times, 95) for times in one.values()),
        "with_ten_times_the_data": max(percentile(times, 95) for times in ten.values()),
        "grows_by_at_most": max(median(ten[page]) / median(one[page]) for page in one),
        **{page: percentile(times, 95) for page, times in one.items()},
        **{f"{page}_of_ten": percentile(times, 95) for page, times in ten.items()},
    }


def _rehearsed(people: int) -> list[Line]:
    """Lines with synthetic people, played up to noon of today; the one that is over comes last."""
    now = datetime.now(UTC)
    today = clock.local_day(now, ZONE)
    worlds.mark()
    starts = [today - timedelta(days=age) for age in (*AGES, OVER)]
    clock.move_to(clock.at_local(min(starts) - timedelta(days=GATHERING_DAYS + 1), 9, 0, ZONE))
    world = worlds.furnish(PLAYBOOK.read_bytes())
    budget = playbooks.playbook(world.playbook).budget
    plans = [Plan(world.regions[0], start, people, budget) for start in starts]
    numbers = play(world, plans, clock.at_local(today, 12, 0, ZONE), seed=1, watch=lambda _: None)
    found = Line.objects.in_bulk(numbers)
    return sorted(found.values(), key=lambda line: line.start_day, reverse=True)


def _analyze() -> None:
    """What PostgreSQL does by itself soon after so much was written."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _pages(line: Line) -> dict[str, str]:
    return {
        "war_room_ms": reverse("war-room"),
        "lines_ms": reverse("lines"),
        "line_ms": reverse("line", args=[line.pk]),
        "line_calendar_ms": reverse("line-calendar", args=[line.pk]),
        "members_ms": reverse("line-members", args=[line.pk]),
        "lines_calendar_ms": reverse("lines-calendar"),
        "league_ms": reverse("league"),
        "quota_ms": reverse("quota"),
    }


def _asked(line: Line, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each answer, by page."""
    cache.clear()
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username="admin"), settings.AUTHENTICATION_BACKENDS[-1])
    found: dict[str, list[float]] = {}
    for page, address in _pages(line).items():
        assert client.get(address).status_code == 200, address
        found[page] = [_milliseconds(client, address) for _ in range(rounds)]
    return found


def _milliseconds(client: Client, address: str) -> float:
    start = perf_counter()
    client.get(address)
    return (perf_counter() - start) * 1000
