"""The house itself: staff and places are edited, and its journal tells who did it."""

import pytest

from loop28.back.people.models import City, Region
from loop28.doors.console import phrases, topics
from loop28.kernel.journal import queries
from loop28.kernel.journal.facts import KINDS
from tests.factories import city, member, region

pytestmark = pytest.mark.django_db


def journal(client, search=""):
    return client.get(f"/console/journal{search}").content.decode()


def test_every_change_is_a_sentence_with_who_did_it(desk):
    client, other, there = desk(), desk("finance"), city("杭州")
    east = region("HD")
    wish = {"name": "李娜", "role": "region_manager", "region": east.pk}
    client.post(f"/console/staff/{other.user.pk}", wish)
    client.post(f"/console/regions/{east.pk}", {"name": "江浙沪", "zone": "UTC", "weekly_lines": 2})
    client.post(f"/console/cities/{there.pk}", {"name": "杭州市", "region": east.pk, "tier": 1})
    page = journal(client)
    assert "李娜 is region manager now, 江浙沪." in page
    assert "The region 江浙沪 was changed, goal 2 a week." in page
    assert "The city 杭州市 was changed: 江浙沪, first tier." in page
    assert client.user.name in page


def test_topic_person_and_day_filter(desk):
    client, other = desk(), desk()
    other.post("/console/cities/add", {"name": "嘉兴", "region": region("HD").pk, "tier": 3})
    assert "嘉兴" in journal(client, f"?who={other.user.pk}&topic=house")
    assert "嘉兴" not in journal(client, f"?who={client.user.pk}")
    assert "嘉兴" not in journal(client, "?topic=money")
    assert "嘉兴" not in journal(client, "?day=2020-01-01")
    assert "嘉兴" in journal(client, "?day=nonsense")


def test_what_members_do_is_not_in_it(desk):
    member("陈思远")
    assert "陈思远" not in journal(desk())
    assert not queries.of_the_house().filter(kind="MemberRegistered").exists()


def test_an_auditor_reads_it_and_changes_nothing(desk):
    auditor, there = desk("auditor"), city("杭州")
    assert auditor.get("/console/journal").status_code == 200
    for address in ("staff/add", "regions/add", "cities/add", f"cities/{there.pk}", "import"):
        assert auditor.post(f"/console/{address}", {"name": "x"}).status_code == 403
    assert City.objects.get(pk=there.pk).name == "杭州"


def test_the_time_zone_of_a_region_with_lines_cannot_be_chosen(desk, line):
    client = desk()
    wish = {"name": "江浙沪", "weekly_lines": 3, "zone": "UTC"}
    assert client.post(f"/console/regions/{line.region_id}", wish).status_code == 302
    changed = Region.objects.get(pk=line.region_id)
    assert (changed.name, changed.weekly_lines, changed.zone) == ("江浙沪", 3, "Asia/Shanghai")


def test_a_mistake_stands_at_its_field(desk):
    region("HD")
    client = desk()
    for address, wish, field in (
        ("regions/add", {"code": "hd", "name": "x", "zone": "UTC", "weekly_lines": 1}, "code"),
        ("regions/add", {"code": "XB", "name": "x", "zone": "Mars", "weekly_lines": 1}, "zone"),
        ("cities/add", {"name": "杭州", "region": region("HD").pk, "tier": 1}, "name"),
        (f"staff/{client.user.pk}", {"name": "我", "role": "auditor", "region": ""}, "role"),
    ):
        response = client.post(f"/console/{address}", wish)
        assert response.status_code == 422
        assert field in response.context["form"].errors


def test_who_comes_back_gets_a_new_link(desk):
    client, other = desk(), desk("finance")
    client.post(f"/console/staff/{other.user.pk}/end")
    back = client.post(f"/console/staff/{other.user.pk}/return").content.decode()
    assert "/enter/" in back


def test_every_fact_has_a_sentence_and_every_topic_names_facts():
    facts = {name for name, kind in KINDS.items() if kind.__module__.startswith("loop28.")}
    assert facts <= phrases.SENTENCES.keys()
    named = {kind for topic in topics.KINDS.values() for kind in topic}
    assert named <= facts
