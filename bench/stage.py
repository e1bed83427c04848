"""Lines with people in them, made through the real actions in a database marked as a rehearsal."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import connection
from django.http import HttpResponse
from django.test import Client

from loop28.back.people import actions as people
from loop28.back.people import queries as places
from loop28.doors import gate
from loop28.front.lines import actions as lines
from loop28.front.lines import queries as line_queries
from loop28.front.lines import schedule, seats
from loop28.front.lines.models import Beat, Line
from loop28.front.playbooks import actions as playbooks
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from loop28.kernel.jobs import run_due
from loop28.kernel.journal.models import RehearsalMark
from loop28.middle.members import actions as members
from loop28.middle.members.actions import NewMember

PLAYBOOK = Path(__file__).parent.parent / "playbooks" / "newcomer-7-21.yaml"
BUDGET_FEN = 1_000_000


@dataclass(frozen=True, slots=True)
class Stage:
    """A line on the eve of its first day, its first group, and the members with a seat in it."""

    line: Line
    group: int
    people: list[int]

    def packets(self) -> list[Beat]:
        """The packets of its first day."""
        beats = schedule.calendar(SYSTEM, self.line.pk)
        return [beat for beat in beats if beat.kind == "packet" and beat.day == 1]


def open_lines(
    count: int, *, people_each: int, shares: int, size: int | None = None
) -> list[Stage]:
    """Lines of the shipped programme that start tomorrow, each of its packets in ``shares``.

    A line has as many seats as people, or ``size``.
    """
    RehearsalMark.objects.get_or_create(id=1)
    people.install_regions(SYSTEM)
    region = places.regions(SYSTEM)[0]
    text = re.sub(r"\bshares: \d+", f"shares: {shares}", PLAYBOOK.read_text())
    playbook = playbooks.publish(SYSTEM, text).pk
    tomorrow = clock.local_day(datetime.now(UTC), ZoneInfo(region.zone)) + timedelta(days=1)
    stages = []
    for host in _people(count, "店主"):
        line = lines.open_line(
            SYSTEM,
            region=region.pk,
            playbook=playbook,
            start_day=tomorrow,
            host=host,
            size=size or people_each,
            budget_fen=BUDGET_FEN,
        )
        seated = _people(people_each, "新人")
        lines.join(SYSTEM, seats.invitations(SYSTEM, line.pk)[0].pk, seated)
        stages.append(Stage(line, line_queries.phases(line.pk)[0].group_id, seated))
    return stages


def live_until(moment: datetime) -> None:
    """Do everything that falls due up to a moment, and leave this process's clock there."""
    clock.move_to(moment)
    run_due(moment)


def settle() -> None:
    """What PostgreSQL does by itself soon after so much was written: count what its tables hold."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def cookies(people_: list[int]) -> list[str]:
    """The cookies that make phones these members', as the door sets them."""
    return [f"{gate.COOKIE}={_cookie(member)}" for member in people_]


def phone(member: int) -> Client:
    """A browser that is this member's."""
    browser = Client(SERVER_NAME="localhost")
    browser.cookies[gate.COOKIE] = _cookie(member)
    return browser


def _cookie(member: int) -> str:
    response = HttpResponse()
    gate.remember(response, member, version=1)
    return response.cookies[gate.COOKIE].value


def _people(count: int, name: str) -> list[int]:
    newcomers = [NewMember(name=f"{name}{n}", adult=True, consent=True) for n in range(count)]
    return members.register_many(SYSTEM, newcomers)
