"""What can be known of rewards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet, Sum

from loop28.front.rewards.models import Entitlement, RewardKind, RewardState
from loop28.kernel.access import Actor, scope


@dataclass(frozen=True, slots=True)
class Paid:
    """Money rewards of a line in fen: paid into wallets, still held, waiting for its budget."""

    settled: int = 0
    held: int = 0
    unfunded: int = 0
    waiting: int = 0
    """How many rewards wait for the budget."""


def _seen_by(actor: Actor) -> QuerySet[Entitlement]:
    return scope(
        actor, Entitlement.objects.all(), region="line__region", host="line__host", member="member"
    )


def of_member(actor: Actor, member_id: int) -> QuerySet[Entitlement]:
    """A member's rewards, newest first: all for themselves, else those of lines the actor sees."""
    return _seen_by(actor).filter(member_id=member_id).select_related("line").order_by("-id")


def by_reference(actor: Actor, references: Sequence[str]) -> dict[str, Entitlement]:
    """The rewards under these references, as far as they were granted and the actor sees them."""
    return {row.reference: row for row in _seen_by(actor).filter(reference__in=references)}


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
    )
    return {line: Paid(*sums) for line, *sums in totals}


def money_of_line(line_id: int) -> list[tuple[str, int]]:
    """(reference, fen) of every money reward of a line that was not taken back."""
    rows = Entitlement.objects.filter(line=line_id, kind=RewardKind.MONEY)
    return list(rows.exclude(state=RewardState.VOID).values_list("reference", "amount"))


def unfunded(line_ids: Sequence[int]) -> dict[int, int]:
    """By line: money rewards in fen that wait for its budget; a line without any is left out."""
    rows = Entitlement.objects.filter(line_id__in=line_ids, state=RewardState.UNFUNDED)
    return dict(rows.values_list("line_id").annotate(Sum("amount")))


def smallest_unfunded() -> dict[int, int]:
    """Lines that owe money rewards, with the smallest of them in fen."""
    rows = Entitlement.objects.filter(state=RewardState.UNFUNDED)
    return dict(rows.values_list("line_id").annotate(Min("amount")))


def next_release() -> datetime | None:
    """When the next hold ends."""
    rows = Entitlement.objects.filter(state=RewardState.HELD).order_by("available_at")
    return rows.values_list("available_at", flat=True).first()
