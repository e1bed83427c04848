"""What can be known of levels, proposals and certificates."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce

from loop28.front.groups import moderated
from loop28.front.ladder import rules
from loop28.front.ladder.models import (
    Appeal,
    AppealState,
    Demotion,
    DemotionState,
    Graduate,
    OfferState,
    Promotion,
    PromotionState,
)
from loop28.front.ladder.models import Offer as Offer  # insight names what it gets from here
from loop28.kernel import sql
from loop28.kernel.access import STAFF, Actor, require, scope


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a graduate's certificate says: who, which line, what they did, which level they have."""

    member: int
    name: str
    line: str
    programme: str
    region: str
    host: str
    first_day: date
    last_day: date
    tasks: int
    orders: int
    level: str | None
    graduated_at: datetime


def level(member_ids: Iterable[int]) -> dict[int, str]:
    """The highest granted level of each member; a newcomer is left out."""
    return _highest(member_ids, Promotion.objects.all())


def trained(member_ids: Iterable[int]) -> dict[int, str]:
    """The highest level by which each member may host: appointed, or of a line that is over. Not
    who was erased.
    """
    over = Q(line=None) | Q(line__ended_at__isnull=False)
    return _highest(member_ids, Promotion.objects.filter(over, member__erased_at=None))


def _highest(member_ids: Iterable[int], steps: QuerySet[Promotion]) -> dict[int, str]:
    granted = steps.filter(sql.among("member", set(member_ids)), state=PromotionState.GRANTED)
    held: dict[int, set[str]] = defaultdict(set)
    for member, step in granted.values_list("member_id", "level"):
        held[member].add(step)
    return {member: rules.highest(levels) for member, levels in held.items()}


def offers(actor: Actor) -> QuerySet[Offer]:
    """Offers of lines: of their region for staff, their own for members; the latest first."""
    rows = scope(actor, Offer.objects.all(), region="region", member="host")
    related = ("host", "region", "playbook", "line", "offered_by")
    return rows.select_related(*related).defer("playbook__source").order_by("-id")


def open_offers(actor: Actor) -> list[Offer]:
    """What waits for the acting member's answer, what begins first before the rest."""
    waiting = offers(actor).filter(host_id=actor.id, state=OfferState.OPEN)
    return list(waiting.order_by("start_day", "id"))


def promised(actor: Actor) -> QuerySet[Offer]:
    """The offers an actor sees that a host accepted and whose line is not open yet, by day."""
    waiting = offers(actor).filter(state=OfferState.ACCEPTED, line=None)
    return waiting.order_by("start_day", "id")


def next_deadline() -> datetime | None:
    """Until when the most urgent of all offers is to be answered."""
    waiting = Offer.objects.filter(state=OfferState.OPEN).order_by("answer_by")
    return waiting.values_list("answer_by", flat=True).first()


def proposals(actor: Actor) -> QuerySet[Promotion]:
    """Steps up that wait for this actor's decision, the oldest first."""
    require(actor, *STAFF)
    waiting = Promotion.objects.filter(state=PromotionState.PROPOSED)
    seen = scope(actor, waiting, region="line__region")
    return seen.select_related("member", "line__region").order_by("proposed_at", "id")


def of_member(actor: Actor, member_id: int) -> QuerySet[Promotion]:
    """A member's steps up with their numbers, newest first, as far as the actor sees them."""
    rows = Promotion.objects.filter(member_id=member_id)
    seen = scope(actor, rows, region="line__region", host="line__host", member="member")
    told = seen.select_related("line", "decided_by").order_by("-id")
    ends = Demotion.objects.filter(state=DemotionState.DONE).select_related("decided_by")
    return told.prefetch_related(Prefetch("demotions", ends, to_attr="ended_by"))


def steps_seen_by(actor: Actor) -> QuerySet[Promotion]:
    """The steps up staff may decide about: of their region's lines, or by their region's word."""
    place = Coalesce("line__region_id", "decided_by__region_id")
    return scope(actor, Promotion.objects.annotate(place=place), region="place")


def demotions(actor: Actor) -> QuerySet[Demotion]:
    """Demotions, proposed and decided: of the steps up that staff may decide about, own ones for a
    member.
    """
    place = Coalesce("promotion__line__region_id", "promotion__decided_by__region_id")
    rows = Demotion.objects.annotate(place=place)
    seen = scope(actor, rows, region="place", member="promotion__member")
    return seen.select_related("promotion__member", "promotion__line__region", "decided_by")


def proposed_demotions(actor: Actor) -> QuerySet[Demotion]:
    """What waits for this actor's decision, the oldest first."""
    require(actor, *STAFF)
    waiting = demotions(actor).filter(state=DemotionState.PROPOSED)
    return waiting.order_by("proposed_at", "id")


def appeals(actor: Actor, region: int | None = None) -> QuerySet[Appeal]:
    """Appeals: those staff may answer, own ones for a member; the latest first. Of one region or of
    all the actor sees.
    """
    rows = Appeal.objects.annotate(
        place=Coalesce("line__region_id", "promotion__decided_by__region_id")
    )
    if region is not None:
        rows = rows.filter(place=region)
    seen = scope(actor, rows, region="place", member="member")
    related = ("member", "line__region", "promotion__decided_by", "demotion__decided_by")
    return seen.select_related(*related, "decided_by").order_by("-id")


