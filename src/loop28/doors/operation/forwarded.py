"""Whom the web server in front of this one answers: its word counts where it may be trusted."""

from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Network = IPv4Network | IPv6Network


class ForwardedMiddleware:
    """REMOTE_ADDR becomes the address of who really asks, for limits that count by address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.META["REMOTE_ADDR"] = who_asks(
            request.META.get("REMOTE_ADDR", ""),
            request.headers.get("X-Forwarded-For", ""),
            settings.TRUSTED_PROXIES,
        )
        return self.get_response(request)


def who_asks(peer: str, forwarded: str, trusted: Iterable[Network]) -> str:
    """The first address, going back from our side, that is none of our own web servers.

    Each of them adds at the end of ``forwarded`` whom it answers; whatever stands before that may
    be made up by who asks.
    """
    known = list(trusted)
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    while hops and (address := _address(peer)) and any(address in network for network in known):
        if not _address(hops[-1]):
            break
        peer = hops.pop()
    return peer


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
