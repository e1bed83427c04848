"""What can be known of moderation: mutes, removals, complaints and their turn, blocked words."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet

from loop28.front.groups import rules
from loop28.front.groups.models import (
    Complaint,
    Decision,
    GroupRules,
    Hand,
    Membership,
    Reason,
)
from loop28.front.groups.queries import groups
from loop28.kernel.access import Actor, Role, scope


def kept_silent(actor: Actor, group_ids: Sequence[int], now: datetime) -> QuerySet[Membership]:
    """Who is muted now in groups the actor sees."""
    rows = Membership.objects.filter(group__in=groups(actor).filter(id__in=group_ids), left_at=None)
    return rows.filter(muted_until__gt=now).select_related("member", "group").order_by("id")


def removed(group_ids: Iterable[int], members: Iterable[int] | None = None) -> QuerySet[Membership]:
    """Who was removed from these groups; of these members or of all."""
    rows = Membership.objects.filter(group_id__in=list(group_ids), removed_at__isnull=False)
    if members is not None:
        rows = rows.filter(member_id__in=list(members))
    return rows.select_related("member", "group").order_by("id")


def membership(actor: Actor, group_id: int, member_id: int) -> Membership | None:
    """How a member stands in a group the actor sees; None for who never was in it."""
    rows = Membership.objects.filter(group__in=groups(actor).filter(id=group_id))
    return rows.filter(member_id=member_id).select_related("member", "group").first()


def reasons(ids: Iterable[int]) -> dict[int, str]:
    """The words of reasons that facts name by number."""
    return dict(Reason.objects.filter(id__in=list(ids)).values_list("id", "text"))


def group_rules() -> dict[str, GroupRules]:
    """What may not be written, by kind of group."""
    return {of.kind: of for of in GroupRules.objects.all()}


def complaints(actor: Actor) -> QuerySet[Complaint]:
    """Complaints an actor may decide or watch: their region's, or those that came to a host.

    What is about a host is not theirs to read.
    """
    rows = scope(actor, Complaint.objects.all(), region="group__region", host="group__host")
    if actor.role is Role.MEMBER:
        rows = rows.filter(first=Hand.HOST)
    return rows.select_related("group__host", "group__region", "message__member", "about", "by")


def one_each(waiting: QuerySet[Complaint]) -> QuerySet[Complaint]:
    """Of open complaints, the first about each message, with how many there are (``people``)."""
    before = Complaint.objects.filter(
        message=OuterRef("message"), decided_at=None, id__lt=OuterRef("id")
    )
    still_open = Q(message__complaints__decided_at=None)
    count = Count("message__complaints", filter=still_open)
    return waiting.exclude(Exists(before)).annotate(people=count)


def also_about(of: Complaint) -> list[Complaint]:
    """Other open complaints about the same message: they are decided together."""
    if of.message_id is None:
        return []
    rows = Complaint.objects.filter(message=of.message_id, decided_at=None).exclude(id=of.pk)
    return list(rows.select_related("by").order_by("id"))


def own_complaints(actor: Actor) -> QuerySet[Complaint]:
    """What the acting member complained about, the newest first."""
    rows = scope(actor, Complaint.objects.all(), member="by")
    return rows.select_related("message__member", "group").order_by("-id")


def with_region(actor: Actor, now: datetime) -> QuerySet[Complaint]:
    """Of the complaints an actor sees, those that wait for the region's decision."""
    late = Q(at__lte=now - timedelta(hours=rules.HOST_HOURS))
    return complaints(actor).filter(Q(first=Hand.REGION) | late, decided_at=None)


def complaints_with_region(actor: Actor, now: datetime) -> tuple[int, datetime | None]:
    """About how many things complaints wait for the region, and since when the oldest was made."""
    found = one_each(with_region(actor, now)).order_by().aggregate(Count("id"), Min("at"))
    return found["id__count"], found["at__min"]


def found_right(hosts: Iterable[int], since: datetime) -> dict[int, list[int]]:
    """By host, of what people complained since then and were right: the first complaint about each
    message of theirs, and each about a group they host. Who has none is left out.
    """
    wanted = set(hosts)
    of_hosts = _right().filter(Q(about__in=wanted) | Q(message=None, group__host__in=wanted))
    found: dict[int, dict[str, int]] = {}
    for about, host, message, number in (
        of_hosts.filter(at__gte=since)
        .order_by("id")
        .values_list("about_id", "group__host_id", "message_id", "id")
    ):
        of = found.setdefault(about if message else host, {})
        of.setdefault(_what(message, number), number)
    return {host: list(what.values()) for host, what in found.items()}


def whom(complaint_ids: Iterable[int]) -> set[int]:
    """Whom these complaints are about: who wrote the message, or who hosts the group."""
    rows = Complaint.objects.filter(id__in=list(complaint_ids))
    pairs = rows.values_list("message", "about_id", "group__host_id")
    return {person for message, about, host in pairs if (person := about if message else host)}


def against_hosts(group_ids: Iterable[int]) -> list[tuple[int, int | None, str, int]]:
    """(group, who complained, about what, complaint) of all that people of these groups complained
    about their host, or about the group as a whole, and were right; in order.
    """
    of_host = Q(about=F("group__host")) | Q(message=None)
    rows = _right().filter(of_host, group__in=list(group_ids)).order_by("id")
    return [
        (group, by, _what(message, number), number)
        for group, by, message, number in rows.values_list("group_id", "by_id", "message_id", "id")
    ]


def _right() -> QuerySet[Complaint]:
    decided = Complaint.objects.filter(by__isnull=False, decided_at__isnull=False)
    return decided.exclude(decision=Decision.UNFOUNDED)


def _what(message: int | None, complaint: int) -> str:
    """The same for all who complained about one message."""
    return f"message {message}" if message else f"complaint {complaint}"
