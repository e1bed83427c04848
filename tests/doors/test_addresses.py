"""What counts as one address."""

import pytest
from django.test import RequestFactory

from loop28.doors.addresses import address_of


@pytest.mark.parametrize(
    ("peer", "found"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("", "unknown"),
        ("' OR 1=1", "unknown"),
    ],
)
def test_of_ipv6_a_whole_network_is_one(peer: str, found: str) -> None:
    assert address_of(RequestFactory(REMOTE_ADDR=peer).get("/")) == found
