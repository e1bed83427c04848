"""The league table's page."""

import pytest

from loop28.front.lines import actions as lines
from loop28.front.lines.models import Line
from loop28.kernel.access import SYSTEM
from tests.factories import region
from tests.line_kit import START, live_until, local, open_line, seated

pytestmark = pytest.mark.django_db


def test_its_numbers_open_the_lines_behind_them(desk, at):
    line, other = open_line(code="HD"), open_line(code="HN")
    members = seated(line, 4)
    live_until(local(2, 21))
    lines.let_in(SYSTEM, line.pk, members[:1])
    client = desk()
    page = client.get("/console/league").content.decode()
    assert "25.0%" in page
    span = f"from=2025-12-09&amp;to={START.replace(day=3)}"
    assert f'href="/console/lines?{span}&amp;host={line.host_id}"' in page
    behind = client.get(f"/console/lines?from=2025-12-09&to=2026-03-03&region={line.region_id}")
    assert f">{line.code}<" in behind.content.decode()
    assert f">{other.code}<" not in behind.content.decode()


def test_a_manager_compares_the_hosts_of_their_region_alone(desk, at):
    line, other = open_line(code="HD"), open_line(code="HN")
    live_until(local(1, 10))
    page = desk("region_manager", region("HN")).get("/console/league").content.decode()
    assert other.host.name in page
    assert f"host={line.host_id}&" not in page
    assert "Regions</h2>" not in page


def test_the_people_of_a_tier_can_be_asked_for_and_nonsense_asks_for_all(desk, line):
    seated(line, 2)
    live_until(local(1, 10))
    client = desk()
    assert "Cost per owner</th>" in client.get("/console/league").content.decode()
    page = client.get("/console/league?tier=none&by=cost").content.decode()
    assert "people from: city not named" in page
    assert "Cost per owner</th>" not in page
    for search in ("tier=9", "tier=x", "by=x", "period=x", "region=x"):
        assert client.get(f"/console/league?{search}").status_code == 200


def test_lines_of_before_the_period_or_after_today_do_not_count(desk, line):
    live_until(local(1, 10))
    client = desk()
    assert line.host.name in client.get("/console/league").content.decode()
    Line.objects.update(start_day=START.replace(year=2025))
    assert "Nothing to compare yet" in client.get("/console/league").content.decode()
    Line.objects.update(start_day=START.replace(month=4))
    assert "Nothing to compare yet" in client.get("/console/league").content.decode()
