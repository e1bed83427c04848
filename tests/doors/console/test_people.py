"""Staff, regions and machine keys."""

import pytest
from django.test import Client

from loop28.back.people import actions, queries
from loop28.back.people.models import User
from loop28.kernel.access import SYSTEM
from tests.factories import region, staff

pytestmark = pytest.mark.django_db


def _link(page: str) -> str:
    address = page.partition('id="link">')[2].partition("<")[0]
    return "/" + address.split("/", 3)[3]


def test_a_new_colleague_comes_in_by_a_link_that_is_shown_once(desk):
    region("HD")
    client = desk()
    wish = {"name": "陈思远", "username": "siyuan", "role": "finance", "region": ""}
    page = client.post("/console/staff/add", wish).content.decode()
    assert Client().get(_link(page)).status_code == 302
    assert "/enter/" not in client.get("/console/staff").content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"role": "region_manager", "region": ""}, "region"),
        ({"username": "陈"}, "username"),
        ({"role": "king"}, "role"),
        ({"name": "\u200b"}, "name"),
    ],
)
def test_a_mistake_stands_at_its_field(desk, wrong, field):
    region("HD")
    wish = {"name": "陈思远", "username": "siyuan", "role": "finance", "region": ""} | wrong
    response = desk().post("/console/staff/add", wish)
    assert field in response.context["form"].errors
    assert not User.objects.filter(username="siyuan").exists()


def test_access_ends_at_once_and_nobody_ends_their_own(desk):
    client, other = desk(), desk("finance")
    client.post(f"/console/staff/{other.user.pk}/end")
    assert other.get("/console/").status_code == 302
    answer = client.post(f"/console/staff/{client.user.pk}/end", follow=True).content.decode()
    assert "Another administrator" in answer
    assert client.get("/console/").status_code == 200


def test_who_was_shut_out_gets_no_link(desk):
    gone = staff()
    actions.end_staff(SYSTEM, gone.username)
    assert desk().post(f"/console/staff/{gone.pk}/link").status_code == 404


def test_a_key_is_shown_once_works_and_ends(desk):
    client = desk()
    made = client.post("/console/keys", {"name": "有赞"}).context["made"]
    assert queries.machine(made)
    assert made not in client.get("/console/keys").content.decode()
    again = client.post("/console/keys", {"name": "有赞"})
    assert "name" in again.context["form"].errors
    client.post("/console/keys/revoke", {"name": "有赞"})
    assert queries.machine(made) is None
    page = client.post("/console/keys/revoke", {"name": "有赞"}, follow=True).content.decode()
    assert "no such key" in page


def test_a_manager_sees_their_region_with_its_cities(desk):
    page = desk("region_manager", region("HD")).get("/console/regions").content.decode()
    assert "杭州" in page
    assert "广州" not in page
