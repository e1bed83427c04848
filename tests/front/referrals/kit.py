"""Links to test with, and people who touch them."""

from itertools import count
from typing import Any

from loop28.front.lines.models import Line
from loop28.front.referrals import actions, sharing
from loop28.front.referrals.actions import Touch
from loop28.front.referrals.models import Fan, Link, Lock
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.kernel.journal.models import Entry

_codes = count(1)


def me(member: int) -> Actor:
    return Actor(Role.MEMBER, member)


def product_link(line: Line, promoter: int, place: str = "") -> Link:
    return sharing.share(me(promoter), line.pk, "product", place=place)


def visitor() -> int:
    """The code of a phone that was never here."""
    return next(_codes)


def touched(link: Link, *visitors: int, network: str = "") -> list[bool]:
    return actions.touch(SYSTEM, [Touch(link.pk, v, network=network) for v in visitors])


def living(code: int) -> list[Lock]:
    """The locks of a visitor that live now."""
    fan = Fan.objects.get(code=code)
    return list(Lock.objects.filter(fan=fan, until__gt=clock.now()))


def told(kind: str) -> list[dict[str, Any]]:
    return [entry.data for entry in Entry.objects.filter(kind=kind).order_by("id")]
