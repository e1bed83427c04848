"""Links with their clicks by day, a member's fans, who brought whom, claims that are decided."""

from datetime import timedelta

import pytest

from loop28.front.lines import actions as lines
from loop28.front.referrals import actions, disputes, sharing
from loop28.front.referrals.models import Click, Dispute, Lock
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from tests.factories import region
from tests.front.referrals.kit import me, product_link, touched, visitor
from tests.line_kit import group, invitation, people, seated

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(line):
    return product_link(line, seated(line, 1)[0], "宝妈群")


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_clicks_are_counted_by_link_place_and_day(desk, line, link, at):
    client = desk("region_manager", line.region)
    assert "Nobody clicked lately" in page(client, "/console/links")
    touched(link, visitor(), visitor())
    at(clock.now() + timedelta(days=1))
    touched(link, visitor())
    listed = client.get("/console/links")
    (row,) = listed.context["rows"]
    assert row.days == [0, 0, 0, 0, 0, 2, 1]
    assert row.recent == 3
    assert "宝妈群" in listed.content.decode()
    at(clock.now() + timedelta(days=7))
    assert "Nobody clicked lately" in page(client, "/console/links")


def test_another_region_sees_neither_links_nor_claims(desk, line, link):
    touched(link, visitor())
    other = desk("region_manager", region("HN"))
    assert "宝妈群" not in page(other, "/console/links")
    assert other.get(f"/console/members/{link.promoter_id}/fans").status_code == 404
    everywhere = desk()
    assert "宝妈群" in page(everywhere, f"/console/links?region={line.region_id}")
    assert "宝妈群" not in page(everywhere, f"/console/links?region={region('HN').pk}")


def joins_by(link, at, name):
    """Somebody touches a link, and is a member an hour later."""
    code = visitor()
    touched(link, code)
    at(clock.now() + timedelta(hours=1))
    (member,) = people(1, name)
    actions.recognise(SYSTEM, [(code, member)])
    return member


def test_the_tree_opens_level_by_level_and_each_person_has_a_page(desk, line, link, at):
    chain = [link.promoter_id]
    for name in ("甲", "乙", "丙", "丁"):
        above = product_link(line, chain[-1])
        chain.append(joins_by(above, at, name))
        lines.join(SYSTEM, invitation(line), [chain[-1]])
    client = desk("region_manager", line.region)
    root = page(client, f"/console/members/{chain[0]}/fans")
    assert "甲0" in root
    assert "乙0" not in root
    assert f"/console/members/{chain[1]}/fans/branch?level=2" in root
    second = page(client, f"/console/members/{chain[1]}/fans/branch?level=2")
    assert "乙0" in second
    assert "branch?level=3" in second
    third = page(client, f"/console/members/{chain[2]}/fans/branch?level=3")
    assert "丙0" in third
    assert "branch" not in third  # from here on one looks at a person's own page
    assert f"/console/members/{chain[3]}/fans" in third
    assert "branch" not in page(client, f"/console/members/{chain[2]}/fans/branch?level=99")
    assert f"/console/members/{chain[0]}/fans" in page(client, f"/console/members/{chain[1]}/fans")


@pytest.fixture
def dispute(line, link):
    rival = product_link(line, seated(line, 1)[0])
    code = visitor()
    touched(link, code)
    touched(rival, code)
    click = Click.objects.get(link=rival)
    return disputes.claim(me(rival.promoter_id), click.pk, "I introduced them")


def test_a_claim_is_decided_with_a_reason_that_stays_readable(desk, line, dispute):
    client = desk("region_manager", line.region)
    assert "No claim here" in page(client, "/console/fan-claims?state=decided")
    address = f"/console/fan-claims/{dispute.pk}"
    assert "I introduced them" in page(client, address)
    for said in ({"decision": "moved", "reason": ""}, {"decision": "both", "reason": "x"}, {}):
        assert client.post(address, said).status_code == 422
    answer = client.post(address, {"decision": "moved", "reason": "the chat shows it"})
    assert answer["Location"] == "/console/fan-claims"
    assert Lock.objects.order_by("number").last().promoter_id == dispute.claimant_id
    decided = page(client, "/console/fan-claims?state=decided")
    assert "the chat shows it" in decided
    assert client.user.name in page(client, address)
    again = client.post(address, {"decision": "kept", "reason": "no"})
    assert again.status_code == 422
    assert "decided already" in again.content.decode()
    journal = page(client, f"/console/lines/{line.pk}/journal?topic=people")
    for words in ("goes to who asked. the chat shows it", "claims fan", "given to somebody else"):
        assert words in journal


def test_who_does_not_run_lines_reads_claims_and_decides_none(desk, line, dispute):
    for role in ("auditor", "finance", "middle"):
        client = desk(role)
        assert "Record the decision" not in page(client, f"/console/fan-claims/{dispute.pk}")
        answer = client.post(f"/console/fan-claims/{dispute.pk}", {"decision": "moved"})
        assert answer.status_code == 403
    assert Dispute.objects.get().decided_at is None
    other = desk("region_manager", region("HN"))
    assert other.get(f"/console/fan-claims/{dispute.pk}").status_code == 404


def test_clicks_are_counted_by_group_whoever_put_links_there(desk, line, link, at):
    rival = seated(line, 1)[0]
    chat = group(line)
    of_both = [
        sharing.share(me(who), line.pk, "product", group=chat) for who in (link.promoter_id, rival)
    ]
    for one in of_both:
        touched(one, visitor())
    at(clock.now() + timedelta(days=1))
    touched(link, visitor(), visitor(), visitor())
    listed = desk("region_manager", line.region).get("/console/links/groups")
    (elsewhere, days, _), (ours, of_chat, promoters) = listed.context["rows"]
    assert (elsewhere.name, days[-1], elsewhere.clicks) == ("宝妈群", 3, 3)
    assert (ours.group, of_chat[-2:], len(ours.links), len(promoters)) == (chat, [2, 0], 2, 2)
    for address, rows in [
        (f"?group={chat}", of_both),
        (f"?promoter={link.promoter_id}&place=宝妈群", [link]),
    ]:
        page = desk().get(f"/console/links{address}")
        assert {row.shared.link for row in page.context["rows"]} == set(rows)
    other = desk("region_manager", region("HN"))
    assert other.get("/console/links/groups").context["rows"] == []
    assert other.get(f"/console/links?group={chat}").context["rows"] == []
