"""What can be done to groups: open, join, leave, take messages in, send messages out."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db.models import F, Max, Min, QuerySet
from django.db.models.functions import Greatest

from loop28.front.groups import notices, sending, words
from loop28.front.groups.chat import Incoming, Outbound
from loop28.front.groups.facts import GroupJoined, GroupLeft, MessageReceived
from loop28.front.groups.models import (
    ActiveDay,
    Group,
    GroupKind,
    HourCount,
    Membership,
    Message,
    MessageKind,
    Outgoing,
)
from loop28.kernel import clock, journal, sql
from loop28.kernel.access import SYSTEM, Actor
from loop28.kernel.prepared import prepared
from loop28.kernel.text import keepable

BATCH = 1000


@journal.action
def open_group(
    actor: Actor,
    *,
    name: str,
    host: int,
    region: int,
    zone: str,
    kind: GroupKind = GroupKind.NEWCOMER,
) -> Group:
    """A new group of the house chat with its host in it."""
    group = Group.objects.create(
        name=name, host_id=host, region_id=region, zone=zone, kind=kind, created_at=journal.now()
    )
    join(actor, group.pk, [host])
    return group


@journal.action
def change_host(actor: Actor, group_ids: Sequence[int], host: int) -> None:
    """Give groups another host, who comes in; the former one stays a member."""
    for group_id in sorted(group_ids):
        join(actor, group_id, [host])
    Group.objects.filter(id__in=group_ids).update(host_id=host, version=F("version") + 1)


@journal.action
def join(actor: Actor, group_id: int, members: Sequence[int]) -> None:
    """Bring members into a group; those who are in stay as they are, those who left are back.

    What was said while they were not there is nothing they have to read. Those who were removed
    stay outside.
    """
    now = journal.now()
    said = Message.objects.filter(group_id=group_id).aggregate(last=Max("id"))["last"] or 0
    rows = [
        {
            "group_id": group_id,
            "member_id": m,
            "joined_at": now,
            "mute_reason": "",
            "read_up_to": said,
        }
        for m in sorted(set(members))
    ]
    new = sql.insert(Membership, rows, unique=("group", "member"), returning=("member",))
    came = {member for (member,) in new}
    gone = Membership.objects.filter(
        group_id=group_id, member_id__in=members, left_at__isnull=False, removed_at=None
    )
    back = set(gone.values_list("member_id", flat=True))
    if back:
        gone.update(left_at=None, read_up_to=Greatest("read_up_to", said))
    journal.record(*(GroupJoined(group=group_id, member=m) for m in sorted(came | back)))


@journal.action
def leave(actor: Actor, group_id: int, members: Sequence[int]) -> None:
    """Take members out of a group; what they said stays."""
    present = Membership.objects.filter(
        group_id=group_id, member_id__in=members, left_at__isnull=True
    )
    leaving = sorted(present.values_list("member_id", flat=True))
    present.update(left_at=journal.now())
    journal.record(*(GroupLeft(group=group_id, member=m) for m in leaving))


@journal.action
def receive(actor: Actor, batch: Sequence[Incoming]) -> int:
    """Take in messages of any groups; how many were new. One that is known already vanishes."""
    _take_turns({m.group for m in batch})
    rows = [
        {
            "group_id": m.group,
            "platform": m.platform,
            "external_id": m.external_id,
            "member_id": m.member,
            "as_host": m.as_host,
            "kind": m.kind,
            "text": keepable(m.text),
            "ref": m.ref,
            "at": m.at,
            "taken_down": "",
        }
        for m in batch
    ]
    columns = ("id", "platform", "external_id")
    new = {
        (where, key): number
        for number, where, key in sql.insert(
            Message, rows, unique=("platform", "external_id"), returning=columns
        )
    }
    if not new:
        return 0
    # The same message twice in one batch is one row; the first mention stands for it.
    fresh = {(m.platform, m.external_id): m for m in reversed(batch)}
    arrived = [(number, fresh[key]) for key, number in sorted(new.items(), key=lambda kv: kv[1])]
    _pin_calls(arrived)
    _count([m for _, m in arrived])
    words.flag(arrived)
    notices.hear(arrived)
    Group.objects.filter(id__in={m.group for _, m in arrived}).update(version=F("version") + 1)
    journal.record(
        *(
            MessageReceived(message=number, group=m.group, member=m.member)
            for number, m in arrived
            if m.member is not None
        )
    )
    return len(new)


@journal.action
def send(actor: Actor, messages: Sequence[Outbound]) -> None:
    """Put messages into the outbox; they leave right after the commit, or when the worker looks."""
    rows = [
        {
            "key": m.key,
            "group_id": m.group,
            "as_host": m.as_host,
            "kind": m.kind,
            "text": keepable(m.text),
            "ref": m.ref,
            "planned_at": m.planned_at,
            "tries": 0,
            "error": "",
            "given_up_by": "",
        }
        for m in messages
    ]
    if sql.insert(Outgoing, rows, unique=("key",)):
        journal.after_commit(lambda: deliver(SYSTEM))


@journal.action
def deliver(actor: Actor) -> int:
    """Hand what waits in the outbox to its platforms; how many messages were sent.

    The rows stay locked meanwhile, so that two workers never send the same one. The house chat
    sends inside this database; an adapter that goes outside is idempotent by key, because a commit
    that fails here will have it send again. What fails is tried again later, and what comes after
    it in its group waits for it.
    """
    now = journal.now()
    unsent = Outgoing.objects.filter(sent_at=None, given_up_at=None)
    waits = unsent.filter(next_at__gt=now).values("group_id")
    free = unsent.exclude(group_id__in=waits).select_for_update(skip_locked=True, of=("self",))
    waiting = _in_order(list(free.select_related("group").order_by("id")[:BATCH]))
    delivered = 0
    for name, rows in groupby(
        sorted(waiting, key=lambda row: row.group.platform), key=lambda row: row.group.platform
    ):
        sent, failed = sending.hand_over(name, list(rows))
        Outgoing.objects.filter(id__in=sent).update(sent_at=now, next_at=None)
        sending.note_failures(failed)
        delivered += len(sent)
    return delivered


@journal.action
def mark_active(actor: Actor, members: Mapping[int, Collection[int]]) -> None:
    """These members, by group, did something in it today."""
    zones = _zones(list(members))
    days = {group: clock.local_day(journal.now(), ZoneInfo(zone)) for group, zone in zones}
    rows = [
        {"group_id": group, "day": days[group], "member_id": member}
        for group, some in sorted(members.items())
        for member in sorted(set(some))
    ]
    sql.insert(ActiveDay, rows, unique=("group", "day", "member"), returning=())


@prepared
def _zones(group_ids: Collection[int]) -> QuerySet[Group, tuple[int, str]]:
    return Group.objects.filter(sql.among("id", group_ids)).values_list("id", "zone")


@journal.action
def unpin(actor: Actor, group_id: int) -> None:
    """Take the pinned call down."""
    Group.objects.filter(id=group_id).update(pinned=None, version=F("version") + 1)


@journal.action
def read_up_to(actor: Actor, group_id: int, message_id: int) -> None:
    """The acting member has seen everything up to this message."""
    Membership.objects.filter(
        group_id=group_id, member_id=actor.id, read_up_to__lt=message_id
    ).update(read_up_to=message_id)


def _in_order(held: Sequence[Outgoing]) -> list[Outgoing]:
    """Of these unsent rows, those before which nothing in their group is being sent by another.

    Who looks next sends the rest: a group hears everything in its order.
    """
    others = Outgoing.objects.filter(
        sent_at=None, given_up_at=None, group_id__in={row.group_id for row in held}
    ).exclude(id__in=[row.pk for row in held])
    first = dict(others.values_list("group_id").annotate(Min("id")))
    return [row for row in held if row.pk < first.get(row.group_id, row.pk + 1)]


def _take_turns(group_ids: set[int]) -> None:
    """Let the ids in a group grow in the order of commits: readers ask for what came after one."""
    rows = Group.objects.select_for_update(no_key=True).filter(id__in=group_ids).order_by("id")
    list(rows.values_list("id"))


def _pin_calls(arrived: Sequence[tuple[int, Incoming]]) -> None:
    for number, message in arrived:
        if message.kind == MessageKind.CALL:
            Group.objects.filter(id=message.group).update(pinned_id=number)


def _count(messages: Sequence[Incoming]) -> None:
    """Count what people wrote by local hour, and who was there on which local day."""
    said = [(m.group, m.member, m.at) for m in messages if m.member is not None and not m.as_host]
    zones = {
        group: ZoneInfo(zone)
        for group, zone in Group.objects.filter(id__in={g for g, _, _ in said}).values_list(
            "id", "zone"
        )
    }
    local = [(group, member, at.astimezone(zones[group])) for group, member, at in said]
    hours = Counter((group, at.date(), at.hour) for group, _, at in local)
    sql.insert(
        HourCount,
        [
            {"group_id": group, "day": day, "hour": hour, "messages": count}
            for (group, day, hour), count in sorted(hours.items())
        ],
        unique=("group", "day", "hour"),
        add=("messages",),
    )
    days = sorted({(group, at.date(), member) for group, member, at in local})
    sql.insert(
        ActiveDay,
        [{"group_id": g, "day": day, "member_id": member} for g, day, member in days],
        unique=("group", "day", "member"),
    )
