"""Which touch is a person's, when a fan is free, how many of one network are a crowd. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

LOCK = timedelta(days=30)
"""How long a fan is a promoter's: a line lasts 28 days, so whoever was brought at its beginning is
still theirs at its end, and nobody owns a person for longer.
"""

CROWD = 60
"""New visitors of one network on one link within an hour, beyond whom clicks are doubtful. A family
or an office behind one address stays far below; they are counted above it, too.
"""

_PURPOSES = ("sec-purpose", "purpose", "x-purpose", "x-moz")
_AHEAD = re.compile("prefetch|preview|prerender", re.IGNORECASE)
_MACHINES = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|preview|prerender|headless|facebookexternalhit|whatsapp/"
    r"|embedly|okhttp|python|curl|wget|java/|go-http-client|libwww|node-fetch|axios|scrapy",
    re.IGNORECASE,
)


def by_a_person(headers: Mapping[str, str]) -> bool:
    """Whether a request with these headers (names in lower case) may be a person's touch.

    Who fetches ahead, previews or crawls mostly says so; who hides it still has to touch the page.
    A Cubot is a phone.
    """
    if any(_AHEAD.search(headers.get(name, "")) for name in _PURPOSES):
        return False
    agent = headers.get("user-agent", "")
    return bool(agent.strip()) and not _MACHINES.search(agent)


def network(address: str) -> str:
    """The neighbourhood of an address, coarse enough to be nobody's: /24, in IPv6 /48; or empty."""
    try:
        known: IPv4Address | IPv6Address = ip_address(address.strip())
    except ValueError:
        return ""
    if isinstance(known, IPv6Address) and known.ipv4_mapped:
        known = known.ipv4_mapped
    return str(ip_network(f"{known}/{24 if known.version == 4 else 48}", strict=False))


def hour(moment: datetime) -> datetime:
    """The beginning of the hour a moment is in."""
    return moment.replace(minute=0, second=0, microsecond=0)


def beyond(before: int, now: int) -> int:
    """How many of ``now`` who come after ``before`` others are more than a network's share."""
    return max(0, min(now, before + now - CROWD))


@dataclass(frozen=True, slots=True)
class Term:
    """One lock of a fan: which it is, counted from 1, and when."""

    number: int
    since: datetime
    until: datetime


def begun(since: datetime, moved: Mapping[datetime, datetime]) -> datetime:
    """When a lock since then really began: one that another went over into began when that did.

    ``moved`` has the locks that went over: when each ended, and since when it was.
    """
    while moved.get(since, since) < since:
        since = moved[since]
    return since


def next_term(last: Term | None, now: datetime) -> Term | None:
    """The lock a touch would make; None while the last one lives."""
    if last is not None and last.until > now:
        return None
    return Term(last.number + 1 if last else 1, now, now + LOCK)
