"""What becomes of levels, graduations and offers when two records turn out to be one person."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from datetime import date
from typing import TypeVar

from loop28.front.ladder import offers
from loop28.front.ladder.facts import OfferWithdrawn
from loop28.front.ladder.models import (
    Appeal,
    Graduate,
    Offer,
    OfferState,
    Promotion,
    PromotionState,
)
from loop28.kernel import journal, sql
from loop28.kernel.access import Actor, require

K = TypeVar("K", bound=Hashable)


@journal.action
def hand_over(actor: Actor, member: int, lost: int) -> None:
    """Every step up stays on record, whoever's number it was on; what waits for an answer waits
    once.
    """
    require(actor)
    _steps(member, lost)
    _offers(member, lost)
    _graduations(member, lost)
    sql.hand_over(Appeal, member, of=lost)


def _steps(member: int, lost: int) -> None:
    """A proposal is moot beside the level itself, or beside an earlier proposal."""
    found = Promotion.objects.filter(member__in=[member, lost]).order_by("attempt", "id")
    rows = list(found.select_for_update())
    granted = {row.level for row in rows if row.state == PromotionState.GRANTED}
    proposed = [row for row in rows if row.state == PromotionState.PROPOSED]
    moot = [
        row
        for number, row in enumerate(proposed)
        if row.level in granted or row.level in {earlier.level for earlier in proposed[:number]}
    ]
    Promotion.objects.filter(pk__in=[row.pk for row in moot]).delete()
    left = [row for row in rows if row not in moot]
    later = _attempts([(row.level, row.member_id == member, row.pk, row.attempt) for row in left])
    sql.update(Promotion, [{"id": i, "member": member, "attempt": n} for i, n in later.items()])


def _offers(member: int, lost: int) -> None:
    """Of two offers for the same day the one that is further stands; the other is withdrawn."""
    found = Offer.objects.filter(host__in=[member, lost]).order_by("attempt", "id")
    rows = list(found.select_for_update())
    standing: dict[date, list[Offer]] = defaultdict(list)
    for row in rows:
        if row.state in offers.STANDING:
            standing[row.start_day].append(row)
    for of_day in standing.values():
        _, *others = sorted(of_day, key=lambda o: (o.line_id is None, o.state, o.pk))
        for other in others:
            offers.end(other, OfferState.WITHDRAWN, "")
            journal.record(OfferWithdrawn(member=member, offer=other.pk))
    keys = [(row.start_day, row.host_id == member, row.pk, row.attempt) for row in rows]
    later = _attempts(keys)
    sql.update(Offer, [{"id": i, "host": member, "attempt": n} for i, n in later.items()])


def _attempts(rows: Iterable[tuple[K, bool, int, int]]) -> dict[int, int]:
    """(key, whether it is the kept record's, id, attempt) → the attempts of the others by id: they
    come after the kept one's.
    """
    last: dict[K, int] = defaultdict(int)
    others: list[tuple[K, int]] = []
    for key, own, id_, attempt in rows:
        if own:
            last[key] = max(last[key], attempt)
        else:
            others.append((key, id_))
    later = {}
    for key, id_ in others:
        last[key] += 1
        later[id_] = last[key]
    return later


def _graduations(member: int, lost: int) -> None:
    """Who finished a line under both numbers did so once, with the larger numbers."""
    mine = {row.line_id: row for row in Graduate.objects.filter(member=member)}
    for other in Graduate.objects.filter(member=lost, line__in=mine):
        own = mine[other.line_id]
        own.tasks, own.orders = max(own.tasks, other.tasks), max(own.orders, other.orders)
        own.save(update_fields=["tasks", "orders"])
        other.delete()
    sql.hand_over(Graduate, member, of=lost)
