"""What was sold."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, QuerySet

from loop28.kernel import sql
from loop28.kernel.access import Actor, scope
from loop28.middle.orders.models import Order


def orders(actor: Actor) -> QuerySet[Order]:
    """The orders this actor sees, newest payment first: all for staff of no region, their own sales
    for a member. Staff of a region see orders where they see the line (`of_members`).
    """
    rows = Order.objects.select_related("member").order_by("-paid_at", "-id")
    return scope(actor, rows, member="member")


def of_members(
    member_ids: Iterable[int], since: datetime | None = None, until: datetime | None = None
) -> QuerySet[Order]:
    """Orders sold by these members and paid from ``since`` up to, but not at, ``until``.

    Whose members they are is for the caller to check, who knows the line.
    """
    rows = Order.objects.filter(sql.among("member", set(member_ids)))
    if since is not None:
        rows = rows.filter(paid_at__gte=since)
    if until is not None:
        rows = rows.filter(paid_at__lt=until)
    return rows.order_by("paid_at", "id")


def sales(since: datetime, until: datetime) -> dict[int, list[datetime]]:
    """When each member sold something that counts, paid from ``since`` up to, not at, ``until``.

    Of all members: whose they are is for the caller to say, who knows the lines.
    """
    rows = Order.objects.filter(paid_at__gte=since, paid_at__lt=until, own=False, refunded_fen=0)
    found: dict[int, list[datetime]] = defaultdict(list)
    for member, at in rows.values_list("member_id", "paid_at"):
        found[member].append(at)
    return dict(found)


def counting(
    member_ids: Iterable[int], since: datetime | None = None, until: datetime | None = None
) -> dict[int, int]:
    """How many sales of each member count: sold to somebody else, nothing of it refunded.

    A member without any is left out.
    """
    rows = of_members(member_ids, since, until).filter(own=False, refunded_fen=0)
    return _counted(rows)


def refunded(
    member_ids: Iterable[int], since: datetime | None = None, until: datetime | None = None
) -> dict[int, int]:
    """Of how many sales of each member something was refunded; without any they are left out."""
    return _counted(of_members(member_ids, since, until).filter(own=False, refunded_fen__gt=0))


def _counted(rows: QuerySet[Order]) -> dict[int, int]:
    return dict(rows.order_by().values_list("member_id").annotate(Count("id")))
