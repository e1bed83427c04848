"""What can be done with reports of orders."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from loop28.kernel import journal, sql
from loop28.kernel.access import Actor, Role, require
from loop28.kernel.refusals import Refusal
from loop28.kernel.text import clean_line
from loop28.middle.members import queries as members
from loop28.middle.orders import facts, reading, refusals
from loop28.middle.orders.models import Order
from loop28.middle.orders.rules import Key, ReportedOrder, State, Verdict, is_own, judge, wrong

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one reported order; ``refusal`` says why and in which field, where refused."""

    state: State
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class FileReport:
    """What came of a file: how many rows of each state, and each refused row with its line."""

    counts: Counter[State]
    refused: list[reading.Mistake]


@journal.action
def report(actor: Actor, orders: Sequence[ReportedOrder]) -> list[Outcome]:
    """Take in what a shop reports, in the given order; an outcome for each.

    An order is known by shop and its number there. Reported again it may only have more refunded;
    anything else that differs is refused, and the others go in all the same. Facts: OrderPaid,
    OrderRefunded. About seven statements, however many orders.
    """
    require(actor, Role.MACHINE, Role.ADMINISTRATOR, Role.MIDDLE)
    checked = _checked(orders)
    good = [order for order in checked if isinstance(order, ReportedOrder)]
    new, written = _write(good)
    ids, standing = _standing([order for order in good if order.key not in new])
    ids, standing = ids | new, standing | written
    verdicts, changed = judge(standing, set(new), good)
    _refund(ids, standing, changed)
    judged = iter(verdicts)
    return [
        Outcome(State.REFUSED, order) if isinstance(order, Refusal) else _outcome(next(judged))
        for order in checked
    ]


def report_file(actor: Actor, data: bytes) -> FileReport:
    """Take in a CSV file by batches; what cannot be read or is refused is named with its line.

    Uploading it again, after mending some rows, registers those and finds the others known.
    """
    require(actor, Role.ADMINISTRATOR, Role.MIDDLE)
    read = reading.read(data)
    counts = Counter({State.REFUSED: len(read.mistakes)})
    refused = list(read.mistakes)
    for start in range(0, len(read.orders), BATCH):
        batch = read.orders[start : start + BATCH]
        outcomes = report(actor, [order for _, order in batch])
        counts.update(outcome.state for outcome in outcomes)
        for (line, _), outcome in zip(batch, outcomes, strict=True):
            if outcome.refusal:
                refused.append(reading.Mistake(line, outcome.refusal))
    return FileReport(counts, sorted(refused, key=lambda mistake: mistake.line))


def _checked(orders: Sequence[ReportedOrder]) -> list[ReportedOrder | Refusal]:
    sellers = members.names(order.member for order in orders)
    now = members.turned_out(sellers)
    return [
        _tidy(order, now.get(order.member, order.member), order.member in sellers)
        for order in orders
    ]


def _tidy(order: ReportedOrder, seller: int, seller_known: bool) -> ReportedOrder | Refusal:
    try:
        tidy = replace(
            order,
            member=seller,
            shop=clean_line(order.shop, limit=40, field="shop"),
            external_id=clean_line(order.external_id, limit=80, field="id"),
            buyer=clean_line(order.buyer, limit=80, field="buyer", required=False),
        )
    except Refusal as refusal:
        return refusal
    if not seller_known:
        return refusals.SellerUnknown(field="member")
    why = wrong(tidy, journal.now())
    return refusals.WHY[why[0]](field=why[1]) if why else tidy


def _write(
    orders: Sequence[ReportedOrder],
) -> tuple[dict[Key, int], dict[Key, ReportedOrder]]:
    """Write the orders that are not there yet, without refunds: their ids, and how they stand.

    In the order of their keys: two reports that overlap wait for each other, never in a ring.
    """
    first: dict[Key, ReportedOrder] = {}
    for order in orders:
        first.setdefault(order.key, order)
    called = members.called(order.member for order in first.values())
    own = {key: is_own(order, called[order.member]) for key, order in first.items()}
    rows = [_row(order, own[key]) for key, order in sorted(first.items())]
    returning = ["id", "shop", "external_id"]
    written = sql.insert(Order, rows, unique=["shop", "external_id"], returning=returning)
    ids = {(shop, external_id): id_ for id_, shop, external_id in written}
    journal.record(*(_paid(id_, first[key], own[key]) for key, id_ in ids.items()))
    return ids, {key: replace(first[key], refunded_fen=0, refunded_at=None) for key in ids}


def _paid(id_: int, order: ReportedOrder, own: bool) -> facts.OrderPaid:
    return facts.OrderPaid(
        member=order.member, order=id_, fen=order.fen, own=own, paid_at=order.paid_at
    )


def _row(order: ReportedOrder, own: bool) -> sql.Row:
    return {
        "shop": order.shop,
        "external_id": order.external_id,
        "member": order.member,
        "buyer": order.buyer,
        "own": own,
        "fen": order.fen,
        "refunded_fen": 0,
        "paid_at": order.paid_at,
        "refunded_at": None,
        "reported_at": journal.now(),
    }


def _standing(
    orders: Sequence[ReportedOrder],
) -> tuple[dict[Key, int], dict[Key, ReportedOrder]]:
    """The register's rows of these orders, locked in id order: their ids, and how they stand."""
    rows = Order.objects.filter(
        shop__in={order.shop for order in orders},
        external_id__in={order.external_id for order in orders},
    )
    ids, standing = {}, {}
    for row in rows.select_for_update().order_by("id"):
        order = row.as_reported
        ids[order.key], standing[order.key] = row.pk, order
    return ids, standing


def _refund(
    ids: dict[Key, int],
    standing: dict[Key, ReportedOrder],
    changed: dict[Key, ReportedOrder],
) -> None:
    rows = [
        {
            "id": ids[key],
            "refunded_fen": order.refunded_fen,
            "refunded_at": order.refunded_at or journal.now(),
        }
        for key, order in changed.items()
    ]
    sql.update(Order, rows)
    journal.record(
        *(
            facts.OrderRefunded(
                member=order.member,
                order=ids[key],
                fen=order.refunded_fen - standing[key].refunded_fen,
                left=order.fen - order.refunded_fen,
            )
            for key, order in changed.items()
        )
    )


def _outcome(verdict: Verdict) -> Outcome:
    if verdict.state is State.REFUSED:
        return Outcome(verdict.state, refusals.OrderChanged(field=verdict.field))
    return Outcome(verdict.state)
