"""What can be known of rewards."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet, Sum

from loop28.back.compliance import queries as compliance
from loop28.back.compliance.models import Strength
from loop28.front.rewards.models import Cap, Entitlement, RewardKind, RewardState
from loop28.kernel import sql
from loop28.kernel.access import Actor, scope


@dataclass(frozen=True, slots=True)
class Paid:
    """Money rewards of a line in fen: paid into wallets, still held, waiting for its budget.

    ``waiting`` is how many wait. ``capped`` was cut off by a cap; ``owed`` is what was taken back
    after it was paid, and not yet set against later rewards.
    """

    settled: int = 0
    held: int = 0
    unfunded: int = 0
    waiting: int = 0
    capped: int = 0
    owed: int = 0


def _seen_by(actor: Actor) -> QuerySet[Entitlement]:
    return scope(
        actor, Entitlement.objects.all(), region="line__region", host="line__host", member="member"
    )


def of_member(actor: Actor, member_id: int) -> QuerySet[Entitlement]:
    """A member's rewards, newest first: all for themselves, else those of lines the actor sees."""
    rows = _seen_by(actor).filter(member_id=member_id).order_by("-id")
    return rows.select_related("line__region", "redemption")


def coupons(actor: Actor) -> QuerySet[Entitlement]:
    """The coupons the actor sees."""
    rows = _seen_by(actor).filter(kind=RewardKind.COUPON)
    return rows.select_related("member", "line__region", "redemption__order")


def by_reference(actor: Actor, references: Sequence[str]) -> dict[str, Entitlement]:
    """The rewards under these references, as far as they were granted and the actor sees them."""
    rows = _seen_by(actor).filter(reference__in=references).select_related("line__region")
    return {row.reference: row for row in rows}


def paid_by_line(actor: Actor, line_ids: Sequence[int]) -> dict[int, Paid]:
    """What money rewards came to, for those of these lines that the actor runs or watches.

    A line without any is not named; what was taken back counts nowhere.
    """
    money = Entitlement.objects.filter(line_id__in=line_ids, kind=RewardKind.MONEY)
    rows = scope(actor, money, region="line__region", host="line__host")
    totals = rows.values_list("line_id").annotate(
        settled=Sum("amount", filter=Q(state=RewardState.SETTLED), default=0),
        held=Sum("amount", filter=Q(state=RewardState.HELD), default=0),
        unfunded=Sum("amount", filter=Q(state=RewardState.UNFUNDED), default=0),
        waiting=Count("id", filter=Q(state=RewardState.UNFUNDED)),
        capped=Sum("amount", filter=Q(state=RewardState.CAPPED), default=0),
        owed_fen=Sum("owed", default=0),
    )
    return {line: Paid(*sums) for line, *sums in totals}


def of_line(actor: Actor, line_id: int) -> QuerySet[Entitlement]:
    """All rewards of a line, newest first, for those who run or watch it."""
    rows = scope(actor, Entitlement.objects.all(), region="line__region", host="line__host")
    return rows.filter(line_id=line_id).select_related("member").order_by("-id")


def one(actor: Actor, entitlement_id: int) -> Entitlement:
    """One reward; raises Entitlement.DoesNotExist for any the actor does not see."""
    rows = _seen_by(actor).select_related("line__region", "redemption")
    return rows.get(id=entitlement_id)


def caps(actor: Actor, line_id: int) -> list[Cap]:
    """How far the caps of a line as a whole are used; those of single members are left out."""
    rows = scope(actor, Cap.objects.all(), region="line__region", host="line__host")
    of_members = Q(name__startswith="member:") | Q(name__startswith="day:")
    return list(rows.filter(line_id=line_id).exclude(of_members).order_by("id"))


def money_of_line(line_id: int) -> list[tuple[str, int]]:
    """(reference, fen) of every money reward of a line that was neither taken back nor capped."""
    rows = Entitlement.objects.filter(line=line_id, kind=RewardKind.MONEY)
    gone = [RewardState.VOID, RewardState.REVERSED, RewardState.CAPPED]
    rows = rows.exclude(state__in=gone)
    return list(rows.values_list("reference", "amount"))


def unfunded(line_ids: Sequence[int]) -> dict[int, int]:
    """By line: money rewards in fen that wait for its budget; a line without any is left out."""
    rows = Entitlement.objects.filter(line_id__in=line_ids, state=RewardState.UNFUNDED)
    return dict(rows.values_list("line_id").annotate(Sum("amount")))


def smallest_unfunded() -> dict[int, int]:
    """Lines that owe money rewards, with the smallest of them in fen."""
    rows = Entitlement.objects.filter(state=RewardState.UNFUNDED)
    return dict(rows.values_list("line_id").annotate(Min("amount")))


def releasable() -> QuerySet[Entitlement]:
    """What is held for its own time only: of nobody whose rewards are frozen."""
    held = Entitlement.objects.filter(state=RewardState.HELD)
    return held.exclude(member__in=compliance.frozen(Strength.HOLD))


def frozen(member_ids: Iterable[int], now: datetime) -> QuerySet[Entitlement]:
    """What these members would have by now if their rewards were not frozen, oldest first."""
    held = Entitlement.objects.filter(state=RewardState.HELD, available_at__lte=now)
    of = held.filter(member__in=list(member_ids)).select_related("line__region")
    return of.order_by("member", "id")


def earners(references: Collection[str]) -> set[int]:
    """Whose rewards these are, as far as they were granted and not taken back."""
    if not references:
        return set()
    rows = Entitlement.objects.filter(sql.among("reference", references))
    return _paid_to(rows)


def earners_by(basis: str) -> set[int]:
    """Who was ever paid by this right and had it not taken back."""
    return _paid_to(Entitlement.objects.filter(basis=basis))


def _paid_to(rows: QuerySet[Entitlement]) -> set[int]:
    gone = [RewardState.VOID, RewardState.REVERSED, RewardState.CAPPED]
    return set(rows.exclude(state__in=gone).values_list("member", flat=True))


def next_release() -> datetime | None:
    """When the next hold ends."""
    rows = releasable().order_by("available_at")
    return rows.values_list("available_at", flat=True).first()
