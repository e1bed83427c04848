"""Where a request comes from, as far as nobody can make it up."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

_HOUSE = 64  # bits of an IPv6 address that belong to one line; the others its owner may choose


def address_of(request: HttpRequest) -> str:
    """The address of who asks; of IPv6 the network, since who has one has all of its addresses.

    `X-Forwarded-For` is read from its end, where the nearest web server wrote, and only as far as
    those who wrote are PROXIES of ours: what stands before that, anybody can have written.
    """
    said = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    here = request.META.get("REMOTE_ADDR", "")
    while _is_ours(here) and said:
        here = said.pop() or here
    return _house(here)


def _is_ours(address: str) -> bool:
    try:
        return any(ip_address(address) in network for network in settings.PROXIES)
    except ValueError:
        return False


def _house(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, _HOUSE), strict=False))
    return str(found)
