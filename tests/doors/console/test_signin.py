from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from loop28.back.people import actions as people
from loop28.back.people import signin
from loop28.back.people.models import Guesses, User
from loop28.kernel.access import SYSTEM, Role
from tests.factories import staff

pytestmark = pytest.mark.django_db

GOOD = "eight-lanterns-hang"
SIGN_IN = "/console/sign-in"


@pytest.fixture(autouse=True)
def _fast_hashes(settings: LazySettings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def user() -> User:
    return staff(Role.FINANCE, password=GOOD)


def _try(client: Client, username: str, password: str, **more: str) -> tuple[int, str]:
    response = client.post(SIGN_IN, {"username": username, "password": password} | more)
    return response.status_code, response.content.decode()


def _signed_in(client: Client) -> bool:
    return client.get("/console/password").status_code == 200


def test_staff_sign_in_by_password_and_out_again(user: User) -> None:
    client = Client()
    assert client.get(SIGN_IN).status_code == 200
    assert _try(client, user.username.upper(), GOOD)[0] == 302
    assert _signed_in(client)
    assert client.get(SIGN_IN).status_code == 302
    assert client.get("/console/sign-out").status_code == 405
    assert client.post("/console/sign-out").status_code == 302
    assert not _signed_in(client)


def test_nobody_learns_from_the_answer_which_names_there_are(user: User) -> None:
    ended = staff(Role.AUDITOR, password=GOOD)
    people.end_staff(SYSTEM, ended.username)
    unready = staff(Role.AUDITOR)
    tries = [
        (user.username, "wrong"),
        (ended.username, GOOD),
        (unready.username, ""),
        (unready.username, "!"),
        ("nobody", "wrong"),
        ("", ""),
    ]
    answers = {_try(Client(), *one)[0] for one in tries}
    alerts = {_try(Client(), *one)[1].count('role="alert"') for one in tries}
    assert (answers, alerts) == ({422}, {1})


def test_after_five_wrong_passwords_even_the_right_one_waits_a_quarter_of_an_hour(
    user: User,
) -> None:
    client = Client()
    for _ in range(5):
        assert _try(client, user.username, "wrong")[0] == 422
    status, page = _try(client, user.username.upper(), GOOD)
    assert (status, "15" in page) == (429, True)
    for count in Guesses.objects.all():
        count.since -= timedelta(minutes=16)
        count.save()
    assert _try(client, user.username, GOOD)[0] == 302


def test_a_name_is_locked_at_one_address_only_and_a_good_password_forgets_the_bad(
    user: User,
) -> None:
    here = Client()
    for _ in range(5):
        _try(here, user.username, "wrong")
    elsewhere = Client(REMOTE_ADDR="10.0.0.9")
    for _ in range(4):
        _try(elsewhere, user.username, "wrong")
    assert _try(elsewhere, user.username, GOOD)[0] == 302
    elsewhere.post("/console/sign-out")
    assert _try(elsewhere, user.username, "wrong")[0] == 422
    assert _try(here, user.username, GOOD)[0] == 429
    other = staff(Role.AUDITOR, password=GOOD)
    assert _try(here, other.username, GOOD)[0] == 302


def test_a_forged_forwarding_header_gives_no_fresh_tries(user: User) -> None:
    """From outside it is nobody's word; through our own web server only its last entry counts."""
    for web_server in ("203.0.113.9", "127.0.0.1"):
        tries = [
            _try(
                Client(
                    REMOTE_ADDR=web_server,
                    headers={"x-forwarded-for": f"10.0.0.{n}, 198.51.100.7"},
                ),
                user.username,
                "wrong",
            )[0]
            for n in range(6)
        ]
        assert tries == [422] * 5 + [429]


def test_a_locked_name_still_comes_in_by_a_one_time_link(user: User) -> None:
    """So that nobody who knows a name can keep an administrator out."""
    for n in range(30):
        _try(Client(REMOTE_ADDR=f"10.0.0.{n}"), user.username, "wrong")
    client = Client()
    assert _try(client, user.username, GOOD)[0] == 429
    user.refresh_from_db()
    assert client.get(reverse("enter", args=[user.pk, signin.token(user)])).status_code == 302
    assert _signed_in(client)


def test_who_sits_at_a_strangers_desk_cannot_guess_the_current_password(user: User) -> None:
    client = Client()
    _try(client, user.username, GOOD)
    wrong = {"current": "wrong", "password": "three-boats-upstream"}
    assert [client.post("/console/password", wrong).status_code for _ in range(6)] == [
        *[422] * 5,
        429,
    ]
    right = wrong | {"current": GOOD}
    assert client.post("/console/password", right).status_code == 429


ODD = ["\x00", "x" * 10_000, "👨‍👩‍👧‍👦", "\u202ea", "' OR 1=1 --", "ＡＢ", b"\xed\xa0\x80\xff"]


@pytest.mark.parametrize("odd", ODD)
def test_odd_names_and_passwords_are_only_wrong(user: User, odd: str | bytes) -> None:
    for fields in (
        {"username": odd, "password": GOOD},
        {"username": user.username, "password": odd},
    ):
        sent = urlencode(fields)
        response = Client().post(SIGN_IN, sent, content_type="application/x-www-form-urlencoded")
        assert response.status_code == 422


@pytest.mark.parametrize(
    ("wanted", "then"),
    [
        ("/console/lines/7?day=3", "/console/lines/7?day=3"),
        ("https://evil.example/", "/console/"),
        ("//evil.example/", "/console/"),
        ("javascript:alert(1)", "/console/"),
        ("\\\\evil.example", "/console/"),
        ("", "/console/"),
    ],
)
def test_after_sign_in_one_comes_back_to_a_page_of_ours(user: User, wanted: str, then: str) -> None:
    response = Client().post(SIGN_IN, {"username": user.username, "password": GOOD, "next": wanted})
    assert response["Location"] == then


def test_a_form_from_another_site_is_refused(user: User) -> None:
    client = Client(enforce_csrf_checks=True)
    assert _try(client, user.username, GOOD)[0] == 403


def test_a_one_time_link_opens_the_console_once_and_asks_for_a_password() -> None:
    user = staff()
    link = reverse("enter", args=[user.pk, signin.token(user)])
    client = Client()
    assert client.get(link)["Location"] == "/console/password"
    assert Client().get(link).status_code == 410
    answer = client.post("/console/password", {"password": GOOD})
    assert answer["Location"] == "/console/"
    assert _signed_in(client)
    assert _try(Client(), user.username, GOOD)[0] == 302


def test_looking_at_a_link_without_following_it_does_not_use_it_up() -> None:
    user = staff()
    link = reverse("enter", args=[user.pk, signin.token(user)])
    assert Client().head(link).status_code == 405
    assert Client().get(link).status_code == 302


def test_with_a_password_the_link_leads_straight_to_the_console(user: User) -> None:
    link = reverse("enter", args=[user.pk, signin.token(user)])
    assert Client().get(link)["Location"] == "/console/"


@pytest.mark.parametrize("path", ["1/x", "1/x-y", "0/x", "1/" + "a" * 5000, "1/令牌"])
def test_a_made_up_link_is_gone(path: str) -> None:
    staff()
    assert Client().get(f"/console/enter/{path}").status_code == 410


def test_a_new_password_needs_the_current_one_and_ends_other_sessions(user: User) -> None:
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        _try(client, user.username, GOOD)
    new = "three-boats-upstream"
    assert here.post("/console/password", {"password": new}).status_code == 422
    wrong = {"current": "wrong", "password": new}
    assert here.post("/console/password", wrong).status_code == 422
    assert here.post("/console/password", {"current": GOOD, "password": "1"}).status_code == 422
    assert here.post("/console/password", {"current": GOOD, "password": new}).status_code == 302
    assert _signed_in(here)
    assert not _signed_in(elsewhere)


def test_who_ends_is_out_at_once(user: User) -> None:
    client = Client()
    _try(client, user.username, GOOD)
    people.end_staff(SYSTEM, user.username)
    assert not _signed_in(client)
