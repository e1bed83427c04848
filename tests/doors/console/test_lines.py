"""The list of lines, and opening one in one form."""

from datetime import timedelta

import pytest

from loop28.doors.console import choosing, lines
from loop28.front.ladder import actions as ladder
from loop28.front.ladder import pool
from loop28.front.ladder.models import Graduate
from loop28.front.lines.models import Invitation, Line
from loop28.front.playbooks import actions as playbooks
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from loop28.middle.members.models import Member
from tests.factories import member, region, staff
from tests.line_kit import SMALL, START, live_until, local, open_line, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def wish(at):
    """A filled-in form, which would open a line."""
    version = playbooks.publish(SYSTEM, SMALL.read_text())
    host = member("何娟")
    ladder.appoint(SYSTEM, host.pk, "owner", "first")
    return {
        "region": region("HD").pk,
        "playbook": version.pk,
        "start_day": START.isoformat(),
        "host": host.pk,
        "size": "20",
        "budget": "200",
    }


def test_the_form_opens_a_line_and_shows_it(desk, wish):
    response = desk().post("/console/lines/open", wish)
    line = Line.objects.get()
    assert response["Location"] == f"/console/lines/{line.pk}"
    assert (line.size, line.host_id, line.region.code) == (20, wish["host"], "HD")


def test_the_form_comes_filled_with_what_the_playbook_plans(desk, wish):
    page = desk().get("/console/lines/open").content.decode()
    assert 'name="size" value="20"' in page
    assert 'name="budget" value="200.00"' in page
    assert "What it will cost" in page


