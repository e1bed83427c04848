from datetime import datetime, timedelta

import pytest

from loop28.back.people import actions, signin
from loop28.back.people.models import User
from loop28.kernel.access import SYSTEM, Role
from tests.factories import staff
from tests.races import together

pytestmark = pytest.mark.django_db


def test_a_one_time_link_lets_in_once() -> None:
    user = staff()
    token = signin.token(user)
    entered = actions.enter(SYSTEM, user.pk, token)
    assert entered == user
    assert actions.enter(SYSTEM, user.pk, token) is None


def test_two_links_made_in_the_same_second_end_with_the_first_that_is_used() -> None:
    user = staff()
    first = signin.token(user)
    assert actions.enter(SYSTEM, user.pk, first)
    second = signin.token(User.objects.get(pk=user.pk))
    assert actions.enter(SYSTEM, user.pk, second)
    assert actions.enter(SYSTEM, user.pk, second) is None


def test_a_new_password_ends_the_link() -> None:
    user = staff()
    token = signin.token(user)
    actions.set_password(SYSTEM, user.pk, "eight-lanterns-hang")
    assert actions.enter(SYSTEM, user.pk, token) is None


def test_the_link_of_one_person_lets_in_nobody_else() -> None:
    user, other = staff(), staff(Role.AUDITOR)
    assert actions.enter(SYSTEM, other.pk, signin.token(user)) is None


def test_who_ended_does_not_come_in_by_a_link() -> None:
    user = staff()
    token = signin.token(user)
    actions.end_staff(SYSTEM, user.username)
    assert actions.enter(SYSTEM, user.pk, token) is None


def test_the_link_ends_after_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    user = staff()
    token = signin.token(user)
    later = datetime.now() + timedelta(minutes=61)  # noqa: DTZ005  the generator's own clock
    monkeypatch.setattr(signin._tokens, "_now", lambda: later)
    assert actions.enter(SYSTEM, user.pk, token) is None


@pytest.mark.parametrize("token", ["", "-", "x-y", "a" * 10_000, "\ud800-x", "令牌-１", "\0"])
def test_a_made_up_token_lets_nobody_in(token: str) -> None:
    assert actions.enter(SYSTEM, staff().pk, token) is None
    assert actions.enter(SYSTEM, 10**30, token) is None


@pytest.mark.django_db(transaction=True)
def test_of_two_who_follow_the_link_at_once_one_comes_in() -> None:
    user = staff()
    token = signin.token(user)

    results = together(*[lambda: actions.enter(SYSTEM, user.pk, token)] * 8)
    assert results.count(None) == 7
    assert user in results
