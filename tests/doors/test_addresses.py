"""Whose word is good about where a request comes from."""

from ipaddress import ip_network

import pytest
from django.conf import LazySettings
from django.test import RequestFactory

from loop28.doors.addresses import address_of

US, PROXY = "127.0.0.1", "10.1.1.1"


def _address(peer: str, forwarded: str | None = None) -> str:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return address_of(RequestFactory(REMOTE_ADDR=peer, headers=headers).get("/"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("203.0.113.9", None, "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        (US, "198.51.100.1", "198.51.100.1"),
        (US, "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        (US, "1.1.1.1,198.51.100.1, 127.0.0.1", "198.51.100.1"),
        (US, f"1.1.1.1, 198.51.100.1, {PROXY}", "198.51.100.1"),
        (US, None, US),
        (US, "", US),
        (US, "1.1.1.1, ' OR 1=1", "unknown"),
        (US, "1.1.1.1, 令牌", "unknown"),
        ("", None, "unknown"),
        ("2001:db8:1:2:3::4", None, "2001:db8:1:2::/64"),
        (US, "2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        (US, "::ffff:198.51.100.1", "198.51.100.1"),
        (US, "127.0.0.1, " * 500, US),
    ],
)
def test_only_what_our_own_web_servers_say_counts(
    peer: str, forwarded: str | None, found: str, settings: LazySettings
) -> None:
    settings.PROXIES = [ip_network("127.0.0.0/8"), ip_network(PROXY)]
    assert _address(peer, forwarded) == found
