"""A link opens one thing, for whom it names, until its end."""

from datetime import timedelta

import pytest

from loop28.kernel import clock, links
from loop28.kernel.links import LinkExpired, LinkInvalid

pytestmark = pytest.mark.django_db


def _token(minutes=1, purpose="join"):
    return links.sign(purpose, 3, 7, until=clock.now() + timedelta(minutes=minutes))


def test_a_link_carries_what_was_signed():
    assert links.read("join", _token()) == [3, 7]


def test_a_link_for_another_purpose_opens_nothing():
    with pytest.raises(LinkInvalid):
        links.read("sign-in", _token())


def test_the_same_is_signed_alike_at_any_time(monkeypatch):
    until = clock.now() + timedelta(days=1)
    first = links.sign("join", 3, until=until)
    monkeypatch.setattr("time.time", lambda: until.timestamp() - 60)
    assert links.sign("join", 3, until=until) == first


def test_a_link_ends():
    with pytest.raises(LinkExpired):
        links.read("join", _token(minutes=-1))


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token[:-1],
        lambda token: token + "x",
        lambda token: token[::-1],
        lambda token: token.replace(":", ""),
        lambda token: "x" + token,
        lambda token: "",
        lambda token: "张三",
        lambda token: "a:b:c",
        lambda token: ":::",
        lambda token: "\ud800:" + token,
        lambda token: "." + token,
        lambda token: token * 100,
    ],
    ids=range(12),
)
def test_a_changed_link_is_refused_and_never_an_error(change):
    with pytest.raises(LinkInvalid):
        links.read("join", change(_token()))
