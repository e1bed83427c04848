"""Published playbooks are read as a timeline, with their lines, and compared."""

import pytest

from loop28.front.playbooks import actions
from loop28.kernel.access import SYSTEM
from loop28.ui.text import yuan
from tests.factories import region
from tests.line_kit import SMALL

pytestmark = pytest.mark.django_db
GOOD = SMALL.read_text()
RICHER = GOOD.replace('"200.00"', '"900.00"').replace('at: "09:00"', 'at: "09:30"')


def test_the_page_shows_every_day_with_talks_packets_tasks_and_call(desk):
    version = actions.publish(SYSTEM, GOOD)
    response = desk().get(f"/console/playbooks/{version.pk}")
    page = response.content.decode()
    assert [day.number for day in response.context["days"]] == [1, 2, 3, 4, 5]
    told = ("初次见面", "供销社站过柜台", "值，现在还在用", "打个卡", "在群里打个「1」")
    for words in (*told, yuan(1_000)):
        assert words in page
    assert page.count("the budget lasts") == 3


def test_the_source_is_given_as_it_was_published(desk):
    version = actions.publish(SYSTEM, GOOD)
    response = desk("auditor").get(f"/console/playbooks/{version.pk}/source")
    assert response.content.decode() == GOOD
    assert "attachment" in response["Content-Disposition"]


def test_there_is_no_page_of_a_version_that_is_none(desk):
    assert desk().get("/console/playbooks/987654").status_code == 404


def test_a_version_is_compared_with_the_one_before_it(desk):
    old, new = actions.publish(SYSTEM, GOOD), actions.publish(SYSTEM, RICHER)
    response = desk("finance").get(f"/console/playbooks/{new.pk}/differences")
    told = response.context["told"]
    assert response.context["other"] == old
    assert [(f.label, f.before, f.after) for f in told.head] == [
        ("Budget", yuan(20_000), yuan(90_000))
    ]
    assert [(d.how, d.fields[0].before, d.fields[0].after) for d in told.beats] == [
        ("moved", "09:00", "09:30")
    ]
    assert ("+", 'budget: "900.00"') in response.context["lines"]
    back = desk().get(f"/console/playbooks/{old.pk}/differences?from={new.pk}")
    assert back.context["told"].head[0].after == yuan(20_000)


def test_the_first_version_has_nothing_to_compare_with(desk):
    version = actions.publish(SYSTEM, GOOD)
    page = desk().get(f"/console/playbooks/{version.pk}/differences?from=９x").content.decode()
    assert "Nothing to compare with" in page


def test_a_version_shows_its_lines_to_those_who_watch_them(desk, line):
    newer = actions.publish(SYSTEM, RICHER)
    of = line.playbook_id
    for who, seen in ((desk(), 1), (desk("region_manager", line.region), 1)):
        page = who.get(f"/console/playbooks/{of}")
        assert [figures.line for figures, _reds in page.context["rows"]] == [line]
        counted = {version.pk: f.lines for version, f in page.context["versions"]}
        assert counted == {newer.pk: 0, of: seen}
    stranger = desk("region_manager", region("HN")).get(f"/console/playbooks/{of}")
    assert list(stranger.context["rows"]) == []
    assert all(f.lines == 0 for _version, f in stranger.context["versions"])
