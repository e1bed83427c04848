"""What can be known of packets."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet, Sum

from loop28.front.groups import queries as groups
from loop28.front.lines import queries as lines
from loop28.front.packets.models import Packet, Share
from loop28.kernel.access import Actor
from loop28.middle.members import queries as members


def packet(actor: Actor, packet_id: int) -> Packet:
    """A packet of a group the actor sees; raises Packet.DoesNotExist for any other."""
    return Packet.objects.select_related("group__host").get(
        beat_id=packet_id, group__in=groups.groups(actor)
    )


def packets(actor: Actor, line_id: int) -> QuerySet[Packet]:
    """The packets of a line the actor runs or watches, the newest first."""
    of = Packet.objects.filter(line__in=lines.lines(actor).filter(id=line_id))
    return of.order_by("-issued_at", "-beat_id")


def taken(actor: Actor, packet_id: int) -> list[Share]:
    """The opened shares with who opened them, in order."""
    found = packet(actor, packet_id)
    rows = Share.objects.filter(packet=found, member__isnull=False)
    return list(rows.select_related("member").order_by("number"))


def of_member(actor: Actor, member_id: int) -> list[Share]:
    """What a member got from packets of lines the actor runs or watches, the latest first."""
    own = Share.objects.filter(member__in=members.records(member_id))
    rows = own.filter(packet__line__in=lines.lines(actor).order_by())
    return list(rows.select_related("packet__line").order_by("-taken_at", "-id"))


def luckiest(shares: Sequence[Share]) -> int | None:
    """The member with the largest share, the earlier one of equals; None while nothing is taken."""
    best = max(shares, key=lambda share: (share.fen, -share.number), default=None)
    return best.member_id if best else None


def own_shares(actor: Actor, packet_ids: Sequence[int]) -> dict[int, int]:
    """What the acting member got from each of these packets, in fen."""
    rows = Share.objects.filter(packet_id__in=packet_ids, member_id=actor.id)
    return dict(rows.values_list("packet_id", "fen"))


def is_closed(packet_id: int) -> bool:
    """Whether a packet is over and done with: all was taken, or what was left has gone back."""
    return Packet.objects.filter(beat_id=packet_id, closed_at__isnull=False).exists()


def open_in(group_ids: Sequence[int], now: datetime) -> list[Packet]:
    """Packets in these groups that can still be opened, the newest first."""
    rows = Packet.objects.filter(group_id__in=group_ids, closed_at=None, expires_at__gte=now)
    return list(rows.order_by("-issued_at"))


def by_id(packet_ids: Sequence[int]) -> dict[int, Packet]:
    """Packets by number, for a stream that shows them."""
    return {p.pk: p for p in Packet.objects.filter(beat_id__in=packet_ids)}


def totals(line_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """By line, in fen: issued, claimed, returned; what is in none of the last two is still open."""
    sums = (Sum("total"), Sum("taken_fen"), Sum("returned_fen"))
    rows = Packet.objects.filter(line_id__in=line_ids).values_list("line_id").annotate(*sums)
    return {
        line: {"issued": issued, "claimed": claimed, "returned": returned}
        for line, issued, claimed, returned in rows
    }


def next_expiry(now: datetime) -> datetime | None:
    """When the next open packet expires."""
    return (
        Packet.objects.filter(closed_at=None, expires_at__gte=now)
        .order_by("expires_at")
        .values_list("expires_at", flat=True)
        .first()
    )
