"""What can be known of links, clicks and fans."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery, Sum

from loop28.front.referrals.models import Click, Dispute, Ended, Fan, Link, Lock, Tally
from loop28.kernel import clock, sql
from loop28.kernel.access import Actor, scope


@dataclass(frozen=True, slots=True)
class Counted:
    """How many people clicked a link, how many of these clicks are doubtful, who is locked by it
    now.
    """

    clicks: int = 0
    doubtful: int = 0
    fans: int = 0


def link(token: str) -> Link | None:
    """The link of an address; whoever has the address may open it."""
    rows = Link.objects.select_related("line__region", "promoter")
    return rows.filter(token=token).first()


def is_stranger(code: int) -> bool:
    """Whether a phone touched a link and nobody knows yet whose it is."""
    return Fan.objects.filter(code=code, member=None, same_as=None).exists()


def links(actor: Actor) -> QuerySet[Link]:
    """A member's own links, or those of the region's lines for its staff; newest first."""
    rows = Link.objects.select_related("line__region", "promoter").order_by("-id")
    return scope(actor, rows, region="line__region", member="promoter")


def most_clicked(actor: Actor, since: date) -> QuerySet[Link]:
    """The same that anybody clicked from this day on, with ``recent`` clicks, the most first."""
    counted = Sum("tallies__clicks", filter=Q(tallies__day__gte=since))
    return links(actor).annotate(recent=counted).filter(recent__gt=0).order_by("-recent", "-id")


def counted(link_ids: Collection[int]) -> dict[int, Counted]:
    """By link: what came of it."""
    rows = Click.objects.filter(link__in=link_ids).values_list("link")
    counts = rows.annotate(all=Count("id"), doubtful=Count("id", filter=Q(doubtful=True)))
    clicks = {number: (count, doubtful) for number, count, doubtful in counts}
    living = Lock.objects.filter(link__in=link_ids, until__gt=clock.now()).values_list("link")
    fans = dict(living.annotate(Count("id")))
    return {n: Counted(*clicks.get(n, (0, 0)), fans.get(n, 0)) for n in link_ids}


def clicks_in_all(actor: Actor) -> int:
    """How many clicks all links of the acting member have."""
    return scope(actor, Click.objects.all(), member="link__promoter").count()


def clicks_by_day(link_ids: Collection[int], since: date) -> dict[int, dict[date, int]]:
    """By link and day of the region, from this day on: how many people clicked."""
    rows = Tally.objects.filter(link__in=link_ids, day__gte=since)
    found: dict[int, dict[date, int]] = defaultdict(dict)
    for number, day, count in rows.values_list("link", "day", "clicks"):
        found[number][day] = count
    return found


def fans(actor: Actor, promoter_id: int) -> QuerySet[Lock]:
    """The fans a promoter has now, the latest first: their own, or in lines of the actor's."""
    rows = _locks(actor).filter(promoter=promoter_id, until__gt=clock.now())
    return rows.order_by("-since", "-id")


_came_by = Q(ended__in=Ended.held(), fan__member__created_at__lt=F("until"))


def brought(actor: Actor, promoter_ids: Iterable[int]) -> dict[int, list[Lock]]:
    """By promoter: the locks by which people came who became members, in the order they came."""
    rows = _locks(actor).filter(_came_by, promoter__in=list(promoter_ids))
    found: dict[int, list[Lock]] = defaultdict(list)
    for lock in rows.order_by("since", "id"):
        found[lock.promoter_id].append(lock)
    return found


def brought_by(actor: Actor, member_id: int) -> Lock | None:
    """The lock by which a member came."""
    return _locks(actor).filter(_came_by, fan__member=member_id).first()


def who_brought_whom() -> list[tuple[int, int]]:
    """Everybody who became a member by a lock: the promoter, then the member."""
    rows = Lock.objects.filter(_came_by)
    return list(rows.values_list("promoter", "fan__member"))


def _locks(actor: Actor) -> QuerySet[Lock]:
    rows = Lock.objects.select_related("fan__member", "link__line__region", "promoter")
    return scope(actor, rows, region="link__line__region", member="promoter")


class Tallied(NamedTuple):
    """The clicks of one day on one link."""

    promoter: int
    link: int
    day: date
    clicks: int


def tallied(promoters: Iterable[int], since: date) -> list[Tallied]:
    """The clicks of these promoters' links by day, from this day on, in order."""
    rows = Tally.objects.filter(link__promoter__in=list(promoters), day__gte=since)
    columns = rows.order_by("day", "link").values_list("link__promoter", "link", "day", "clicks")
    return [Tallied(*row) for row in columns]


def latest_moments(link_ids: Collection[int], count: int) -> dict[int, list[datetime]]:
    """By link: when its latest clicks came, so many of them or a few more, in order.

    Two statements, each of which reads as many clicks as it is asked for, however many there are.
    """
    if not link_ids:
        return {}
    before = Click.objects.filter(link=OuterRef("pk")).order_by("-at").values("at")
    floors = Link.objects.filter(id__in=link_ids).annotate(
        floor=Subquery(before[count - 1 : count])
    )
    windows = [
        Q(link=link, at__gte=floor) if floor else Q(link=link)
        for link, floor in floors.values_list("id", "floor")
    ]
    found: dict[int, list[datetime]] = defaultdict(list)
    rows = Click.objects.filter(reduce(or_, windows)).order_by("at", "id")
    for link, at in rows.values_list("link", "at"):
        found[link].append(at)
    return found


@dataclass(frozen=True, slots=True)
class Locked:
    """A fan since when; ``member`` is who they became, if they did."""

    fan: int
    member: int | None
    since: datetime


def locked(since: datetime, until: datetime, least: int) -> dict[int, list[Locked]]:
    """By promoter: the fans they locked from ``since`` up to, not at, ``until``, whose locks ran or
    run their time; of promoters with so many.
    """
    rows = Lock.objects.filter(since__gte=since, since__lt=until, ended="")
    many = rows.values("promoter").annotate(Count("id")).filter(id__count__gte=least)
    found: dict[int, list[Locked]] = defaultdict(list)
    of = rows.filter(promoter__in=many.values("promoter"))
    for promoter, fan, member, at in of.values_list("promoter", "fan", "fan__member", "since"):
        found[promoter].append(Locked(fan, member, at))
    return found


def came_back(fan_ids: Iterable[int]) -> set[int]:
    """Those of these fans who clicked more than one link."""
    rows = Click.objects.filter(sql.among("fan", fan_ids)).values_list("fan")
    return {fan for fan, _ in rows.annotate(Count("id")).filter(id__count__gt=1)}


def activity(promoter_id: int, fan_ids: Collection[int]) -> dict[int, tuple[int, datetime]]:
    """By fan: how many links of the promoter they clicked, and the last time they did."""
    rows = Click.objects.filter(link__promoter=promoter_id, fan__in=fan_ids).values_list("fan")
    return {fan: (count, last) for fan, count, last in rows.annotate(Count("id"), Max("at"))}


def reasons(dispute_ids: Iterable[int]) -> dict[int, str]:
    """Why these claims were decided as they were, or before that why they were made."""
    rows = Dispute.objects.filter(id__in=list(dispute_ids)).values_list("id", "why", "reason")
    return {number: why or said for number, why, said in rows}
