"""The outbox on a page: what waits, what fails and why, what was given up, whose morning it is."""

import pytest

from loop28.front.groups import notices, queries
from loop28.front.groups.models import Outgoing
from loop28.front.groups.notices import Told
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from tests.factories import region
from tests.line_kit import group, local, seated

pytestmark = pytest.mark.django_db


def page(client, address="/console/outbox"):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def failing(line):
    return Outgoing.objects.create(
        key="f",
        group_id=group(line),
        as_host=False,
        text="the second talk",
        planned_at=clock.now(),
        tries=2,
        error="ConnectionError: no answer",
        next_at=local(9, 9),
    )


def test_a_failing_message_stands_with_its_reason_and_can_be_sent_or_given_up(desk, line, failing):
    client = desk("region_manager", line.region)
    assert "the second talk" not in page(client)
    shown = page(client, "/console/outbox?state=failing")
    assert "no answer" in shown
    client.post(f"/console/outbox/{failing.pk}", {"give-up": "1"})
    given_up = page(client, "/console/outbox?state=given-up")
    assert "the second talk" in given_up
    assert "given up by hand" in given_up
    answer = client.post(f"/console/outbox/{failing.pk}", {"again": "1"}, follow=True)
    assert "settled already" in answer.content.decode()


def test_another_region_neither_sees_nor_settles_it(desk, failing):
    client = desk("region_manager", region("HN"))
    assert "the second talk" not in page(client, "/console/outbox?state=failing")
    assert client.post(f"/console/outbox/{failing.pk}", {"again": "1"}).status_code == 404


def test_what_is_told_at_night_says_what_it_waits_for(desk, line, at):
    (who,) = seated(line, 1)
    at(local(1, 23))
    notices.tell(SYSTEM, [Told("k", who, group(line), "the answer")])
    shown = page(desk(), "/console/outbox?state=persons")
    assert "the answer" in shown
    assert "the end of the quiet hours, March 3 08:00" in shown


def test_a_region_sets_its_pace_and_mistakes_come_back(desk, line):
    client = desk("region_manager", line.region)
    address = f"/console/pace/{line.region_id}"
    wish = {"quiet_from": "21:30", "quiet_until": "09:00", "daily_limit": "2"}
    assert client.post(address, wish | {"daily_limit": "99"}).status_code == 422
    assert client.post(address, wish).status_code == 302
    assert queries.pace_of(line.region_id).daily_limit == 2
    assert "21:30–09:00" in page(client)
    assert client.get(f"/console/pace/{region('HN').pk}").status_code == 404
