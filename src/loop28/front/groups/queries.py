"""What can be known of groups."""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from loop28.back.people import queries as people
from loop28.front.groups import questions
from loop28.front.groups.models import (
    ActiveDay,
    GroupKind,
    HourCount,
    Membership,
    Message,
    Notice,
    Outgoing,
    Pace,
    Silence,
)
from loop28.front.groups.models import Group as Group  # insight names what it gets from here
from loop28.kernel import clock, sql
from loop28.kernel.access import Actor, Role, scope

K = TypeVar("K", bound=Hashable)


def groups(actor: Actor) -> QuerySet[Group]:
    """The groups this actor may see: their region's, those they host, those they are in now."""
    if actor.role is Role.MEMBER:
        return Group.objects.filter(
            memberships__member_id=actor.id, memberships__left_at__isnull=True
        )
    return scope(actor, Group.objects.all(), region="region")


def version(group_id: int, member_id: int) -> int | None:
    """The version of the group's page for a member who is in it; None for one who is not.

    The whole price of an empty poll: one indexed row.
    """
    return (
        Membership.objects.filter(group_id=group_id, member_id=member_id, left_at__isnull=True)
        .values_list("group__version", flat=True)
        .first()
    )


def messages(
    actor: Actor, group_id: int, *, after: int = 0, before: int | None = None, limit: int = 60
) -> list[Message]:
    """The newest ``limit`` messages in a window of ids, oldest first, with their writers."""
    rows = Message.objects.filter(group__in=groups(actor).filter(id=group_id), id__gt=after)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return list(rows.select_related("member").order_by("-id")[:limit])[::-1]


def unanswered(actor: Actor, group_id: int, limit: int = 150) -> list[Message]:
    """The questions nobody answered among the newest ``limit`` messages, the latest first."""
    said = [m for m in messages(actor, group_id, limit=limit) if not m.taken_down]
    host = groups(actor).filter(id=group_id).values_list("host_id", flat=True).first()
    return questions.unanswered(said, host or 0)[::-1]


def changed(group_id: int, since: int, up_to: int) -> list[Message]:
    """Messages up to this one that changed in a version of the group after ``since``."""
    rows = Message.objects.filter(group_id=group_id, changed_in__gt=since, id__lte=up_to)
    return list(rows.select_related("member").order_by("id"))


def find_messages(actor: Actor, group_ids: Sequence[int], text: str = "") -> QuerySet[Message]:
    """What people wrote in groups the actor sees, the newest first; ``text`` looks for words."""
    rows = Message.objects.filter(group__in=groups(actor).filter(id__in=group_ids))
    said = rows.exclude(member=None).select_related("member", "group").order_by("-id")
    return said.filter(text__icontains=text) if text else said


def message(actor: Actor, message_id: int) -> Message:
    """A message of a group the actor sees; raises Message.DoesNotExist for all others."""
    rows = Message.objects.filter(group__in=groups(actor))
    return rows.select_related("member", "group__host").get(id=message_id)


def texts(message_ids: Iterable[int]) -> list[Message]:
    """Messages by number, for modules that react to them."""
    return list(Message.objects.filter(id__in=list(message_ids)).order_by("id"))


def known(platform: str, external_ids: Sequence[str]) -> set[str]:
    """Which of these messages of a platform are there."""
    rows = Message.objects.filter(platform=platform, external_id__in=external_ids)
    return set(rows.values_list("external_id", flat=True))


def unread(actor: Actor, group_ids: Sequence[int]) -> dict[int, int]:
    """How many messages the acting member has not seen, by group."""
    rows = (
        Membership.objects.filter(member_id=actor.id, group_id__in=group_ids, left_at__isnull=True)
        .filter(group__messages__id__gt=F("read_up_to"))
        .values_list("group_id")
        .annotate(Count("group__messages"))
    )
    return dict(rows)


def present(group_id: int, members: Iterable[int]) -> set[int]:
    """Which of these members are in the group now."""
    return set(
        Membership.objects.filter(
            group_id=group_id, member_id__in=list(members), left_at__isnull=True
        ).values_list("member_id", flat=True)
    )


