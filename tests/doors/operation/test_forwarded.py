"""Whom a request comes from, behind web servers of ours and of others."""

from ipaddress import ip_network

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from loop28 import settings as program
from loop28.doors.operation.forwarded import who_asks
from tests.factories import staff

OURS = [ip_network("127.0.0.0/8"), ip_network("10.1.0.0/16"), ip_network("::1")]
PASSWORD = "eight-lanterns-hang"


@pytest.mark.parametrize(
    ("peer", "forwarded", "who"),
    [
        ("127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "made-up, 198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "203.0.113.9, 198.51.100.7, 10.1.2.3", "198.51.100.7"),  # two of ours
        ("::ffff:127.0.0.1", "2001:db8::7", "2001:db8::7"),
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),  # a stranger's word is nothing
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9, <b>", "127.0.0.1"),
        ("", "203.0.113.9", ""),
    ],
)
def test_the_last_address_that_is_not_ours_asks(peer, forwarded, who):
    assert who_asks(peer, forwarded, OURS) == who


@given(st.lists(st.ip_addresses().map(str) | st.text(max_size=8)))
def test_nothing_that_is_sent_along_changes_who_asks_behind_our_web_server(sent):
    assert who_asks("127.0.0.1", ", ".join([*sent, "198.51.100.7"]), OURS) == "198.51.100.7"


@given(st.text(max_size=40))
def test_without_web_servers_of_ours_nobody_is_believed(sent):
    assert who_asks("127.0.0.1", sent, []) == "127.0.0.1"


def test_settings_that_cannot_be_meant_stop_the_start(monkeypatch):
    monkeypatch.setenv("LOOP28_TRUSTED_PROXIES", "10.0.0.5, 10.1.0.0/16")
    assert len(program._networks("LOOP28_TRUSTED_PROXIES", "")) == 2
    for wrong in ("my-proxy", "10.0.0.0/99", "10.0.0.1/8"):
        monkeypatch.setenv("LOOP28_TRUSTED_PROXIES", wrong)
        with pytest.raises(ImproperlyConfigured, match="LOOP28_TRUSTED_PROXIES"):
            program._networks("LOOP28_TRUSTED_PROXIES", "")
    monkeypatch.setenv("LOOP28_METRICS_TOKEN", "short")
    with pytest.raises(ImproperlyConfigured, match="20 characters"):
        program._token("LOOP28_METRICS_TOKEN")


@pytest.mark.django_db
def test_who_guesses_passwords_is_stopped_alone_and_cannot_pretend_to_be_somebody_else(
    client, settings
):
    settings.TRUSTED_PROXIES = OURS
    user = staff(password=PASSWORD)

    def tries(password, forwarded):
        known = {"username": user.username, "password": password, "next": ""}
        headers = {"x-forwarded-for": forwarded}
        return client.post("/console/sign-in", known, headers=headers).status_code

    guesses = [tries("wrong", f"203.0.113.{n}, 198.51.100.7") for n in range(6)]
    assert guesses == [422] * 5 + [429]
    assert tries(PASSWORD, "203.0.113.99, 198.51.100.7") == 429
    assert tries(PASSWORD, "198.51.100.8") == 302
