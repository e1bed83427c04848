"""A page asks the database as often for many lines, hosts and members as for a few."""

from datetime import timedelta

from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from loop28.doors.console import menu
from loop28.front.ladder import actions as ladder
from loop28.front.lines import actions as lines
from loop28.front.lines.models import Line
from loop28.kernel.access import SYSTEM, Role
from tests.factories import staff
from tests.line_kit import START, live_until, local, open_line, people, region, seated
from tests.phones import phone

BELOW = ("quota-open", "line-open", "best-lines", "circle-open", "appoint")
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


def _run(count, code, start=0):
    """So many lines with people in training, and twice as many hosts of the region who are free."""
    manager = staff(Role.REGION_MANAGER, region(code))
    for number in range(count):
        line = open_line(start=START + timedelta(days=start + number % 2), code=code)
        comers = seated(line, 3)
        lines.let_in(SYSTEM, line.pk, comers[:2])
        for host in (line.host_id, *people(2, "店主")):
            ladder.appoint(manager.actor, host, "owner", "first")


def test_the_pages_of_the_menu(at, desk):
    """Two regions that live through the same days, one with three times the lines."""
    _run(2, "HD")
    _run(6, "HN")
    live_until(local(5, 13))
    few, many = (desk("region_manager", region(code)) for code in ("HD", "HN"))
    addresses = [reverse(name) for name in (*menu.pages(few.user.actor), *BELOW)]
    asked = {address: (_asked(few, address), _asked(many, address)) for address in addresses}
    assert {address for address, (of_few, of_many) in asked.items() if of_few != of_many} == set()


def test_the_pages_of_a_line_and_of_its_host(at, desk):
    client = desk()
    _run(2, "HD")
    live_until(local(2, 9))
    line = Line.objects.earliest("id")
    host = phone(line.host_id)
    pages = [(client, reverse(name, args=[line.pk])) for name in OF_A_LINE]
    pages += [(host, reverse(name, args=[line.pk])) for name in OF_A_HOSTS_LINE]
    pages += [(host, reverse(name)) for name in OF_A_HOST]
    few = {address: _asked(browser, address) for browser, address in pages}
    comers = seated(line, 4)
    lines.let_in(SYSTEM, line.pk, comers)
    _run(4, "HD", start=5)
    assert {address: _asked(browser, address) for browser, address in pages} == few
