"""Who may host: the first ones appointed, the later ones by what they did."""

from uuid import uuid4

import pytest

from loop28.front.ladder import actions as ladder
from loop28.front.ladder import queries
from loop28.front.ladder.models import Promotion
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from loop28.middle.members.models import Member
from tests.factories import member, region
from tests.line_kit import seated

pytestmark = pytest.mark.django_db


def _wish(**changes):
    return {
        "name": "何娟",
        "level": "owner",
        "reason": "runs a shop since 2019",
        "adult": "on",
        "consent": "on",
        "key": uuid4(),
    } | changes


def test_the_first_host_is_registered_appointed_and_gets_a_link(desk):
    client = desk()
    page = client.post("/console/hosts/appoint", _wish(), follow=True).content.decode()
    host = Member.objects.get()
    assert queries.level([host.pk]) == {host.pk: "owner"}
    assert "may host lines now" in page
    path = page.partition('id="link">')[2].partition("<")[0].split("/", 3)[3]
    assert client.get(f"/{path}").status_code == 302


def test_a_form_sent_twice_is_one_person(desk):
    client, wish = desk(), _wish()
    client.post("/console/hosts/appoint", wish)
    client.post("/console/hosts/appoint", wish)
    assert Member.objects.count() == Promotion.objects.count() == 1


@pytest.mark.parametrize("missing", ["name", "reason", "adult", "consent"])
def test_nobody_is_registered_by_half(desk, missing):
    response = desk().post("/console/hosts/appoint", _wish(**{missing: ""}))
    assert (response.status_code, missing in response.context["form"].errors) == (422, True)
    assert not Member.objects.exists()


def test_a_reason_of_nothing_but_invisible_signs_leaves_nobody_behind(desk):
    response = desk().post("/console/hosts/appoint", _wish(reason="\u200b\u2060"))
    assert "reason" in response.context["form"].errors
    assert not Member.objects.exists()


@pytest.fixture
def proposal(line):
    (ann,) = seated(line, 1)
    needs = {"tasks": 5, "orders": 2}
    return Promotion.objects.create(
        member_id=ann,
        level="supervisor",
        line=line,
        state="proposed",
        proposed_at=clock.now(),
        numbers={"tasks": 6, "orders": 3, "needs": needs},
    )


def test_a_proposal_shows_the_numbers_that_decided(desk, proposal):
    page = desk("region_manager", region("HD")).get("/console/hosts").content.decode()
    for number in ("6 ", "3 ", "≥ 5", "≥ 2"):
        assert number in page


def test_a_proposal_is_approved_by_one_tap(desk, proposal):
    client = desk("region_manager", region("HD"))
    client.post(f"/console/proposals/{proposal.pk}", {"approve": "1", "reason": ""})
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by) == ("granted", client.user)
    answer = client.post(
        f"/console/proposals/{proposal.pk}", {"decline": "1", "reason": "no"}, follow=True
    )
    assert "already decided" in answer.content.decode()


def test_declining_needs_a_reason(desk, proposal):
    client = desk()
    where = f"/console/proposals/{proposal.pk}"
    page = client.post(where, {"decline": "1", "reason": " "}, follow=True).content.decode()
    assert "Please fill in" in page
    client.post(where, {"decline": "1", "reason": "two orders were own purchases"})
    proposal.refresh_from_db()
    assert (proposal.state, proposal.reason) == ("declined", "two orders were own purchases")


def test_a_manager_of_another_region_neither_sees_nor_decides(desk, proposal):
    other = desk("region_manager", region("HN"))
    assert proposal.member.name not in other.get("/console/hosts").content.decode()
    where = f"/console/proposals/{proposal.pk}"
    assert other.post(where, {"approve": "1"}).status_code == 404
    proposal.refresh_from_db()
    assert proposal.state == "proposed"


def test_a_member_who_may_not_host_has_no_page_here(desk):
    assert desk().get(f"/console/hosts/{member().pk}").status_code == 404


def test_the_pool_is_searched_forgivingly(desk):
    for name in ("Anna 陈", "Ben 李"):
        ladder.appoint(SYSTEM, member(name).pk, "owner", "first")
    context = desk().get("/console/hosts", {"q": "ａｎｎａ陈"}).context
    assert [known.host.name for known in context["rows"]] == ["Anna 陈"]
