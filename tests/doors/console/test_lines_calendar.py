"""All lines by day on one page."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from loop28.front.lines.models import Beat, Line
from tests.factories import region
from tests.line_kit import START, live_until, local, open_line

pytestmark = pytest.mark.django_db


def cells(page: str, line: Line) -> list[tuple[str, str]]:
    """(look, what it says) of every day of a line that is on the page."""
    link = rf'<a href="/console/lines/{line.pk}/calendar/\d+" title="([^"]*)"'
    return re.findall(rf'<td class="([^"]*)">{link}', page)


def test_a_day_of_a_line_shows_its_phase_and_leads_to_its_beats(desk, line):
    live_until(local(1, 10))
    page = desk().get("/console/lines/calendar").content.decode()
    looks = [look for look, _ in cells(page, line)]
    assert looks[0] == "phase-1 today"
    assert looks[1] == "call"
    assert {look.split()[0] for look in looks[2:]} <= {"phase-2", "push"}
    assert len(looks) == 5
    assert f'href="/console/lines/{line.pk}/calendar/3"' in page


def test_a_call_that_was_moved_is_shown_on_its_new_day(desk, line):
    Beat.objects.filter(line=line, kind="call").update(day=1)
    live_until(local(1, 8))
    page = desk().get("/console/lines/calendar").content.decode()
    assert cells(page, line)[0][0] == "call today"


def test_the_days_before_the_start_show_that_the_line_gathers(desk, line):
    page = desk().get("/console/lines/calendar").content.decode()
    assert 'class="gathers today"' in page


def test_a_failed_beat_marks_its_day(desk, line):
    live_until(local(1, 10))
    Beat.objects.filter(line=line, key="d1-hello").update(state="failed")
    page = desk().get("/console/lines/calendar").content.decode()
    look, words = cells(page, line)[0]
    assert look == "phase-1 trouble today"
    assert words == f"{line.code}, day 1, March 2: 两天相识, to mend"


def test_a_stopped_line_ends_on_the_day_it_was_stopped(desk, line):
    Line.objects.update(stopped_at=local(2, 12), ended_at=local(2, 12))
    live_until(local(2, 13))
    page = desk().get("/console/lines/calendar").content.decode()
    assert len(cells(page, line)) == 2


def test_other_weeks_are_one_tap_away_and_nonsense_shows_these(desk, line):
    client = desk()
    later = START + timedelta(days=35)
    page = client.get("/console/lines/calendar", {"from": later.isoformat()}).content.decode()
    assert "No line in these weeks" in page
    for nonsense in ("x", "0001-01-01", "9999-12-31", "2026-02-30"):
        page = client.get("/console/lines/calendar", {"from": nonsense}).content.decode()
        assert line.code in page


def test_a_manager_sees_the_lines_of_their_region(desk, line):
    other = open_line(code="HN")
    page = desk("region_manager", region("HN")).get("/console/lines/calendar").content.decode()
    assert other.code in page
    assert line.code not in page


def test_more_lines_cost_no_more_statements(desk, line):
    client = desk()
    client.get("/console/lines/calendar")
    with CaptureQueriesContext(connection) as one:
        client.get("/console/lines/calendar")
    open_line(code="HN")
    with CaptureQueriesContext(connection) as two:
        client.get("/console/lines/calendar")
    assert len(two) == len(one)
