"""A scanner that finds nothing is worth something only if it finds a hole that is there."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import Context, Template
from django.test import Client
from django.urls import path
from django.utils.html import escape
from django.utils.safestring import mark_safe

from loop28.doors.entry import inside
from tests.factories import region
from tests.laws import scanner

SAID: list[str] = []
WELCOME = Path(__file__).parent / "test_scanner.py"


def _given(request: HttpRequest) -> str:
    return str({**request.GET.dict(), **request.POST.dict()}.get("q", ""))


def _page(text: str) -> HttpResponse:
    return HttpResponse(Template("<p>{{ text }}</p>").render(Context({"text": text})))


def _sound(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM people_region WHERE name = %s", [_given(request)])
        found = cursor.fetchall()
    return _page(f"{_given(request)} {found}")


def _markup(request: HttpRequest) -> HttpResponse:
    return _page(mark_safe(_given(request)))  # noqa: S308 - the hole


def _attribute(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"<input value={_given(request)}>")


def _statement(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT name FROM people_region WHERE name = '{_given(request)}'")  # noqa: S608
        return HttpResponse("".join(f"<li>{escape(name)}" for (name,) in cursor.fetchall()))


def _file(request: HttpRequest) -> HttpResponse:
    return HttpResponse((WELCOME.parent / _given(request)).read_bytes(), "text/plain")


def _file_of_place(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse((WELCOME.parent / name).read_bytes(), "text/plain")


def _elsewhere(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(_given(request) or "/")


def _half_shut(request: HttpRequest) -> HttpResponse:
    """Looks whether it begins with a slash, and lets «//evil.example» through."""
    wanted = _given(request)
    return HttpResponseRedirect(wanted if wanted.startswith("/") else "/")


def _inside(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(inside(request, "/"))


def _say(request: HttpRequest) -> HttpResponse:
    SAID.append(_given(request))
    return HttpResponse(status=204)


def _read(request: HttpRequest) -> HttpResponse:
    return HttpResponse("".join(SAID))


urlpatterns = [
    path("sound", _sound),
    path("markup", _markup),
    path("attribute", _attribute),
    path("statement", _statement),
    path("file", _file),
    path("files/<path:name>", _file_of_place),
    path("elsewhere", _elsewhere),
    path("half-shut", _half_shut),
    path("inside", _inside),
    path("say", _say),
    path("read", _read),
]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def _client() -> Client:
    return Client(raise_request_exception=True)


@pytest.mark.parametrize(
    ("page", "hole"),
    [
        ("/markup", "q: markup"),
        ("/attribute", "q: markup"),
        ("/statement", "q: statement"),
        ("/elsewhere", "q: another site"),
        ("/half-shut", "q: another site"),
    ],
)
def test_a_hole_is_found_in_an_address_and_in_a_form(page: str, hole: str) -> None:
    region()
    assert hole in list(scanner.of_address(_client(), page, {"q": "x"}))
    assert hole in list(scanner.of_form(_client(), page, {"q": "x"}))


def test_a_file_outside_is_found_by_name_and_by_place() -> None:
    client = Client(raise_request_exception=False)
    assert "q: file" in list(scanner.of_address(client, "/file", {"q": "test_scanner.py"}))
    found: list[Any] = list(scanner.of_place(client, "/files/test_scanner.py", "test_scanner.py"))
    assert found == ["/files/test_scanner.py: a file outside"]


def test_what_is_kept_and_shown_later_is_found() -> None:
    client = _client()
    assert scanner.stored(client.get("/read")) == ""
    client.post("/say", {"q": scanner.MARKUP})
    assert scanner.stored(client.get("/read")) == "markup"
    SAID[:] = [escape(scanner.MARKUP)]
    assert scanner.stored(client.get("/read")) == "text"
    SAID.clear()


@pytest.mark.parametrize("page", ["/sound", "/inside"])
def test_a_sound_page_has_no_hole(page: str) -> None:
    region()
    names = {"q": "x", "next": "/console/"}
    assert list(scanner.of_address(_client(), page, names)) == []
    assert list(scanner.of_form(_client(), page, names)) == []
