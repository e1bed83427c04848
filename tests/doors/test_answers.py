"""Whatever goes wrong, the answer has the headers of every other one; behind TLS it asks for it."""

from importlib.util import module_from_spec, spec_from_file_location
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from loop28 import settings as written
from loop28 import urls
from loop28.doors.gate import UPLOAD_MAX
from loop28.kernel.access import Role
from loop28.middle.members import queries
from tests.factories import member, staff
from tests.laws.watching import mistakes

BACKEND = "django.contrib.auth.backends.ModelBackend"


def _break(request: HttpRequest) -> HttpResponse:
    raise RuntimeError


def _deny(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


handler400 = urls.handler400
urlpatterns = [path("break", _break), path("deny", _deny), *urls.urlpatterns]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def _browser(**more: Any) -> Client:
    return Client(raise_request_exception=False, **more)


WRONG: dict[int, tuple[str, str, dict[str, Any]]] = {
    301: ("get", "/host", {}),
    400: ("get", "/consent?x=%00", {}),
    401: ("post", "/api/facts", {}),
    403: ("get", "/deny", {}),
    404: ("get", "/nowhere", {}),
    405: ("delete", "/consent", {}),
    410: ("get", "/console/enter/1/x", {}),
    413: ("post", "/consent", {"data": b"x" * 2_700_000, "content_type": "text/plain"}),
    422: ("post", "/console/sign-in", {"data": {"username": "x"}}),
    500: ("get", "/break", {}),
    503: ("get", "/readyz", {}),
}


@pytest.mark.parametrize("status", WRONG)
def test_every_kind_of_no_has_the_headers(status: int) -> None:
    method, address, sent = WRONG[status]
    response = getattr(_browser(), method)(address, **sent)
    assert (response.status_code, mistakes(response, address)) == (status, [])


def test_a_form_with_too_many_fields_is_told_what_to_do() -> None:
    sent = {"username": [str(number) for number in range(1001)]}
    for language, words in (("en", "more than 1000 answers"), ("zh", "分几次")):
        browser = _browser(headers={"accept-language": language})
        response = browser.post("/console/sign-in", sent)
        assert response.status_code == 413
        assert words in response.content.decode()
        assert not mistakes(response)


def test_so_has_a_form_from_another_site_and_an_address_of_another_host() -> None:
    foreign = _browser(enforce_csrf_checks=True).post("/console/sign-in", {"username": "x"})
    assert (foreign.status_code, mistakes(foreign)) == (403, [])
    other = _browser(headers={"host": "evil.example"}).get("/consent")
    assert (other.status_code, mistakes(other)) == (400, [])


@pytest.mark.parametrize("status", [400, 403, 404, 413, 500])
def test_a_page_that_says_no_says_it_in_words_of_the_reader(status: int) -> None:
    method, address, sent = WRONG[status]
    pages = [
        getattr(_browser(headers={"accept-language": language}), method)(address, **sent)
        for language in ("zh", "en")
    ]
    texts = [page.content.decode() for page in pages]
    assert all("<h1>" in text and 'class="btn' in text for text in texts)
    assert texts[0] != texts[1] or status == 500  # drawn without knowing who asks


def test_forwarding_headers_that_anybody_can_write_change_no_address() -> None:
    forged = {"x-forwarded-host": "evil.example", "x-forwarded-server": "evil.example"}
    page = _browser(headers=forged).get("/console/sign-in")
    assert (page.status_code, b"evil.example" in page.content) == (200, False)


class _Endless:
    """A body that says its length and must never be read."""

    def read(self, size: int = -1) -> bytes:
        raise AssertionError("a body was read before anybody looked at its length")

    readline = read


def _send(client: Client, length: str, kind: str = "multipart/form-data; boundary=x") -> int:
    said = {"CONTENT_LENGTH": length, "wsgi.input": _Endless(), "CONTENT_TYPE": kind}
    response = client.generic("POST", "/me", **said)  # type: ignore[arg-type]
    return int(response.status_code)


def test_a_body_beyond_the_limits_is_refused_unread() -> None:
    phone = _browser(enforce_csrf_checks=True)
    phone.get(f"/m/{queries.link_token(member().pk)}")
    desk = _browser(enforce_csrf_checks=True)
    desk.force_login(staff(Role.AUDITOR), backend=BACKEND)
    small = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    for known in (phone, desk):
        assert _send(known, str(UPLOAD_MAX + 1)) == 413
        assert _send(known, "9" * 30) == 413
        assert _send(known, str(small + 1), "application/x-www-form-urlencoded") == 413
    assert _send(_browser(enforce_csrf_checks=True), str(small)) == 403  # no token, nothing else
    assert _send(_browser(enforce_csrf_checks=True), str(small + 1)) == 413
    for odd in ("", "-1", "x", "１"):
        assert _send(phone, odd) < 500


def _settings_behind_tls(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The settings as they are read on a server with a certificate."""
    monkeypatch.setenv("LOOP28_URL", "https://line.example.com")
    monkeypatch.setenv("LOOP28_HOSTS", "line.example.com,testserver")
    spec = spec_from_file_location("settings_behind_tls", written.__file__)
    again = module_from_spec(spec)
    spec.loader.exec_module(again)
    names = ("SECURE", "SESSION_", "CSRF_", "LANGUAGE_COOKIE", "ALLOWED_HOSTS", "URL")
    return {name: getattr(again, name) for name in dir(again) if name.startswith(names)}


@pytest.mark.usefixtures("settings")
def test_behind_tls_every_cookie_and_page_is_for_tls_only(
    monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    user = staff(Role.FINANCE, password="eight-lanterns-hang")
    given: set[str] = set()
    with override_settings(**_settings_behind_tls(monkeypatch)):
        client = Client(headers={"x-forwarded-proto": "https", "host": "line.example.com"})
        signed = {"username": user.username, "password": "eight-lanterns-hang"}
        for response in (
            client.get("/console/sign-in"),
            client.post("/console/sign-in", signed),
            client.post("/language/setlang/", {"language": "en"}),
            client.get(f"/m/{queries.link_token(member().pk)}"),
            client.get("/nowhere"),
        ):
            assert mistakes(response) == []
            given |= response.cookies.keys()
    assert given == {"csrftoken", "sessionid", "django_language", "loop28_member"}
