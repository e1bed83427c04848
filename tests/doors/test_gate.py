from typing import Any

import psycopg
import pytest
from django.core import signing
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from loop28 import urls
from loop28.doors import gate
from loop28.kernel.access import Actor, Role
from loop28.kernel.refusals import Refusal
from loop28.middle.members import actions as members
from loop28.middle.members import queries
from tests.factories import member, region, staff

BACKEND = "django.contrib.auth.backends.ModelBackend"


class Closed(Refusal):
    message = "closed <today>"
    status = 410


def _say(request: HttpRequest, actor: Actor) -> HttpResponse:
    return HttpResponse(str(actor))


def _refuse(request: HttpRequest) -> HttpResponse:
    raise Closed(field="day")


def _lose(request: HttpRequest) -> HttpResponse:
    raise OperationalError from psycopg.errors.DeadlockDetected()


def _miss(request: HttpRequest) -> HttpResponse:
    raise OperationalError from psycopg.errors.TooManyConnections()


def _break(request: HttpRequest) -> HttpResponse:
    raise OperationalError


urlpatterns = [
    path("staff", gate.staff_page()(_say)),
    path("money", gate.staff_page(Role.FINANCE, Role.ADMINISTRATOR)(_say)),
    path("mine", gate.member_page(_say)),
    path("refuse", _refuse),
    path("api/refuse", _refuse),
    path("lose", _lose),
    path("api/lose", _lose),
    path("miss", _miss),
    path("api/miss", _miss),
    path("break", _break),
    *urls.urlpatterns,
]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def _of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def _phone(member_id: int) -> Client:
    client = Client()
    client.get(f"/m/{queries.link_token(member_id)}")
    return client


def test_a_view_gets_its_actor() -> None:
    user, me = staff(Role.REGION_MANAGER, region()), member()
    assert _of(user).get("/staff").content.decode() == f"region_manager:{user.pk}"
    assert _phone(me.pk).get("/mine").content.decode() == f"member:{me.pk}"


def test_who_is_not_signed_in_signs_in_and_comes_back() -> None:
    for client in (Client(), _phone(member().pk)):
        response = client.get("/staff?day=3")
        assert response["Location"] == "/console/sign-in?next=/staff%3Fday%3D3"
        assert client.post("/staff")["Location"] == "/console/sign-in?next=/"
        assert client.get("/staff", headers={"hx-request": "true"})["HX-Redirect"]


@pytest.mark.parametrize(
    ("role", "status"), [(Role.FINANCE, 200), (Role.ADMINISTRATOR, 200), (Role.AUDITOR, 403)]
)
def test_a_page_is_open_to_its_roles(role: Role, status: int) -> None:
    assert _of(staff(role)).get("/money").status_code == status


def test_a_page_for_members_is_closed_to_all_others() -> None:
    for client in (Client(), _of(staff())):
        response = client.get("/mine")
        assert response.status_code == 403
        assert "个人链接" in response.content.decode()


def test_ended_links_end_the_phone_too() -> None:
    me = member()
    phone = _phone(me.pk)
    members.end_links(Actor(Role.MEMBER, me.pk), me.pk)
    assert phone.get("/mine").status_code == 403
    assert _phone(me.pk).get("/mine").status_code == 200


SIGNED = {
    "for something else": ([1, 1], "another"),
    "beyond all numbers": ([10**30, 1], "loop28.member-cookie"),
    "of nobody": ([], "loop28.member-cookie"),
}


@pytest.mark.parametrize("cookie", ["", "x", "::", "a" * 4000, *SIGNED])
def test_a_made_up_cookie_is_nobody(cookie: str) -> None:
    member()
    client = Client()
    if cookie in SIGNED:
        values, salt = SIGNED[cookie]
        cookie = signing.dumps(values, salt=salt)
    client.cookies[gate.COOKIE] = cookie
    assert client.get("/mine").status_code == 403


def test_refusals_have_their_status_and_words_as_page_fragment_and_json() -> None:
    page = Client().get("/refuse")
    assert (page.status_code, b"closed &lt;today&gt;" in page.content) == (410, True)
    assert b"<html" in page.content
    fragment = Client().get("/refuse", headers={"hx-request": "true"})
    assert (fragment.status_code, b"<html" in fragment.content) == (410, False)
    machine = Client().get("/api/refuse")
    assert (machine.status_code, machine.json()) == (
        410,
        {"code": "closed", "field": "day", "message": "closed <today>"},
    )


def test_a_lost_race_is_busy_and_anything_else_is_a_bug() -> None:
    for address in ("/lose", "/api/lose"):
        response = Client().get(address)
        assert (response.status_code, response["Retry-After"]) == (503, "1")
    assert Client(raise_request_exception=False).get("/break").status_code == 500


def test_a_database_that_is_away_is_told_with_the_time_to_come_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    for address in ("/miss", "/api/miss"):
        response = Client().get(address)
        assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert response.json()["code"] == "away"
    assert "the database is away" in caplog.text


def test_pages_about_people_are_never_cached() -> None:
    for address in ("/staff", "/refuse", "/consent"):
        assert "no-store" in Client().get(address)["Cache-Control"]


@pytest.mark.parametrize("address", ["/m/%00", "/consent?x=%00", "/console/enter/1/%00"])
def test_nul_is_refused_before_it_reaches_a_database(address: str) -> None:
    assert Client().get(address).status_code == 400


@pytest.mark.parametrize("name", ["sessionid", gate.COOKIE, "csrftoken"])
def test_nul_in_a_cookie_is_refused_before_it_reaches_a_database(name: str) -> None:
    client = Client(headers={"cookie": f'{name}="{chr(92)}000{"x" * 20}"'})
    assert client.get("/staff").status_code == 400