def guests_of_members(members: Iterable[int]) -> dict[int, list[int]]:
    """By group that a member built: which of these are in it, its owner left out."""
    rows = Membership.objects.filter(
        group__kind=GroupKind.OWN, member_id__in=list(members), left_at=None
    ).exclude(member_id=F("group__host"))
    found: dict[int, list[int]] = {}
    for group, member in rows.values_list("group_id", "member_id"):
        found.setdefault(group, []).append(member)
    return found


def head_counts(group_ids: Sequence[int]) -> dict[int, int]:
    """How many people are in each group now."""
    rows = Membership.objects.filter(group_id__in=group_ids, left_at__isnull=True)
    return dict(rows.values_list("group_id").annotate(Count("id")))


def active_by_day(group_ids: Sequence[int], since: date = date.min) -> dict[tuple[int, date], int]:
    """How many members did something, by group and local day."""
    rows = ActiveDay.objects.filter(group_id__in=group_ids, day__gte=since)
    counted = rows.values_list("group_id", "day").annotate(Count("id"))
    return {(group, day): count for group, day, count in counted}


def days_active(spans: Mapping[int, tuple[date, date]]) -> dict[tuple[int, int], int]:
    """By (group, member): on how many local days of the group's span, from its first to its last,
    they did something. Groups that share a span are asked for together.
    """
    together: dict[tuple[date, date], list[int]] = {}
    for group, span in spans.items():
        together.setdefault(span, []).append(group)
    if not together:
        return {}
    wanted = [Q(group_id__in=of, day__range=span) for span, of in together.items()]
    rows = ActiveDay.objects.filter(reduce(or_, wanted)).values_list("group_id", "member_id")
    return {(group, member): days for group, member, days in rows.annotate(Count("id"))}


def active_on(places: Collection[tuple[int, date]]) -> dict[tuple[int, date], int]:
    """How many members did something, for each of these groups on the local day named with it."""
    rows = ActiveDay.objects.filter(
        group_id__in={group for group, _ in places}, day__in={day for _, day in places}
    )
    counted = rows.values_list("group_id", "day").annotate(Count("id"))
    return {(group, day): count for group, day, count in counted}


def there_on(places: Collection[tuple[int, date]]) -> dict[tuple[int, date], int]:
    """Of whom `active_on` is a part: who was in each of these groups when the local day named with
    it ended, or now if it has not, or did something in it on that day and then left.
    """
    zones = dict(Group.objects.filter(id__in={n for n, _ in places}).values_list("id", "zone"))
    by_day: dict[tuple[date, str], list[int]] = {}
    for group, day in places:
        by_day.setdefault((day, zones[group]), []).append(group)
    did = ActiveDay.objects.filter(group=OuterRef("group"), member=OuterRef("member"))
    found: dict[tuple[int, date], int] = {}
    for (day, zone), of in by_day.items():
        end = clock.at_local(day + timedelta(days=1), 0, 0, ZoneInfo(zone))
        stayed = Q(left_at__isnull=True) | Q(left_at__gte=end)
        there = Q(stayed, joined_at__lt=end) | Exists(did.filter(day=day))
        rows = Membership.objects.filter(there, group_id__in=of).values_list("group_id")
        found |= {(group, day): count for group, count in rows.annotate(Count("id"))}
    return found


def people_active_by_day(group_ids: Sequence[int]) -> dict[date, int]:
    """How many members did something in any of these groups, each counted once, by local day."""
    rows = ActiveDay.objects.filter(group_id__in=group_ids).values_list("day")
    return dict(rows.annotate(Count("member", distinct=True)))


def by_hour(group_ids: Sequence[int], since: date = date.min) -> dict[tuple[int, date, int], int]:
    """How many messages people wrote, by group, local day and hour."""
    rows = HourCount.objects.filter(group_id__in=group_ids, day__gte=since)
    return {
        (group, day, hour): count
        for group, day, hour, count in rows.values_list("group_id", "day", "hour", "messages")
    }


