"""Lines with tasks in them, as the tests of tasks and of the ladder need them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count

from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.front.lines import actions as lines
from loop28.front.lines.models import Line
from loop28.front.playbooks import actions as playbooks
from loop28.front.tasks import actions
from loop28.front.tasks.actions import CheckedIn
from loop28.front.tasks.models import Assignment
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.middle.orders import actions as orders
from loop28.middle.orders.models import Order
from loop28.middle.orders.rules import ReportedOrder
from tests.line_kit import (
    SMALL,
    START,
    live_until,
    local,
    people,
    region,
    seated,
)

_numbers = count(1)


def open_line(
    *changes: tuple[str, str], budget_fen: int = 100_000, size: int = 500, code: str = "HD"
) -> Line:
    """A line of the small playbook, in whose text each (old, new) was exchanged."""
    text = SMALL.read_text().replace("size: 20", "size: 500").replace('"200.00"', '"90000.00"')
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return lines.open_line(
        SYSTEM,
        region=region(code).pk,
        playbook=playbooks.publish(SYSTEM, text).pk,
        start_day=START,
        host=people(1, "店主")[0],
        size=size,
        budget_fen=budget_fen,
    )


def passing(line: Line, number: int, until: datetime | None = None) -> list[int]:
    """So many people who joined and were let in; the line has lived until then (day 3, 8:30)."""
    comers = seated(line, number)
    live_until(local(2, 20, 1))
    lines.let_in(SYSTEM, line.pk, comers)
    live_until(until or local(3, 8, 30))
    return comers


def assignment(line: Line, member: int, task: str, nth: int = 1) -> Assignment:
    return Assignment.objects.get(line=line, member_id=member, task=task, opening=f"beat:{nth}")


def own(member: int) -> Actor:
    return Actor(Role.MEMBER, member)


def wallet(member: int, unit: str = "fen") -> int:
    return ledger.balance(SYSTEM, accounts.wallet(member, unit))


def held(line: Line) -> int:
    return ledger.balance(SYSTEM, accounts.held(line.pk))


def sale(member: int, paid_at: datetime | None = None, buyer: str = "buyer") -> ReportedOrder:
    """An order of 29.90 yuan that this member sold, paid just now."""
    return ReportedOrder(
        shop="taobao",
        external_id=f"o{next(_numbers)}",
        member=member,
        fen=2990,
        paid_at=paid_at or clock.now(),
        buyer=buyer,
    )


def report(*sales: ReportedOrder) -> list[int]:
    """Report them in one batch; their numbers in the register."""
    orders.report(SYSTEM, sales)
    return [_number(one) for one in sales]


def refund(*sales: ReportedOrder) -> None:
    """Report that all of these were refunded just now."""
    orders.report(SYSTEM, [_refunded(one) for one in sales])


def _refunded(one: ReportedOrder) -> ReportedOrder:
    return replace(one, refunded_fen=one.fen, refunded_at=max(clock.now(), one.paid_at))


def _number(one: ReportedOrder) -> int:
    return Order.objects.get(shop=one.shop, external_id=one.external_id).pk


def stands(line: Line, members: Sequence[int], task: str) -> list[bool]:
    """For each member, whether this task is done."""
    done = set(
        Assignment.objects.filter(line=line, task=task, done_at__isnull=False).values_list(
            "member_id", flat=True
        )
    )
    return [member in done for member in members]


def check_in(who: Actor, line: int) -> CheckedIn:
    """One member's tap."""
    (answer,) = actions.check_in(SYSTEM, [(line, who.id)])
    return answer
