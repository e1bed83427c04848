"""The pool of people who may host a line: owners and above, found without reading all of them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When, Window
from django.db.models.functions import Coalesce, RowNumber

from loop28.front.ladder import rules
from loop28.front.ladder.models import Promotion, PromotionState
from loop28.kernel import sql
from loop28.kernel.access import STAFF, Actor, require
from loop28.kernel.text import searchable

_RANK = Case(*(When(level=level, then=Value(n)) for n, level in enumerate(rules.LEVELS)))
_REGION = Coalesce("line__region_id", "decided_by__region_id")


@dataclass(frozen=True, slots=True)
class Host:
    """A member who may host a line: their highest level, since when, and the line that made them.

    ``line`` is the code of that line; empty for somebody whom staff appointed. ``region`` is the
    line's or that of the manager who appointed them; None for a host of the headquarters.
    """

    member: int
    name: str
    level: str
    since: datetime
    line: str
    region: int | None


def steps(actor: Actor) -> QuerySet[Promotion]:
    """The highest step up of each host of the pool, by the host's name.

    Of a level that two records had who are one person now, the first step. A region's manager sees
    whom a line of the region promoted, and whom they or the headquarters appointed. Refuses with
    NotAllowed all but staff.
    """
    seen = _seen(actor)
    earlier = Q(rank=OuterRef("rank"), pk__lt=OuterRef("pk"))
    higher = seen.filter(Q(rank__gt=OuterRef("rank")) | earlier, member=OuterRef("member"))
    return seen.exclude(Exists(higher)).order_by("member__name", "member_id")


def _seen(actor: Actor) -> QuerySet[Promotion]:
    require(actor, *STAFF)
    rows = Promotion.objects.filter(state=PromotionState.GRANTED, member__erased_at=None)
    rows = rows.annotate(rank=_RANK)
    if actor.region is None:
        return rows
    from_above = Q(decided_by__region=None) | Q(decided_by__region=actor.region)
    return rows.filter(Q(line__region=actor.region) | Q(line=None) & from_above)


def find(actor: Actor, text: str) -> QuerySet[Promotion]:
    """Those of the pool in whose name or line the words are, whatever their case and spaces."""
    wanted = searchable(text)
    fits = Q(member__spelled__contains=wanted) | Q(line__code__icontains=wanted)
    return steps(actor).filter(fits) if wanted else steps(actor)


def told(rows: QuerySet[Promotion]) -> list[Host]:
    """Steps as hosts."""
    columns = ("member_id", "member__name", "level", "decided_at", "line__code")
    found = rows.annotate(region_of_host=_REGION).values_list(*columns, "region_of_host")
    return [
        Host(member, name, level, at, code or "", region)
        for member, name, level, at, code, region in found
        if at is not None
    ]


def hosts(actor: Actor) -> list[Host]:
    """The whole pool, by name."""
    return told(steps(actor))


def among(actor: Actor, members: Collection[int]) -> list[Host]:
    """Those of these members who are in the pool, by name."""
    return told(steps(actor).filter(sql.among("member", members)))


def host(actor: Actor, member: int) -> Host | None:
    """A member as a host of the pool; None for who is not in it."""
    return next(iter(among(actor, [member])), None)


def longest(actor: Actor, each: int, but: Iterable[int]) -> list[Host]:
    """Of every region, and of the headquarters, so many who have been hosts for longest.

    Only those who were appointed or whose line is over, and none of ``but``.
    """
    trained = Promotion.objects.filter(member=OuterRef("member"), state=PromotionState.GRANTED)
    may = Exists(trained.filter(Q(line=None) | Q(line__ended_at__isnull=False)))
    place = Window(RowNumber(), partition_by=[_REGION], order_by=[F("decided_at"), F("id")])
    rows = steps(actor).filter(may).exclude(sql.among("member", set(but))).annotate(place=place)
    return told(rows.filter(place__lte=each))
