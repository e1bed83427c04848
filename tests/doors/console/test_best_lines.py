"""The page that says what the best lines did differently."""

import pytest

from loop28.front.lines import actions as lines
from loop28.front.lines import seats
from loop28.front.lines.models import Line
from loop28.kernel.access import SYSTEM
from tests.factories import region
from tests.line_kit import START, live_until, local, open_line, seated

pytestmark = pytest.mark.django_db


def test_nine_called_lines_of_a_version_are_compared_in_sentences(desk, at):
    opened = [open_line(code=code) for code in ("HD", "HN", "HB") for _ in range(3)]
    for number, line in enumerate(opened):
        seated(line, number + 2)
    live_until(local(2, 21))
    for line in opened[6:]:
        lines.let_in(SYSTEM, line.pk, seats.seated(line.pk)[:4])
    page = desk().get("/console/league/best").content.decode()
    assert "3 lines with 40–50 %, beside the other 6 with 0 %" in page
    assert "People who joined: 9.0 (8–10) a line in the best, 4.5 (2–7) in the others." in page
    assert "As far apart by chance alone: 2 of 100 times." in page
    assert "Hosted by a supervisor: 0 of 3 of the best lines, 0 of 6 of the others." in page
    assert "Owners who brought people: 1 a line in the best, 1 in the others." in page
    assert "100 of 100 times" not in page


def test_few_lines_say_how_many_are_needed(desk, line):
    live_until(local(2, 21))
    page = desk().get("/console/league/best?playbook=x").content.decode()
    assert "A comparison needs 9 lines" in page
    assert line.code in page


def test_without_a_line_it_says_what_comes_first(desk, at):
    assert "Nothing to compare yet" in desk().get("/console/league/best").content.decode()


def test_a_manager_compares_the_lines_of_their_region(desk, line):
    other = open_line(code="HN")
    live_until(local(2, 21))
    page = desk("region_manager", region("HN")).get("/console/league/best").content.decode()
    assert other.code in page
    assert line.code not in page
    assert Line.objects.filter(start_day=START).count() == 2
