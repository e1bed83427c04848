"""Appeals and levels in doubt: seen where decisions are made, decided by one tap and a reason."""

import pytest
from django.test import Client

from loop28.front.ladder import actions as ladder
from loop28.front.ladder import appeals, demoting, queries
from loop28.front.ladder.models import Appeal, Cause, Demotion, DemotionState, Graduate, Promotion
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.middle.members import queries as members
from tests.factories import region
from tests.line_kit import seated

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(line):
    (member,) = seated(line, 1)
    Graduate.objects.create(line=line, member_id=member, tasks=9, orders=0, at=clock.now())
    return member


def _phone(member):
    client = Client(headers={"accept-language": "en"})
    client.get(f"/m/{members.link_token(member)}")
    return client


def test_an_appeal_goes_from_the_phone_to_the_console_and_back(desk, line, ann):
    phone, client = _phone(ann), desk("region_manager", region("HD"))
    page = phone.get("/me/level").content.decode()
    decision = f"line:{line.pk}:{ann}:owner"
    assert decision in page
    phone.post("/me/level/appeal", {"decision": decision, "text": "I taught two lessons"})
    made = Appeal.objects.get()
    assert "1 appeal waits" in client.get("/console/hosts").content.decode()
    assert "I taught two lessons" in client.get("/console/appeals").content.decode()
    where = f"/console/appeals/{made.pk}"
    assert client.post(where, {"answer": "uphold", "reason": " "}).status_code == 422
    client.post(where, {"answer": "uphold", "reason": "we counted again"})
    assert queries.level([ann]) == {ann: "owner"}
    assert "we counted again" in phone.get("/me/level").content.decode()
    answered = client.get("/console/appeals?state=answered").content.decode()
    assert "we counted again" in answered
    assert decision not in phone.get("/me/level").content.decode()


def test_who_decided_first_sees_the_appeal_without_a_form(desk, line, ann):
    client = desk()
    step = ladder.appoint(SYSTEM, ann, "owner", "first hosts")
    demoting.demote(client.user.actor, step.pk, "two own purchases")
    me = Actor(Role.MEMBER, ann)
    made = appeals.appeal(me, appeals.contestable(me)[0].decision, "my sister bought them")
    page = client.get(f"/console/appeals/{made.pk}").content.decode()
    assert "Somebody else has to answer" in page
    assert "Send the answer" not in page
    assert "Send the answer" in desk().get(f"/console/appeals/{made.pk}").content.decode()


def test_a_level_in_doubt_is_taken_back_or_kept_with_a_reason(desk, line, ann):
    step = ladder.appoint(SYSTEM, ann, "owner", "first hosts")
    doubt = Demotion.objects.create(
        promotion=step,
        cause=Cause.IDLE,
        state=DemotionState.PROPOSED,
        proposed_at=clock.now(),
    )
    client = desk()
    assert "nothing done for long" in client.get("/console/hosts").content.decode()
    where = f"/console/demotions/{doubt.pk}"
    page = client.post(where, {"take_back": "1", "reason": ""}, follow=True).content.decode()
    assert "Please fill in" in page
    client.post(where, {"leave": "1", "reason": "on leave"})
    assert queries.level([ann]) == {ann: "owner"}
    take_back = f"/console/steps/{step.pk}/take-back"
    page = client.post(take_back, {"reason": "nothing came"}, follow=True).content.decode()
    assert queries.level([ann]) == {}
    assert "nothing came" in page
    assert "is no longer shop owner: nothing came" in page
    assert Promotion.objects.get().state == "ended"
    assert client.get(f"/console/hosts/{ann}").status_code == 404