def test_inviters_get_links_and_bring_their_lines_as_parents(desk, wish):
    parent = open_line(code="HN")
    inviter = member("李丽")
    ladder.appoint(SYSTEM, inviter.pk, "owner", "first")
    Graduate.objects.create(line=parent, member=inviter, tasks=1, orders=1, at=clock.now())
    desk().post("/console/lines/open", wish | {"inviters": [inviter.pk]})
    line = Line.objects.exclude(pk=parent.pk).get()
    invited = Invitation.objects.filter(line=line).values_list("inviter_id", flat=True)
    assert set(invited) == {wish["host"], inviter.pk}
    assert list(line.parents.all()) == [parent]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("start_day", "2026-02-28", "The start day is over"),
        ("start_day", "0001-01-01", "this century"),
        ("start_day", "soon", "valid date"),
        ("size", "501", "less than or equal to 500"),
        ("size", "１.５", "whole number"),
        ("budget", "0", "budget above zero"),
        ("budget", "a lot", "amount in yuan"),
        ("budget", "9" * 11, "amount in yuan"),
        ("host", "", "required"),
        ("host", "987654", "Select a valid choice"),
        ("region", "987654", "Select a valid choice"),
        ("playbook", "x" * 10_000, "Select a valid choice"),
    ],
)
def test_a_refusal_stands_at_its_field_and_nothing_is_lost(desk, wish, field, value, said):
    sent = wish | {"inviters": [wish["host"]]} | {field: value}
    response = desk().post("/console/lines/open", sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert said in response.context["form"].errors[field].as_text()
    kept = response.context["form"]
    assert kept["size"].value() == (value if field == "size" else "20")
    assert f'name="inviters" value="{wish["host"]}"' in page
    assert " checked>" in page
    assert not Line.objects.exists()


def test_amounts_may_be_typed_with_full_width_digits_and_commas(desk, wish):
    desk().post("/console/lines/open", wish | {"budget": "１,２００.５"})
    line = Line.objects.get()
    page = desk().get(f"/console/lines/{line.pk}/budget").content.decode()
    assert "1,200.50" in page


def test_a_host_who_may_not_run_another_line_is_refused_beside_the_field(desk, wish):
    client = desk()
    client.post("/console/lines/open", wish)
    response = client.post("/console/lines/open", wish)
    assert "as their level allows" in response.context["form"].errors["host"].as_text()


def test_a_manager_opens_lines_in_their_own_region_alone(desk, wish):
    client = desk("region_manager", region("HN"))
    response = client.post("/console/lines/open", wish)
    assert set(response.context["form"].errors) == {"region"}
    assert not Line.objects.exists()


def test_the_panel_says_what_the_chosen_size_costs_and_whether_the_budget_lasts(desk, wish):
    asked = wish | {"planned": "20-200.00", "size": "500", "budget": "200"}
    page = desk().get("/console/lines/open/costs", asked).content.decode()
    assert "300 people" in page
    assert "the budget is short" in page


def test_an_untouched_budget_moves_on_with_the_playbook_and_a_typed_one_stays(desk, wish):
    richer = playbooks.publish(SYSTEM, SMALL.read_text().replace('"200.00"', '"900.00"'))
    asked = wish | {"playbook": richer.pk, "planned": "20-200.00", "budget": "200.00"}
    moved = desk().get("/console/lines/open/costs", asked).content.decode()
    assert 'name="budget" value="900.00"' in moved
    kept = desk().get("/console/lines/open/costs", asked | {"budget": "333"}).content.decode()
    assert 'name="budget"' not in kept


def test_what_is_missing_before_the_first_line_is_named(desk, at):
    page = desk().get("/console/lines/open").content.decode()
    assert "Something is missing" in page


def test_the_list_is_filtered_by_stage_and_searched_forgivingly(desk, line):
    later = open_line()
    Line.objects.filter(pk=later.pk).update(start_day=START + timedelta(days=9))
    live_until(local(1, 10))
    client = desk()

    def shown(**search: str) -> set[str]:
        page = client.get("/console/lines", search).content.decode()
        return {one.code for one in (line, later) if f">{one.code}<" in page}

    assert shown() == {line.code, later.code}
    assert shown(stage="running") == {line.code}
    assert shown(stage="gathering") == {later.code}
    assert shown(stage="over") == set()
    assert shown(q=" ｈｄ－２６ ") == {line.code, later.code}
    assert shown(q="\u202e💥" * 200) == set()


class TestManyHosts:
    """More than a form offers at once."""

    @pytest.fixture
    def last(self, at):
        region("HD")
        playbooks.publish(SYSTEM, SMALL.read_text())
        found = people(choosing.SHOWN + 2, "王店主")
        for number in found:
            ladder.appoint(SYSTEM, number, "owner", "first")
        return pool.hosts(staff().actor)[-1].member

    def test_the_form_offers_the_first_and_a_field_to_find_others(self, desk, last):
        form = desk().get("/console/lines/open").content.decode()
        assert form.count('name="inviters"') == choosing.SHOWN
        assert f'value="{last}"' not in form
        assert 'hx-get="/console/hosts/choices' in form

    def test_others_are_found_by_name_and_who_was_chosen_stays(self, desk, last):
        name = Member.objects.get(pk=last).name
        first = Member.objects.earliest("id").pk
        asked = {"find": name, "host": first}
        found = desk().get("/console/hosts/choices", asked).content.decode()
        assert f'value="{last}"' in found
        assert f'value="{first}" selected' in found
        several = desk().get(
            "/console/hosts/choices", {"several": 1, "find": name, "inviters": last}
        )
        assert f'value="{last}" checked' in several.content.decode()

    def test_somebody_beyond_the_first_can_be_chosen(self, desk, last):
        form = lines.OpenLineForm(staff().actor, {"host": str(last), "inviters": [str(last)]})
        form.is_valid()
        assert not {"host", "inviters"} & form.errors.keys()

    def test_a_stranger_cannot_be_chosen(self, desk, last):
        (stranger,) = people(1)
        form = lines.OpenLineForm(staff().actor, {"host": str(stranger)})
        form.is_valid()
        assert "host" in form.errors
