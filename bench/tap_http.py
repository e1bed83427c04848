"""How long a member waits for the answer to one tap, when taps come at a steady rate."""

from datetime import UTC, datetime

from django.urls import reverse

from bench.load import bring, request
from bench.results import percentile
from bench.servers import cpu_seconds, web_server
from bench.stage import cookies, open_lines, settle
from loop28.front.tasks import actions
from loop28.front.tasks.giving import Given
from loop28.front.tasks.models import Assignment
from loop28.kernel.access import SYSTEM

SMALL = {"lines": 1, "people": 20, "rate": 10}


def measure(lines: int = 6, people: int = 500, rate: int = 300) -> dict[str, float]:
    """Milliseconds within which 99 of 100 check-ins were answered, counted from when each was due.

    Each is somebody's first, does a task and brings its reward. Those of the first second warm the
    server up and are told apart: threads take their connections, statements are written. One line
    more has checked in before, so that the tables are not empty.
    """
    now = datetime.now(UTC)
    before, *stages = open_lines(lines + 1, people_each=people, shares=100)
    requests = []
    for stage in (before, *stages):
        given = [Given(member, "checkin-first", "hand:1", now) for member in stage.people]
        actions.give(SYSTEM, stage.line.pk, given)
    actions.check_in(SYSTEM, [(before.line.pk, member) for member in before.people])
    for stage in stages:
        tap = reverse("check-in", args=[stage.line.pk])
        requests += [request("POST", tap, phone) for phone in cookies(stage.people)]
    settle()
    with web_server() as (port, process):
        start = cpu_seconds(process)
        counted = bring("in_turn", port=port, requests=requests, phones=100, rate=rate)
        used = cpu_seconds(process) - start
    taps = lines * people
    assert counted["statuses"] == {"302": taps}, counted["statuses"]
    done = Assignment.objects.filter(task="checkin-first", done_at__isnull=False)
    assert done.count() == taps + people, done.count()
    first, seconds = counted["seconds"][:rate], counted["seconds"][rate:]
    return {
        "value": percentile(seconds, 99) * 1e3,
        "median_ms": percentile(seconds, 50) * 1e3,
        "first_second_p99_ms": percentile(first, 99) * 1e3,
        "answered_a_second": taps / counted["total"],
        "web_ms_a_tap": used / taps * 1e3,
    }