def open_appeals(actor: Actor, region: int | None = None) -> QuerySet[Appeal]:
    """Those of `appeals` that wait for an answer."""
    return appeals(actor, region).filter(state=AppealState.OPEN)


def reasons(demotion_ids: Iterable[int]) -> dict[int, str]:
    """The reasons of demotions that facts name by number."""
    rows = Demotion.objects.filter(id__in=list(demotion_ids))
    return dict(rows.values_list("id", "reason"))


def answers(appeal_ids: Iterable[int]) -> dict[int, str]:
    """The answers to appeals that facts name by number."""
    return dict(Appeal.objects.filter(id__in=list(appeal_ids)).values_list("id", "answer"))


def highest_steps(member_ids: Iterable[int]) -> dict[int, int]:
    """By member, the step up that gives them the level they have; a newcomer is left out."""
    rows = Promotion.objects.filter(
        sql.among("member", set(member_ids)), state=PromotionState.GRANTED
    )
    found: dict[int, tuple[int, int]] = {}
    for number, member, step in rows.values_list("id", "member_id", "level"):
        place = (rules.LEVELS.index(step), number)
        found[member] = max(place, found.get(member, place))
    return {member: number for member, (_, number) in found.items()}


def graduates(actor: Actor, line_id: int) -> QuerySet[Graduate]:
    """Who finished a line, those who did most first."""
    rows = scope(
        actor, Graduate.objects.filter(line_id=line_id), region="line__region", host="line__host"
    )
    return rows.select_related("member").order_by("-orders", "-tasks", "member_id")


def certificate(actor: Actor, member_id: int, line_id: int | None = None) -> Certificate | None:
    """A member's certificate of a line, or of the latest one they finished; None without any."""
    rows = Graduate.objects.filter(member_id=member_id)
    seen = scope(actor, rows, region="line__region", host="line__host", member="member")
    if line_id is not None:
        seen = seen.filter(line_id=line_id)
    related = ("member", "line__region", "line__host", "line__playbook")
    told = seen.select_related(*related).defer("line__playbook__source")
    row = told.order_by("-at", "-id").first()
    return _certificate(row, level([member_id]).get(member_id)) if row else None


def graduated_lines(member_ids: Iterable[int]) -> dict[int, list[int]]:
    """The lines each member finished, in order; who finished none is left out."""
    rows = Graduate.objects.filter(member_id__in=set(member_ids)).order_by("at", "id")
    found: dict[int, list[int]] = defaultdict(list)
    for member, line in rows.values_list("member_id", "line_id"):
        found[member].append(line)
    return dict(found)


def finishes(member_ids: Iterable[int]) -> dict[int, list[tuple[datetime, int]]]:
    """By member, when they finished which line."""
    rows = Graduate.objects.filter(member_id__in=set(member_ids))
    found: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    for member, at, line in rows.values_list("member_id", "at", "line_id"):
        found[member].append((at, line))
    return dict(found)


def complaints(hosts: Iterable[int], now: datetime) -> dict[int, int]:
    """By host, how many complaints that were found right count against them now."""
    return {host: len(made) for host, made in counting_complaints(hosts, now).items()}


def counting_complaints(hosts: Iterable[int], now: datetime) -> dict[int, list[int]]:
    """By host, these complaints: one for each thing people complained of."""
    return moderated.found_right(hosts, now - timedelta(days=rules.COMPLAINTS_DAYS))


def made_by_line(line_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """By line, how many members it made what: level → count of what is granted."""
    granted = Promotion.objects.filter(line_id__in=line_ids, state=PromotionState.GRANTED)
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for line, level, count in granted.values_list("line_id", "level").annotate(Count("id")):
        found[line][level] = count
    return dict(found)


def made_of(line_ids: Sequence[int], level: str) -> set[tuple[int, int]]:
    """(line, member) of everybody these lines brought to a level."""
    granted = Promotion.objects.filter(
        line_id__in=line_ids, level=level, state=PromotionState.GRANTED
    )
    return set(granted.values_list("line_id", "member_id"))


def graduates_of(line_ids: Sequence[int]) -> set[tuple[int, int]]:
    """(line, member) of everybody who finished one of these lines."""
    rows = Graduate.objects.filter(line_id__in=line_ids)
    return set(rows.values_list("line_id", "member_id"))


def graduated_by_line(line_ids: Sequence[int]) -> dict[int, int]:
    """By line, how many finished it; a line that is not over is left out."""
    rows = Graduate.objects.filter(line_id__in=line_ids).values_list("line_id")
    return dict(rows.annotate(Count("id")))


def _certificate(row: Graduate, held: str | None) -> Certificate:
    line = row.line
    return Certificate(
        member=row.member_id,
        name=row.member.name,
        line=line.code,
        programme=line.playbook.name,
        region=line.region.name,
        host=line.host.name,
        first_day=line.start_day,
        last_day=line.start_day + timedelta(days=line.days - 1),
        tasks=row.tasks,
        orders=row.orders,
        level=held,
        graduated_at=row.at,
    )
