"""What can be known of groups."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db.models import Count, F, Max, Min, QuerySet

from loop28.front.groups import questions
from loop28.front.groups.models import (
    ActiveDay,
    Group,
    HourCount,
    Membership,
    Message,
    Outgoing,
)
from loop28.kernel.access import Actor, Role, scope


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
    said = messages(actor, group_id, limit=limit)
    host = groups(actor).filter(id=group_id).values_list("host_id", flat=True).first()
    return questions.unanswered(said, host or 0)[::-1]


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


def head_counts(group_ids: Sequence[int]) -> dict[int, int]:
    """How many people are in each group now."""
    rows = Membership.objects.filter(group_id__in=group_ids, left_at__isnull=True)
    return dict(rows.values_list("group_id").annotate(Count("id")))


def active_by_day(group_ids: Sequence[int]) -> dict[tuple[int, date], int]:
    """How many members did something, by group and local day."""
    rows = ActiveDay.objects.filter(group_id__in=group_ids)
    counted = rows.values_list("group_id", "day").annotate(Count("id"))
    return {(group, day): count for group, day, count in counted}


def people_active_by_day(group_ids: Sequence[int]) -> dict[date, int]:
    """How many members did something in any of these groups, each counted once, by local day."""
    rows = ActiveDay.objects.filter(group_id__in=group_ids).values_list("day")
    return dict(rows.annotate(Count("member", distinct=True)))


def by_hour(group_ids: Sequence[int]) -> dict[tuple[int, date, int], int]:
    """How many messages people wrote, by group, local day and hour."""
    rows = HourCount.objects.filter(group_id__in=group_ids)
    return {
        (group, day, hour): count
        for group, day, hour, count in rows.values_list("group_id", "day", "hour", "messages")
    }


def active_days(actor: Actor, group_ids: Sequence[int]) -> set[date]:
    """The local days on which the acting member did something in any of these groups."""
    rows = ActiveDay.objects.filter(group_id__in=group_ids, member_id=actor.id)
    return set(rows.values_list("day", flat=True))


def last_active(group_ids: Sequence[int], members: Sequence[int]) -> dict[int, date]:
    """The last local day on which each member did something in any of the groups."""
    rows = ActiveDay.objects.filter(group_id__in=group_ids, member_id__in=members)
    return dict(rows.values_list("member_id").annotate(Max("day")))


def waiting(actor: Actor) -> int:
    """How many messages are still in the outbox."""
    return Outgoing.objects.filter(group__in=groups(actor), sent_at__isnull=True).count()


def stuck(group_ids: Sequence[int], before: datetime) -> dict[int, tuple[int, datetime]]:
    """By group: how many messages have waited in the outbox since before a time, and since when."""
    rows = Outgoing.objects.filter(
        group_id__in=group_ids, sent_at__isnull=True, planned_at__lt=before
    )
    counted = rows.values_list("group_id").annotate(Count("id"), Min("planned_at"))
    return {group: (count, oldest) for group, count, oldest in counted}
