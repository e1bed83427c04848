"""Staff stay signed in for as long as they work, and no longer than a day's work."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from loop28.back.people import actions as people
from loop28.back.people.models import User
from loop28.doors import sessions
from loop28.kernel.access import SYSTEM, Role
from tests.factories import region, staff

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
MINUTE = 60
START = 1_800_000_000


class Day:
    """A browser in which somebody signed in, and the time of day."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, user: User) -> None:
        self.now = START
        monkeypatch.setattr(sessions, "_now", lambda: self.now)
        self.client = Client()
        self.client.force_login(user, backend=BACKEND)

    def works(self, minutes: int = 0, **more: Any) -> bool:
        """Whether the console is open after so many minutes without a click."""
        self.now += minutes * MINUTE
        answer = self.client.get("/console/password", **more)
        return answer.status_code == 200 and "HX-Redirect" not in answer


@pytest.fixture
def user() -> User:
    return staff(Role.FINANCE)


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch, user: User) -> Day:
    return Day(monkeypatch, user)


def test_two_hours_without_a_click_end_it(day: Day) -> None:
    assert day.works(minutes=119)
    assert day.works(minutes=119)
    assert not day.works(minutes=120)
    assert not day.works()
    assert not Session.objects.exists()


def test_twelve_hours_end_it_however_busy_they_were(day: Day) -> None:
    assert all(day.works(minutes=60) for _ in range(11))
    assert day.works(minutes=59)
    assert not day.works(minutes=1)


def test_a_page_that_polls_keeps_nobody_signed_in(day: Day) -> None:
    poll = {"hx-request": "true"}
    assert all(day.works(minutes=10, headers=poll) for _ in range(11))
    assert not day.works(minutes=10, headers=poll)


def test_a_click_writes_the_session_at_most_every_five_minutes(day: Day) -> None:
    def written() -> Any:
        return Session.objects.get().get_decoded()["seen"]

    assert day.works(minutes=4)
    assert written() == START
    assert day.works(minutes=1)
    assert written() == START + 5 * MINUTE


def test_the_cookie_never_outlives_the_longest_session(day: Day) -> None:
    assert all(day.works(minutes=100) for _ in range(7))
    assert day.client.cookies["sessionid"]["max-age"] == 20 * MINUTE


def test_a_session_that_does_not_say_when_it_began_has_ended(day: Day) -> None:
    session = day.client.session
    del session["since"]
    session.save()
    assert not day.works()


def test_signing_out_ends_it_also_for_who_copied_the_cookie(day: Day) -> None:
    thief = Client()
    thief.cookies["sessionid"] = day.client.cookies["sessionid"].value
    assert thief.get("/console/password").status_code == 200
    day.client.post("/console/sign-out")
    assert thief.get("/console/password").status_code == 302


def test_another_role_or_region_another_password_and_the_end_of_access_end_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here, there = region("HD").pk, region("HN").pk

    def change(user: User, role: Role, where: int | None) -> None:
        people.change_staff(SYSTEM, user.pk, user.name, role, where)

    for what, change_it in {
        "role": lambda user: change(user, Role.AUDITOR, None),
        "region": lambda user: change(user, Role.REGION_MANAGER, there),
        "password": lambda user: people.set_password(SYSTEM, user.pk, "eight-lanterns-hang"),
        "access": lambda user: people.end_staff(SYSTEM, user.username),
        "returned": lambda user: (
            people.end_staff(SYSTEM, user.username),
            people.return_staff(SYSTEM, user.pk),
        ),
    }.items():
        user = staff(Role.REGION_MANAGER, region("HD"))
        day = Day(monkeypatch, user)
        people.change_staff(SYSTEM, user.pk, "李娜", Role.REGION_MANAGER, here)
        assert day.works(), "another name ends nothing"
        change_it(user)
        assert not day.works(), what
