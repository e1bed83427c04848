"""A page asks the database as often for many lines, hosts and members as for a few."""

from datetime import timedelta

from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from loop28.back.people.models import Region
from loop28.doors.console import menu
from loop28.front.ladder import actions as ladder
from loop28.front.lines import actions as lines
from loop28.front.lines.models import Line
from loop28.kernel.access import SYSTEM, Actor, Role
from tests.line_kit import START, live_until, local, open_line, people, seated
from tests.phones import phone

ADMINISTRATOR = Actor(Role.ADMINISTRATOR, 1)
BELOW = (
    *("quota-open", "line-open", "best-lines", "league-complaints", "line-people"),
    *("circle-open", "appoint", "doubles"),
)
OF_A_LINE = (
    *("line", "line-calendar", "line-members", "line-chat", "line-invitations", "line-packets"),
    *("line-tasks", "line-budget", "line-changes", "line-journal", "line-win-back"),
)
OF_A_HOST = ("host-today", "host-earnings")
OF_A_HOSTS_LINE = ("host-care", "host-people", "host-tick", "host-cards", "host-invitations")


def _asked(client, address):
    """The number of statements of a page that was shown once before."""
    cache.clear()
    assert client.get(address).status_code == 200, address
    with CaptureQueriesContext(connection) as seen:
        client.get(address)
    return len(seen)


def _run(count, start):
    """So many lines with people in training, a message each, and a host who is free."""
    for number in range(count):
        line = open_line(
            start=START + timedelta(days=start + number), code=("HD", "HN")[number % 2]
        )
        comers = seated(line, 3)
        lines.let_in(SYSTEM, line.pk, comers[:2])
        ladder.appoint(SYSTEM, line.host_id, "owner", "first")
        for host in people(2, "店主"):
            ladder.appoint(SYSTEM, host, "owner", "first")


def test_the_pages_of_the_menu(at, desk):
    client = desk()
    addresses = [reverse(name) for name in (*menu.pages(ADMINISTRATOR), *BELOW)]
    _run(2, 0)
    Region.objects.update(weekly_lines=5)  # there is always a line to propose
    live_until(local(4, 13))  # one day of training is over
    few = {address: _asked(client, address) for address in addresses}
    _run(4, 5)
    live_until(local(5, 13))
    assert {address: _asked(client, address) for address in addresses} == few


def test_the_pages_of_a_line_and_of_its_host(at, desk):
    client = desk()
    _run(2, 0)
    live_until(local(2, 9))
    line = Line.objects.earliest("id")
    host = phone(line.host_id)
    pages = [(client, reverse(name, args=[line.pk])) for name in OF_A_LINE]
    pages += [(host, reverse(name, args=[line.pk])) for name in OF_A_HOSTS_LINE]
    pages += [(host, reverse(name)) for name in OF_A_HOST]
    few = {address: _asked(browser, address) for browser, address in pages}
    comers = seated(line, 4)
    lines.let_in(SYSTEM, line.pk, comers)
    _run(4, 5)
    assert {address: _asked(browser, address) for browser, address in pages} == few
