"""What becomes of chats when two records turn out to be one person."""

from collections.abc import Iterable
from datetime import datetime

from loop28.front.groups.facts import GroupLeft
from loop28.front.groups.models import (
    ActiveDay,
    Complaint,
    Group,
    Membership,
    Message,
    Notice,
    Silence,
)
from loop28.kernel import journal, sql
from loop28.kernel.access import Actor, require


@journal.action
def hand_over(actor: Actor, member: int, lost: int) -> None:
    """What either wrote, one person wrote; where both were, one is, by the stricter word."""
    require(actor)
    sql.hand_over(Group, member, of=lost, field="host")
    sql.hand_over(Message, member, of=lost)
    sql.hand_over(Complaint, member, of=lost, field="by")
    sql.hand_over(Complaint, member, of=lost, field="about")
    sql.hand_over(Notice, member, of=lost)
    sql.hand_over(Silence, member, of=lost, once=[[]])
    sql.hand_over(ActiveDay, member, of=lost, once=[["group", "day"]])
    _one_membership(member, lost)
    sql.hand_over(Membership, member, of=lost)
    for table in (Silence, ActiveDay):
        table.objects.filter(member=lost).delete()


def _one_membership(member: int, lost: int) -> None:
    """Of groups both were in: since the first came; muted or removed as either was."""
    both = Membership.objects.filter(member__in=[member, lost]).order_by("id")
    held = list(both.select_for_update(of=("self",)).select_related("group"))
    mine = {row.group_id: row for row in held if row.member_id == member}
    for other in [row for row in held if row.member_id == lost and row.group_id in mine]:
        own = mine[other.group_id]
        was_here = None in {own.left_at, other.left_at}
        _join(own, other, was_here)
        other.delete()
        own.save()
        if was_here and own.left_at:
            journal.record(GroupLeft(group=own.group_id, member=member))


def _join(own: Membership, other: Membership, here: bool) -> None:
    muted = [row for row in (own, other) if row.muted_until]
    if muted:
        longest = max(muted, key=lambda row: row.muted_until or row.joined_at)
        own.muted_until, own.mute_reason = longest.muted_until, longest.mute_reason
    if own.group.host_id != own.member_id:  # nobody removes a host
        own.removed_at = _latest([own.removed_at, other.removed_at])
    own.left_at = own.removed_at if here else _latest([own.left_at, other.left_at])
    own.joined_at = min(own.joined_at, other.joined_at)
    own.read_up_to = max(own.read_up_to, other.read_up_to)


def _latest(moments: Iterable[datetime | None]) -> datetime | None:
    return max((moment for moment in moments if moment), default=None)
