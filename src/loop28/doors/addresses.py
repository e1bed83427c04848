"""One line's address, whichever of its own it asks from."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.http import HttpRequest

_HOUSE = 64  # bits of an IPv6 address that belong to one line; the others its owner may choose


def address_of(request: HttpRequest) -> str:
    """The address of who asks; of IPv6 the network, since who has one has all of its addresses."""
    try:
        found = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, _HOUSE), strict=False))
    return str(found)
