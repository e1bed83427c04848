"""Offering the next line from the console: who, what, what became of it."""

from datetime import timedelta

import pytest

from loop28.front.ladder import actions as ladder
from loop28.front.ladder import offers
from loop28.front.ladder.models import Offer
from loop28.front.lines.models import Line
from loop28.front.playbooks import actions as playbooks
from loop28.kernel.access import SYSTEM, Actor, Role
from tests.factories import member, region
from tests.line_kit import SMALL, START, local

pytestmark = pytest.mark.django_db


@pytest.fixture
def host(at):
    found = member("何娟")
    ladder.appoint(SYSTEM, found.pk, "owner", "first")
    return found.pk


@pytest.fixture
def wish(host):
    return {
        "region": region("HD").pk,
        "playbook": playbooks.publish(SYSTEM, SMALL.read_text()).pk,
        "start_day": (START + timedelta(days=14)).isoformat(),
        "answer_by": (START + timedelta(days=4)).isoformat(),
        "size": "20",
        "budget": "200",
    }


def _offer(client, host, wish):
    return client.post(f"/console/hosts/{host}/offer", wish)


def test_the_form_comes_filled_and_puts_the_offer_on_the_phone(desk, host, wish):
    client = desk()
    page = client.get(f"/console/hosts/{host}/offer").content.decode()
    assert 'name="budget" value="200.00"' in page
    assert _offer(client, host, wish)["Location"] == f"/console/hosts/{host}"
    offer = Offer.objects.get()
    assert (offer.host_id, offer.budget_fen, offer.offered_by) == (host, 20_000, client.user)
    assert offer.answer_by == local(6, 0)  # the end of the chosen day
    assert "waits for an answer" in client.get("/console/hosts").content.decode()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("start_day", "2026-02-28", "The start day is over"),
        ("answer_by", "2026-03-16", "before the line starts"),
        ("answer_by", "2026-02-01", "from tomorrow on"),
        ("size", "501", "less than or equal to 500"),
        ("budget", "0", "budget above zero"),
        ("region", "987654", "Select a valid choice"),
    ],
)
def test_what_is_refused_stands_beside_its_field(desk, host, wish, field, value, said):
    response = _offer(desk(), host, wish | {field: value})
    assert response.status_code == 422
    assert said in response.context["form"].errors[field].as_text()
    assert not Offer.objects.exists()


def test_what_was_accepted_is_opened_in_one_tap(desk, host, wish):
    client = desk()
    _offer(client, host, wish)
    offer = Offer.objects.get()
    assert "Open the line" not in client.get("/console/hosts").content.decode()
    early = client.post(f"/console/offers/{offer.pk}/open", follow=True).content.decode()
    assert "was not accepted" in early
    offers.accept(Actor(Role.MEMBER, host), offer.pk)
    assert "Open the line" in client.get("/console/hosts").content.decode()
    response = client.post(f"/console/offers/{offer.pk}/open")
    line = Line.objects.get()
    assert response["Location"] == f"/console/lines/{line.pk}"
    assert line.code in client.get(f"/console/hosts/{host}").content.decode()


def test_the_reason_of_a_decline_is_read_where_hosts_are(desk, host, wish):
    client = desk()
    _offer(client, host, wish)
    offers.decline(Actor(Role.MEMBER, host), Offer.objects.get().pk, "家里秋收")
    assert "家里秋收" in client.get("/console/hosts").content.decode()


def test_withdrawing_needs_a_reason(desk, host, wish):
    client = desk()
    _offer(client, host, wish)
    where = f"/console/offers/{Offer.objects.get().pk}/withdraw"
    assert "Please fill in" in client.post(where, {"reason": " "}, follow=True).content.decode()
    client.post(where, {"reason": "the day was moved"})
    assert Offer.objects.get().state == "withdrawn"


def test_a_manager_of_another_region_sees_and_does_nothing(desk, host, wish):
    _offer(desk(), host, wish)
    offer = Offer.objects.get()
    other = desk("region_manager", region("HN"))
    assert "waits for an answer" not in other.get("/console/hosts").content.decode()
    for verb in ("withdraw", "open"):
        assert other.post(f"/console/offers/{offer.pk}/{verb}", {"reason": "x"}).status_code == 404
    assert _offer(other, host, wish).status_code == 422  # not their region
    assert desk("auditor").post(f"/console/offers/{offer.pk}/open").status_code == 403