def heard(
    spans: Mapping[K, tuple[int, datetime, datetime]],
) -> dict[K, tuple[int, int]]:
    """For each span of time in a group: how many messages its members wrote, and how many of them.

    What a host says, or the programme, is no answer.
    """
    return {
        key: _written(Message.objects.filter(group_id=group, at__gte=since, at__lt=until))
        for key, (group, since, until) in spans.items()
    }


def _written(rows: QuerySet[Message]) -> tuple[int, int]:
    counted = rows.filter(member__isnull=False, as_host=False).aggregate(
        messages=Count("id"), people=Count("member", distinct=True)
    )
    return counted["messages"], counted["people"]


def written_by_hour(group_ids: Sequence[int]) -> dict[tuple[int, int], int]:
    """How many messages people wrote, by group and local hour of the day."""
    rows = HourCount.objects.filter(group_id__in=group_ids).values_list("group_id", "hour")
    return {(group, hour): count for group, hour, count in rows.annotate(Sum("messages"))}


def written_by(members: Collection[int]) -> dict[tuple[int, int], int]:
    """How many messages these members wrote in person, by group and member."""
    rows = Message.objects.filter(sql.among("member", members)).order_by()
    counted = rows.values_list("group_id", "member_id").annotate(Count("id"))
    return {(group, member): count for group, member, count in counted}


def active_days(actor: Actor, group_ids: Sequence[int]) -> set[date]:
    """The local days on which the acting member did something in any of these groups."""
    rows = ActiveDay.objects.filter(group_id__in=group_ids, member_id=actor.id)
    return set(rows.values_list("day", flat=True))


def last_active(group_ids: Sequence[int], members: Sequence[int]) -> dict[int, date]:
    """The last local day on which each member did something in any of the groups."""
    rows = ActiveDay.objects.filter(group_id__in=group_ids, member_id__in=members)
    return dict(rows.values_list("member_id").annotate(Max("day")))


def last_days(members: Iterable[int]) -> dict[int, date]:
    """The last local day on which each of these did something in any group; who never did is left
    out.
    """
    rows = ActiveDay.objects.filter(sql.among("member", members))
    return dict(rows.values_list("member_id").annotate(Max("day")))


def silent(group_id: int, since: date) -> list[Membership]:
    """Who is in the group since before a local day and did nothing in it since; longest first."""
    active = ActiveDay.objects.filter(group_id=group_id, member=OuterRef("member"))
    rows = Membership.objects.filter(group_id=group_id, left_at__isnull=True)
    quiet = rows.filter(joined_at__date__lt=since).exclude(Exists(active.filter(day__gte=since)))
    last = active.order_by("-day").values("day")[:1]
    found = quiet.annotate(last_day=Subquery(last)).select_related("member")
    return list(found.order_by(F("last_day").asc(nulls_first=True), "joined_at", "id"))


def inside(group_id: int) -> list[int]:
    """Who is in the group now, those who are in it for longest first."""
    rows = Membership.objects.filter(group_id=group_id, left_at=None).order_by("joined_at", "id")
    return list(rows.values_list("member_id", flat=True))


def who_was_active(group_id: int, day: date) -> list[int]:
    """Who did something in the group on a local day."""
    rows = ActiveDay.objects.filter(group_id=group_id, day=day).order_by("id")
    return list(rows.values_list("member_id", flat=True))


def who_left(group_id: int, since: datetime) -> list[int]:
    """Who left the group at or after a time and is not back, the latest first."""
    rows = Membership.objects.filter(group_id=group_id, left_at__gte=since).order_by("-left_at")
    return list(rows.values_list("member_id", flat=True))


def left_since(group_ids: Sequence[int], since: datetime) -> dict[int, int]:
    """By group: how many people left at or after a time and are not back."""
    rows = Membership.objects.filter(group_id__in=group_ids, left_at__gte=since)
    return dict(rows.values_list("group_id").annotate(Count("id")))


