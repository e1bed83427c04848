"""The war room shows what is wrong first, and how to mend it with one button."""

import pytest

from loop28.front.ladder import actions as ladder
from loop28.front.lines.models import Beat
from loop28.front.playbooks import actions as playbooks
from loop28.kernel.access import SYSTEM
from tests.factories import member, region
from tests.line_kit import SMALL, live_until, local, open_line, seated

pytestmark = pytest.mark.django_db


def test_an_empty_installation_says_what_to_do_first(desk, at):
    page = desk().get("/console/").content.decode()
    assert "Three steps to the first line" in page
    assert 'btn-primary" href="/console/playbooks/new"' in page
    playbooks.publish(SYSTEM, SMALL.read_text())
    assert 'btn-primary" href="/console/hosts/appoint"' in desk().get("/console/").content.decode()
    ladder.appoint(SYSTEM, member().pk, "owner", "first")
    assert 'btn-primary" href="/console/lines/open"' in desk().get("/console/").content.decode()


def test_who_may_not_do_the_first_steps_is_offered_no_button(desk, at):
    page = desk("auditor").get("/console/").content.decode()
    assert "Publish a playbook" in page
    assert 'href="/console/playbooks/new"' not in page


def test_a_red_item_names_line_and_cause_and_its_button_mends_it(desk, line):
    seated(line, 20)
    live_until(local(1, 9, 2))
    Beat.objects.filter(key="d1-hello").update(state="planned")
    client = desk()
    page = client.get("/console/").content.decode()
    assert line.code in page
    assert "1 beat is overdue" in page
    assert '<form method="post" action="/console/do-due">' in page
    page = client.post("/console/do-due", follow=True).content.decode()
    assert "What was due is done." in page
    assert "is overdue" not in page


def test_money_that_is_missing_is_filled_into_the_form(desk, at):
    line = open_line(budget_fen=1_500)
    seated(line, 20)
    at(local(0, 20))
    client = desk()
    address = f"/console/lines/{line.pk}/budget?add=5.00"
    assert address in client.get("/console/").content.decode()
    assert 'name="fen" value="5.00"' in client.get(address).content.decode()


def test_an_auditor_sees_red_but_only_opens_pages(desk, line):
    seated(line, 20)
    live_until(local(1, 9, 2))
    Beat.objects.filter(key="d1-hello").update(state="planned")
    page = desk("auditor").get("/console/").content.decode()
    assert "is overdue" in page
    assert "/console/do-due" not in page


def test_a_manager_sees_their_region_and_no_switch(desk, line):
    other = open_line(code="HN")
    page = desk("region_manager", region("HD")).get("/console/").content.decode()
    assert line.code in page
    assert other.code not in page
    assert "All regions" not in page


def test_the_switch_shows_one_region_and_the_menu_keeps_it(desk, line):
    other = open_line(code="HN")
    page = desk().get(f"/console/?region={other.region_id}").content.decode()
    assert other.code in page
    assert line.code not in page
    assert f"/console/lines?region={other.region_id}" in page


@pytest.mark.parametrize("odd", ["", "x", "0", "9" * 20, "9" * 5_000, "１", "-1", "<script>"])
def test_a_region_that_is_none_shows_all(desk, line, odd):
    response = desk().get("/console/", {"region": odd})
    assert response.status_code == 200
    assert line.code in response.content.decode()


def test_a_poll_brings_the_part_that_moves_and_nothing_around_it(desk, line):
    client = desk()
    for address in ("/console/", f"/console/lines/{line.pk}"):
        part = client.get(address, headers={"HX-Request": "true"}).content.decode()
        assert "kpi" in part
        assert "<html" not in part
        assert f'hx-get="{address}"' in client.get(address).content.decode()


def test_more_than_a_handful_of_red_items_is_one_tap_away(desk, at):
    for _ in range(8):
        open_line()
    client = desk()
    page = client.get("/console/").content.decode()
    assert "2 more" in page
    assert page.count('class="mark"') == 6
    assert client.get("/console/?reds=all").content.decode().count('class="mark"') == 8
