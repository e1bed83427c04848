"""Who comes into a club and leaves it, as facts that others count by. Called inside reactions."""

from collections.abc import Sequence

from loop28.front.clubs.facts import GuestCame, GuestLeft
from loop28.front.clubs.models import Guest
from loop28.kernel import journal, sql

Pair = tuple[int, int]
"""A chat group and a member."""


def begin(pairs: Sequence[Pair]) -> None:
    """These came into these groups: where one is a guest's club, another stay begins."""
    rows = _guests(pairs)
    for guest in rows:
        guest.stay += 1
    sql.update(Guest, [{"id": guest.pk, "stay": guest.stay} for guest in rows])
    journal.record(*(GuestCame(**_said(guest)) for guest in rows if guest.counts))


def end(pairs: Sequence[Pair]) -> None:
    """These left these groups."""
    journal.record(*(left(guest) for guest in _guests(pairs) if guest.counts))


def left(guest: Guest) -> GuestLeft:
    """That a stay is over."""
    return GuestLeft(**_said(guest))


def _guests(pairs: Sequence[Pair]) -> list[Guest]:
    if not pairs:
        return []
    rows = Guest.objects.filter(sql.Agreeing(("club__group", "member"), pairs))
    return list(rows.select_related("club").order_by("id"))


def _said(guest: Guest) -> dict[str, int]:
    return {
        "line": guest.club.line_id,
        "owner": guest.club.owner_id,
        "club": guest.club_id,
        "guest": guest.pk,
        "stay": guest.stay,
        "member": guest.member_id,
    }