def host_spoke(group_ids: Sequence[int]) -> dict[int, datetime]:
    """When the host last said something in each group; who never did is left out."""
    spoken = Message.objects.filter(group=OuterRef("pk"), as_host=True).order_by("-id")
    rows = Group.objects.filter(id__in=group_ids).annotate(at=Subquery(spoken.values("at")[:1]))
    return dict(rows.filter(at__isnull=False).values_list("id", "at"))


@dataclass(slots=True)
class Said:
    """What somebody wrote, as far as rules about conversations need it."""

    id: int
    group: int
    member_id: int | None
    as_host: bool
    text: str
    at: datetime
    writer: str


def newest(group_ids: Sequence[int], limit: int) -> dict[int, list[Said]]:
    """The ``limit`` newest messages of each group, oldest first; two statements for all groups."""
    before = Message.objects.filter(group=OuterRef("pk")).order_by("-id").values("id")
    floors = Group.objects.filter(id__in=group_ids).annotate(
        floor=Coalesce(Subquery(before[limit : limit + 1]), 0)
    )
    windows = [
        Q(group_id=group, id__gt=floor) for group, floor in floors.values_list("id", "floor")
    ]
    found: dict[int, list[Said]] = {group: [] for group in group_ids}
    if windows:
        rows = Message.objects.filter(reduce(or_, windows)).order_by("id")
        columns = ("id", "group_id", "member_id", "as_host", "text", "at", "member__name")
        for number, group, member, as_host, text, at, writer in rows.values_list(*columns):
            found[group].append(Said(number, group, member, as_host, text, at, writer or ""))
    return found


def outgoing(actor: Actor) -> QuerySet[Outgoing]:
    """What the house sent or has to send in groups of the actor's region; nothing for members."""
    rows = scope(actor, Outgoing.objects.all(), region="group__region")
    return rows.select_related("group")


def waiting(actor: Actor) -> int:
    """How many messages are still in the outbox."""
    return outgoing(actor).filter(sent_at=None, given_up_at=None).count()


def stuck(group_ids: Sequence[int], before: datetime) -> dict[int, tuple[int, datetime]]:
    """By group: how many messages do not leave since before a time, and since when.

    Those the house gave up count until a person settles them.
    """
    rows = Outgoing.objects.filter(
        group_id__in=group_ids, sent_at=None, given_up_by="", planned_at__lt=before
    )
    counted = rows.values_list("group_id").annotate(Count("id"), Min("planned_at"))
    return {group: (count, oldest) for group, count, oldest in counted}


def paces(actor: Actor) -> list[Pace]:
    """The pace of each region the actor sees, the default where nobody set one."""
    standing = {pace.region_id: pace for pace in Pace.objects.select_related("region")}
    return [standing.get(r.pk) or Pace(region=r) for r in people.regions(actor)]


def pace_of(region_id: int) -> Pace:
    """A region's pace."""
    return Pace.objects.filter(region=region_id).first() or Pace(region_id=region_id)


def notices_waiting(actor: Actor) -> QuerySet[Notice]:
    """Notices to persons that have not left yet, from groups the actor sees."""
    rows = Notice.objects.filter(group__in=groups(actor), sent_at=None, dropped_at=None)
    return rows.select_related("member", "group__region").order_by("id")


def own_notices(actor: Actor) -> QuerySet[Notice]:
    """What the house told the acting member, the newest first."""
    rows = scope(actor, Notice.objects.filter(sent_at__isnull=False), member="member")
    return rows.select_related("group").order_by("-sent_at", "id")


def sent(keys: Iterable[str]) -> dict[str, datetime]:
    """When the notices with these keys left; those that wait are left out."""
    rows = Notice.objects.filter(key__in=list(keys), sent_at__isnull=False)
    return {key: at for key, at in rows.values_list("key", "sent_at") if at is not None}


def unread_notices(actor: Actor) -> int:
    """How much of it they have not seen."""
    return own_notices(actor).filter(read_at=None).count()


def stopped(member_ids: Iterable[int]) -> set[int]:
    """Those of these members who want no notices."""
    rows = Silence.objects.filter(member_id__in=list(member_ids))
    return set(rows.values_list("member_id", flat=True))
