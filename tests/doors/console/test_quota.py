"""The quota board, and opening a week's lines in one step."""

import re
from datetime import timedelta

import pytest

from loop28.front.ladder import actions as ladder
from loop28.front.lines.models import Line
from loop28.front.playbooks import actions as playbooks
from loop28.kernel.access import SYSTEM
from tests.factories import member, region
from tests.line_kit import SMALL, START, local, open_line

pytestmark = pytest.mark.django_db

WEEK = START.isoformat()


@pytest.fixture
def six(at):
    """Six regions with a published playbook and seven hosts of the headquarters."""
    region("HD")
    playbooks.publish(SYSTEM, SMALL.read_text())
    hosts = [member(f"店主{n}") for n in range(7)]
    for host in hosts:
        ladder.appoint(SYSTEM, host.pk, "owner", "first")
    return hosts


def filled_in(page: str, **changes: str) -> dict[str, str]:
    """The form as the page proposes it, with changes by the name of a field."""
    fields = dict(
        re.findall(r'<input type="(?:hidden|text|date|number)" name="(\S+)" value="(.*?)"', page)
    )
    for name, options in re.findall(r'<select name="(\S+)".*?>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="(\d+)" selected', options)
        fields[name] = chosen[1] if chosen else ""
    for name in re.findall(r'<input type="checkbox" name="(\S+)".*? checked', page):
        fields[name] = "on"
    return fields | changes


def proposed(client, **changes: str) -> dict[str, str]:
    page = client.get("/console/quota/open", {"week": WEEK}).content.decode()
    return filled_in(page, **changes)


def send(client, fields):
    return client.post(f"/console/quota/open?week={WEEK}", fields)


def test_all_regions_open_the_lines_of_a_week_in_one_step(desk, six):
    client = desk()
    response = send(client, proposed(client))
    assert response["Location"] == "/console/quota?month=2026-03"
    opened = Line.objects.order_by("region")
    assert [line.region.code for line in opened] == ["HD", "HN", "HB", "XN", "HZ", "DB"]
    assert len({line.host_id for line in opened}) == 6
    assert {(line.start_day, line.size) for line in opened} == {(START, 20)}
    page = client.get(response["Location"]).content.decode()
    assert "6 lines are open: HD-260302, HN-260302" in page


def test_what_is_proposed_can_be_corrected_and_rows_left_out(desk, six):
    client = desk()
    fields = proposed(client, **{"line-0-size": "12", "line-0-host": str(six[6].pk)})
    for number in range(1, 6):
        del fields[f"line-{number}-chosen"]
        fields[f"line-{number}-size"] = "nonsense in a row that is left out"
    assert send(client, fields).status_code == 302
    line = Line.objects.get()
    assert (line.size, line.host_id) == (12, six[6].pk)


def test_a_refused_row_comes_back_with_its_reason_and_the_good_ones_are_open(desk, six):
    client = desk()
    fields = proposed(client, **{"line-2-start_day": "2026-02-27", "line-4-budget": "a lot"})
    response = send(client, fields)
    page = response.content.decode()
    assert response.status_code == 422
    assert Line.objects.count() == 4
    assert "The start day is over" in page
    assert "amount in yuan" in page
    assert "4 lines are open" in page
    assert 'name="line-2-start_day"' in page
    assert 'name="line-0-start_day"' not in page
    again = filled_in(page, **{"line-2-start_day": WEEK, "line-4-budget": "100"})
    assert send(client, again).status_code == 302
    assert Line.objects.count() == 6


def test_sent_twice_it_opens_nothing_twice_and_answers_the_same(desk, six):
    client = desk()
    fields = proposed(client)
    first, second = send(client, fields), send(client, fields)
    assert first["Location"] == second["Location"]
    assert Line.objects.count() == 6


def test_a_host_chosen_for_two_rows_of_a_day_is_refused_in_the_second(desk, six):
    client = desk()
    fields = proposed(client)
    response = send(client, fields | {"line-1-host": fields["line-0-host"]})
    assert "This host was chosen twice for that day" in response.content.decode()
    assert Line.objects.count() == 5


def test_nothing_chosen_says_so(desk, six):
    client = desk()
    fields = {name: value for name, value in proposed(client).items() if "chosen" not in name}
    response = send(client, fields)
    assert response.status_code == 422
    assert "No row is chosen" in response.content.decode()


def test_a_row_without_a_free_host_is_left_out_until_one_is_chosen(desk, six):
    for host in six[1:]:
        Line.objects.filter(pk=open_line(code="HD").pk).update(
            host=host, start_day=START - timedelta(days=7), days=28
        )
    page = desk().get("/console/quota/open", {"week": WEEK}).content.decode()
    fields = filled_in(page)
    assert [fields.get(f"line-{n}-chosen") for n in range(6)] == ["on", *[None] * 5]
    assert "busy until" in page


def test_a_manager_opens_the_week_of_their_region_alone(desk, six):
    client = desk("region_manager", region("HN"))
    fields = proposed(client)
    assert fields["line-TOTAL_FORMS"] == "1"
    stolen = fields | {"line-0-region": str(region("HD").pk)}
    assert send(client, stolen).status_code == 422
    assert not Line.objects.exists()
    assert send(client, fields).status_code == 302
    assert Line.objects.get().region.code == "HN"


def test_a_region_that_has_its_line_is_not_asked_again(desk, six):
    open_line(code="HD")
    fields = proposed(desk())
    assert fields["line-TOTAL_FORMS"] == "5"
    assert str(region("HD").pk) not in {fields[f"line-{n}-region"] for n in range(5)}


def test_a_slot_leads_to_its_line_or_to_opening_one(desk, at):
    line = open_line()
    region("HN")
    page = desk().get("/console/quota?month=2026-03").content.decode()
    assert f'class="quota-slot opening" href="/console/lines/{line.pk}"' in page
    assert f'class="quota-slot ahead" href="/console/quota/open?week={WEEK}"' in page
    assert page.count("/console/quota/open?week=") == 5  # next week, and none after it
    page = desk("auditor").get("/console/quota?month=2026-03").content.decode()
    assert "/console/quota/open" not in page


@pytest.mark.parametrize("month", ["", "soon", "2026-13", "0001-01", "9999-12", "2026-03-01-01"])
def test_a_month_that_is_none_shows_this_one(desk, line, at, month):
    at(local(1, 10))
    response = desk().get("/console/quota", {"month": month})
    assert response.status_code == 200
    assert "March 2026" in response.content.decode()


def test_numbers_of_the_board_open_the_lines_behind_them(desk, at):
    here, later = open_line(), open_line(code="HN")
    Line.objects.filter(pk=later.pk).update(start_day=START + timedelta(days=40))
    client = desk()
    page = client.get("/console/lines", {"from": WEEK, "to": "2026-03-29"}).content.decode()
    assert f">{here.code}<" in page
    assert f">{later.code}<" not in page
    page = client.get("/console/lines", {"host": later.host_id}).content.decode()
    assert f">{later.code}<" in page
    assert f">{here.code}<" not in page
    assert client.get("/console/lines", {"from": "x", "host": "９"}).status_code == 200
