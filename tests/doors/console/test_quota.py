"""The quota board, and opening a week's lines in one step."""

import re
from datetime import timedelta

import pytest

from loop28.front.ladder import actions as ladder
from loop28.front.ladder import offers
from loop28.front.lines.models import Line
from loop28.front.playbooks import actions as playbooks
from loop28.kernel.access import SYSTEM, Actor, Role
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


def accepted(host, code, start_day):
    """An offer that this host of the pool accepted."""
    made = offers.offer(
        SYSTEM,
        host=host.pk,
        region=region(code).pk,
        playbook=playbooks.publish(SYSTEM, SMALL.read_text()).pk,
        start_day=start_day,
        size=12,
        budget_fen=77_700,
        answer_by=local(0, 20),
    )
    return offers.accept(Actor(Role.MEMBER, host.pk), made.pk)


def test_who_accepted_is_proposed_as_it_was_offered_and_their_line_keeps_the_promise(desk, six):
    offer = accepted(six[6], "HB", START + timedelta(days=2))
    client = desk()
    page = client.get("/console/quota/open", {"week": WEEK}).content.decode()
    assert page.count(f"accepted by {six[6].name}") == 1
    fields = filled_in(page)
    (row,) = (n for n in range(6) if fields[f"line-{n}-region"] == str(region("HB").pk))
    said = [fields[f"line-{row}-{name}"] for name in ("host", "start_day", "size", "budget")]
    assert said == [str(six[6].pk), "2026-03-04", "12", "777.00"]
    others = [fields[f"line-{n}-host"] for n in range(6) if n != row]
    assert str(six[6].pk) not in others
    assert send(client, fields).status_code == 302
    offer.refresh_from_db()
    assert offer.line == Line.objects.get(region__code="HB")
    assert offer.line.host_id == six[6].pk
    assert Line.objects.count() == 6


def test_the_board_says_who_accepted_and_leads_to_opening_it(desk, six):
    soon = accepted(six[0], "HD", START)
    late = accepted(six[1], "HN", START + timedelta(days=16))
    page = desk().get("/console/quota?month=2026-03").content.decode()
    assert f"accepted by {soon.host.name}" in page
    assert f'class="quota-slot promised" href="/console/quota/open?week={WEEK}"' in page
    assert f'class="quota-slot promised" href="/console/hosts/{late.host_id}#offers"' in page
    page = desk("auditor").get("/console/quota?month=2026-03").content.decode()
    assert f"accepted by {soon.host.name}" in page
    assert 'href="/console/hosts/' not in page


def closed(page: str) -> dict[str, str]:
    """What cannot be chosen, with its words."""
    return dict(re.findall(r'<option value="(\d+)"[^>]* disabled>(.*?)</option>', page))


def test_who_may_not_host_is_there_with_the_reason_and_cannot_be_chosen(desk, six):
    running = open_line(code="HN")
    Line.objects.filter(pk=running.pk).update(host=six[0], start_day=START)
    trainee = member("学员")
    step = ladder.appoint(SYSTEM, trainee.pk, "owner", "first")
    type(step).objects.filter(pk=step.pk).update(line=running)  # made by a line that still runs
    client = desk()
    page = client.get("/console/quota/open", {"week": WEEK}).content.decode()
    assert "hosts enough lines on these days" in closed(page)[str(six[0].pk)]
    assert str(six[1].pk) not in closed(page)
    page = client.get("/console/lines/open").content.decode()
    assert "hosts enough lines" in closed(page)[str(six[0].pk)]
    assert "their own line is not over" in closed(page)[str(trainee.pk)]
    chosen = {"start_day": (START + timedelta(days=30)).isoformat(), "host": six[0].pk}
    chosen["playbook"] = running.playbook_id
    page = client.get("/console/hosts/choices", chosen).content.decode()
    assert list(closed(page)) == [str(trainee.pk)]
    assert f'value="{six[0].pk}" selected' in page


def test_who_pauses_for_complaints_is_closed_and_refused_if_sent(desk, six, monkeypatch):
    monkeypatch.setattr("loop28.front.ladder.queries.complaints", lambda *of: {six[0].pk: 3})
    client = desk()
    page = client.get("/console/quota/open", {"week": WEEK}).content.decode()
    assert "too many complaints" in closed(page)[str(six[0].pk)]
    fields = filled_in(page)
    assert str(six[0].pk) not in [fields[f"line-{n}-host"] for n in range(6)]
    response = send(client, fields | {"line-0-host": str(six[0].pk)})
    assert "Too many complaints about this host" in response.content.decode()
    assert Line.objects.count() == 5


@pytest.mark.parametrize("day", ["", "soon", "2026-13-01"])
def test_hosts_for_a_day_that_is_none_are_all_open(desk, six, day):
    page = desk().get("/console/hosts/choices", {"start_day": day, "playbook": "x"})
    assert closed(page.content.decode()) == {}
