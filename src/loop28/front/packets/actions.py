"""What can be done with packets: issue, open, let expire."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from loop28.back.ledger import accounts
from loop28.back.ledger.actions import Move, transfer
from loop28.back.ledger.models import Basis, Movement
from loop28.front.groups import actions as groups
from loop28.front.groups import queries as group_queries
from loop28.front.groups.chat import Outbound
from loop28.front.lines import beats as line_beats
from loop28.front.lines.models import Beat
from loop28.front.lines.outcomes import Outcome, outcome
from loop28.front.packets import rules
from loop28.front.packets.facts import PacketClosed, PacketIssued, ShareTaken
from loop28.front.packets.models import Packet, Share
from loop28.kernel import chance, journal, sql
from loop28.kernel.access import Actor

BATCH = 200


class Opened(StrEnum):
    """What came of opening a packet."""

    NOW = "now"
    BEFORE = "before"
    GONE = "gone"
    EXPIRED = "expired"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A member's answer; ``fen`` is the share where there is one."""

    outcome: Opened
    fen: int | None = None


@journal.action
def issue(actor: Actor, beats: Sequence[Beat]) -> None:
    """Issue a packet for each beat: budget → packet, split, shown in the group.

    In the given order, as far as each line's budget goes; a beat whose packet cannot be paid has
    failed with that reason, and the others are issued.
    """
    paid = transfer(actor, [_funding(beat) for beat in beats], partial=True)
    issued = [beat for beat, done in zip(beats, paid, strict=True) if done]
    short = [beat for beat, done in zip(beats, paid, strict=True) if done is None]
    _write(issued)
    groups.send(actor, [_shown(beat) for beat in issued])
    empty = outcome(Outcome.BUDGET_EMPTY)
    line_beats.beats_failed(actor, [(beat.pk, empty) for beat in short])
    journal.record(
        *(
            PacketIssued(line=beat.line_id, packet=beat.pk, fen=beat.payload["total"])
            for beat in issued
        )
    )


@journal.action
def claim(actor: Actor, packet_id: int, members: Sequence[int]) -> list[Claimed]:
    """Members open a packet, in this order; one answer for each, the same however often they tap.

    The packet's row is the lock: whoever comes next sees what is left. Only people who are in the
    group now get a share.
    """
    now = journal.now()
    packet = Packet.objects.select_for_update(no_key=True).get(beat_id=packet_id)
    had = dict(
        Share.objects.filter(packet=packet, member_id__in=members).values_list("member_id", "fen")
    )
    inside = group_queries.present(packet.group_id, members)
    asking = [m for m in dict.fromkeys(members) if m not in had and m in inside]
    over = packet.closed_at is not None or now > packet.expires_at
    got = {} if over else _hand_out(actor, packet, asking)
    missed = Opened.EXPIRED if now > packet.expires_at else Opened.GONE
    return [_answer(m, got, had, inside, missed) for m in members]


@journal.action
def expire_due(actor: Actor) -> int:
    """Close packets whose time is over; what is left goes back to the line's budget. How many."""
    now = journal.now()
    due = list(
        Packet.objects.select_for_update(skip_locked=True, no_key=True)
        .filter(closed_at__isnull=True, expires_at__lt=now)
        .order_by("beat_id")[:BATCH]
    )
    left = [(packet, packet.total - packet.taken_fen) for packet in due]
    transfer(actor, [_return(packet, fen) for packet, fen in left])
    sql.update(
        Packet,
        [{"beat": packet.pk, "closed_at": now, "returned_fen": fen} for packet, fen in left],
        key="beat",
    )
    journal.record(
        *(PacketClosed(line=p.line_id, packet=p.pk, returned_fen=fen) for p, fen in left)
    )
    return len(due)


def _funding(beat: Beat) -> Move:
    return Move(
        reference=f"packet:{beat.pk}",
        debit=accounts.budget(beat.line_id),
        credit=accounts.packet(beat.pk),
        amount=beat.payload["total"],
        movement=Movement.RESERVE,
    )


def _return(packet: Packet, fen: int) -> Move:
    return Move(
        reference=f"packet:{packet.pk}:return",
        debit=accounts.packet(packet.pk),
        credit=accounts.budget(packet.line_id),
        amount=fen,
        movement=Movement.RETURN,
    )


def _write(beats: Sequence[Beat]) -> None:
    now = journal.now()
    packets = [
        {
            "beat": beat.pk,
            "line_id": beat.line_id,
            "group_id": beat.phase.group_id,
            "title": beat.payload["title"],
            "total": beat.payload["total"],
            "count": beat.payload["shares"],
            "taken": 0,
            "taken_fen": 0,
            "returned_fen": 0,
            "issued_at": now,
            "expires_at": now + timedelta(seconds=beat.payload["expires"]),
        }
        for beat in beats
    ]
    sql.insert(Packet, packets, unique=("beat",), returning=("beat",))
    shares = [
        {"packet_id": beat.pk, "number": number, "fen": fen}
        for beat in beats
        for number, fen in enumerate(_split(beat), start=1)
    ]
    sql.insert(Share, shares, unique=("packet", "number"))


def _split(beat: Beat) -> list[int]:
    terms = beat.payload
    return rules.split(terms["total"], terms["shares"], terms["split"], chance.source())


def _shown(beat: Beat) -> Outbound:
    return Outbound(
        key=f"beat:{beat.pk}",
        group=beat.phase.group_id,
        text=beat.payload["title"],
        planned_at=journal.now(),
        kind="packet",
        ref=beat.pk,
    )


def _hand_out(actor: Actor, packet: Packet, asking: Sequence[int]) -> dict[int, int]:
    """Give the next free shares to those who ask, as far as they go; fen by member."""
    now = journal.now()
    free = Share.objects.filter(packet=packet, member__isnull=True).order_by("number")
    pairs = list(zip(asking, free[: len(asking)], strict=False))
    if not pairs:
        return {}
    sql.update(Share, [{"id": s.pk, "member": m, "taken_at": now} for m, s in pairs])
    packet.taken += len(pairs)
    packet.taken_fen += sum(share.fen for _, share in pairs)
    if packet.taken == packet.count:
        packet.closed_at = now
        journal.record(PacketClosed(line=packet.line_id, packet=packet.pk, returned_fen=0))
    packet.save(update_fields=["taken", "taken_fen", "closed_at"])
    transfer(actor, [_gift(packet, member, share.fen) for member, share in pairs])
    groups.mark_active(actor, {packet.group_id: [member for member, _ in pairs]})
    journal.record(
        *(
            ShareTaken(line=packet.line_id, packet=packet.pk, member=member, fen=share.fen)
            for member, share in pairs
        )
    )
    return {member: share.fen for member, share in pairs}


def _gift(packet: Packet, member: int, fen: int) -> Move:
    return Move(
        reference=f"packet:{packet.pk}:{member}",
        debit=accounts.packet(packet.pk),
        credit=accounts.wallet(member),
        amount=fen,
        basis=Basis.GIFT,
    )


def _answer(
    member: int, got: dict[int, int], had: dict[int, int], inside: set[int], missed: Opened
) -> Claimed:
    if member in had:
        return Claimed(Opened.BEFORE, had[member])
    if member in got:
        return Claimed(Opened.NOW, got[member])
    return Claimed(missed if member in inside else Opened.OUTSIDE)
