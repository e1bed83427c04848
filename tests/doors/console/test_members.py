"""People on one scroll: found, read and tagged by those who may, and by nobody else."""

import pytest

from loop28.front.lines import actions as lines
from loop28.front.lines.models import Invitation
from loop28.kernel.access import SYSTEM
from loop28.middle.members import queries, tags
from tests.factories import city, member, region

pytestmark = pytest.mark.django_db


@pytest.fixture
def insider(line):
    person = member("陈思远", city("杭州"))
    lines.join(SYSTEM, Invitation.objects.get(line=line).pk, [person.pk])
    return person


def page(client, address):
    return client.get(address).content.decode()


def test_a_manager_finds_people_of_their_lines_and_nobody_else(desk, line, insider):
    stranger = member("陈思源")
    here = desk("region_manager", region("HD"))
    found = page(here, "/console/members?q=陈思")
    assert insider.name in found
    assert stranger.name not in found
    assert line.host.name in page(here, "/console/members")
    assert here.get(f"/console/members/{insider.pk}").status_code == 200
    assert here.get(f"/console/members/{stranger.pk}").status_code == 404
    assert stranger.name in page(desk("auditor"), "/console/members?q=陈思")


def test_a_manager_elsewhere_neither_finds_nor_opens_nor_tags(desk, insider):
    elsewhere = desk("region_manager", region("HN"))
    assert insider.name not in page(elsewhere, "/console/members")
    assert insider.name not in page(elsewhere, "/console/members?q=陈思源")
    assert elsewhere.get(f"/console/members/{insider.pk}").status_code == 404
    tagged = elsewhere.post(f"/console/members/{insider.pk}/tag", {"word": "宝妈"})
    assert tagged.status_code == 404
    assert queries.tags_of([insider.pk]) == {}


def test_a_slip_is_forgiven_and_said(desk, insider):
    found = page(desk(), "/console/members?q=陈斯远")
    assert insider.name in found
    assert "spelled alike" in found


def test_a_city_and_a_tag_filter(desk, insider):
    other = member("王晓明", city("苏州"))
    tags.tag(SYSTEM, other.pk, "宝妈")
    ((tag, _),) = queries.tags(SYSTEM)
    client = desk()
    of_city = page(client, f"/console/members?city={insider.city_id}")
    assert insider.name in of_city
    assert other.name not in of_city
    of_tag = page(client, f"/console/members?tag={tag.pk}")
    assert other.name in of_tag
    assert insider.name not in of_tag


def test_a_tag_is_one_tap_on_and_one_off(desk, insider):
    client = desk("middle")
    here = f"/console/members/{insider.pk}"
    assert "宝妈" in client.post(f"{here}/tag", {"word": "宝妈"}, follow=True).content.decode()
    (tag,) = queries.tags_of([insider.pk])[insider.pk]
    client.post(f"{here}/untag", {"tag": tag.pk})
    assert queries.tags_of([insider.pk]) == {}
    story = page(client, here)
    assert "got the tag «宝妈»" in story
    refused = client.post(f"{here}/tag", {"word": "\u200b"}, follow=True).content.decode()
    assert "Please fill in this field." in refused


def test_the_story_names_the_line_the_consent_and_who_brought_them(desk, line, insider):
    story = page(desk(), f"/console/members/{insider.pk}")
    assert line.code in story
    assert line.host.name in story
    assert "agreed to version" in story
    assert f"{insider.name} joined, brought by {line.host.name}." in story


def test_who_sees_only_some_of_the_lines_sees_no_wallet_and_no_link(desk, line, insider):
    from tests.line_kit import open_line

    elsewhere = open_line(code="HN")
    lines.join(SYSTEM, Invitation.objects.get(line=elsewhere).pk, [insider.pk])
    part = page(desk("region_manager", region("HD")), f"/console/members/{insider.pk}")
    assert "You see what belongs to yours." in part
    assert elsewhere.code not in part
    assert "/m/" not in part
    assert "<h2>Wallet</h2>" not in part
    whole = page(desk(), f"/console/members/{insider.pk}")
    assert elsewhere.code in whole
    assert "/m/" in whole
    assert "<h2>Wallet</h2>" in whole


def test_an_auditor_reads_everything_and_gets_no_link(desk, insider):
    story = page(desk("auditor"), f"/console/members/{insider.pk}")
    assert "<h2>Wallet</h2>" in story
    assert "/m/" not in story
    assert "New tag" not in story
