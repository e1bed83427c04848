"""The page that says what the best lines did differently."""

import pytest

from loop28.front.lines.models import Line
from tests.factories import region
from tests.line_kit import START, live_until, local, open_line

pytestmark = pytest.mark.django_db


def test_six_called_lines_of_a_version_are_compared_in_sentences(desk, at):
    for code in ("HD", "HN", "HB", "XN", "HZ", "DB"):
        open_line(code=code)
    live_until(local(2, 21))
    page = desk().get("/console/league/best").content.decode()
    assert "2 lines, beside the other 4" in page
    assert "Owners who brought people: 0.0 a line in the best, 0.0 in the others." in page
    assert "Nothing: in what is watched here" in page


def test_few_lines_say_how_many_are_needed(desk, line):
    live_until(local(2, 21))
    page = desk().get("/console/league/best?playbook=x").content.decode()
    assert "A comparison needs 6 lines" in page
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
