"""The league table's page."""

import pytest

from loop28.front.groups.models import Complaint
from loop28.front.lines import actions as lines
from loop28.front.lines.models import Line
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from loop28.middle.members.models import Member
from tests.factories import city, region
from tests.line_kit import START, group, invitation, live_until, local, open_line, people, seated

pytestmark = pytest.mark.django_db


def test_its_numbers_open_the_lines_behind_them(desk, at):
    line, other = open_line(code="HD"), open_line(code="HN")
    members = seated(line, 4)
    live_until(local(2, 21))
    lines.let_in(SYSTEM, line.pk, members[:1])
    client = desk()
    page = client.get("/console/league").content.decode()
    assert "25.0%" in page
    span = f"from=2025-12-09&amp;to={START.replace(day=3)}&amp;held=1"
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
    assert "Cost per owner</th>" in page
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


def complained(line, by, decision="settled"):
    """Somebody complained of the host's group as a whole, and it was decided."""
    return Complaint.objects.create(
        key=f"{Complaint.objects.count()}",
        group_id=group(line),
        by_id=by,
        cause="other",
        words="没有人回答",
        first="region",
        at=clock.now(),
        decision=decision,
        decided_at=clock.now(),
    )


def test_complaints_have_a_column_a_rank_and_their_rows(desk, at):
    calm, angry = open_line(code="HD"), open_line(code="HN")
    ann, ben = seated(angry, 2)
    live_until(local(1, 10))
    complained(angry, ann)
    complained(angry, ben)
    complained(angry, ben, "unfounded")
    client = desk()
    page = client.get("/console/league?by=complaints").content.decode()
    assert "Complaints per line</th>" in page
    assert 'aria-current="true">Complaints per line' in page
    behind = client.get("/console/league/complaints", {"host": angry.host_id})
    assert behind.context["page"].paginator.count == 2
    assert "没有人回答" in behind.content.decode()
    none = client.get("/console/league/complaints", {"host": calm.host_id}).content.decode()
    assert "No complaint here" in none
    about = client.get("/console/league/complaints", {"about": angry.host_id})
    assert about.context["page"].paginator.count == 2


def test_complaints_of_another_region_are_not_shown(desk, at):
    line = open_line(code="HD")
    complained(line, *seated(line, 1))
    live_until(local(1, 10))
    client = desk("region_manager", region("HN"))
    for search in ({}, {"host": line.host_id}, {"about": line.host_id}):
        page = client.get("/console/league/complaints", search)
        assert page.context["page"].paginator.count == 0


@pytest.mark.parametrize("show", ["", "joined", "opted-in", "owners", "sold", "nonsense"])
def test_people_of_lines_are_those_of_the_region(desk, at, show):
    line, other = open_line(code="HD"), open_line(code="HN")
    here, there = seated(line, 3), seated(other, 2)
    live_until(local(2, 21))
    lines.let_in(SYSTEM, line.pk, here)
    lines.let_in(SYSTEM, other.pk, there)
    of_all = desk().get("/console/lines/people", {"show": show})
    manager = desk("region_manager", region("HN"))
    of_one = manager.get("/console/lines/people", {"show": show})
    counts = [of.context["page"].paginator.count for of in (of_all, of_one)]
    assert counts == ([0, 0] if show in {"owners", "sold"} else [5, 2])
    assert f'href="/console/lines/{line.pk}"' not in of_one.content.decode()


def test_people_of_lines_are_narrowed_by_tier_and_line(desk, at):
    line, other = open_line(code="HD"), open_line(code="HN")
    comers = people(3)
    Member.objects.filter(pk__in=comers[:2]).update(city=city("杭州"))
    lines.join(SYSTEM, invitation(line), comers)
    seated(other, 4)
    live_until(local(1, 10))
    client = desk()
    tier = city("杭州").tier

    def count(**search):
        return client.get("/console/lines/people", search).context["page"].paginator.count

    assert count(tier=tier) == 2
    assert count(tier="none") == 5
    assert count(mostly=tier) == 3
    assert count(mostly="none") == count(host=other.host_id) == 4
    assert count(stage="open") == 7
    assert count(stage="over") == count(called="1") == 0
    assert count(region=line.region_id, lately="1", held="1") == 3
