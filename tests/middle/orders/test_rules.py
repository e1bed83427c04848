from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from loop28.middle.orders.rules import (
    CLOCK_SLACK,
    Key,
    ReportedOrder,
    State,
    Verdict,
    Wrong,
    is_own,
    judge,
    wrong,
)

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PAID = NOW - timedelta(days=1)
ORDER = ReportedOrder(shop="微店", external_id="A1", member=7, fen=2990, paid_at=PAID)
KEY = ORDER.key


def _after(reports: list[ReportedOrder]) -> tuple[list[Verdict], dict[Key, ReportedOrder]]:
    """Verdicts over an empty register, and the register afterwards."""
    first: dict[Key, ReportedOrder] = {}
    for report in reports:
        first.setdefault(report.key, replace(report, refunded_fen=0, refunded_at=None))
    verdicts, changed = judge(first, set(first), reports)
    return verdicts, first | changed


def test_a_plain_report_is_believed() -> None:
    assert wrong(ORDER, NOW) is None
    assert wrong(replace(ORDER, refunded_fen=2990, refunded_at=NOW), NOW) is None


def test_what_cannot_be_true_is_named_with_its_field() -> None:
    late = NOW + CLOCK_SLACK
    cases = {
        replace(ORDER, fen=0): (Wrong.NOTHING_PAID, "yuan"),
        replace(ORDER, fen=-1): (Wrong.NOTHING_PAID, "yuan"),
        replace(ORDER, paid_at=late): None,
        replace(ORDER, paid_at=late + timedelta(seconds=1)): (Wrong.PAID_LATER, "paid_at"),
        replace(ORDER, refunded_fen=2991): (Wrong.REFUND_TOO_LARGE, "refunded_yuan"),
        replace(ORDER, refunded_fen=-1): (Wrong.REFUND_TOO_LARGE, "refunded_yuan"),
        replace(ORDER, refunded_fen=1, refunded_at=PAID - timedelta(seconds=1)): (
            Wrong.REFUNDED_EARLIER,
            "refunded_at",
        ),
    }
    assert {order: wrong(order, NOW) for order in cases} == cases


def test_a_purchase_by_the_seller_is_their_own_by_number_or_by_identity() -> None:
    assert is_own(replace(ORDER, buyer="7"), set())
    assert is_own(replace(ORDER, buyer="wx-99"), {"wx-99"})
    assert not is_own(ORDER, set())
    assert not is_own(replace(ORDER, buyer="77"), {"wx-99"})


def test_a_new_order_may_come_with_its_refund() -> None:
    refunded = replace(ORDER, refunded_fen=100, refunded_at=NOW)
    verdicts, register = _after([refunded])
    assert verdicts == [Verdict(State.NEW)]
    assert register[KEY] == refunded


def test_the_same_report_again_changes_nothing() -> None:
    verdicts, register = _after([ORDER, ORDER])
    assert [v.state for v in verdicts] == [State.NEW, State.KNOWN]
    assert register[KEY] == ORDER


def test_an_older_report_that_comes_late_takes_no_refund_back() -> None:
    refunded = replace(ORDER, refunded_fen=2990)
    verdicts, register = _after([refunded, ORDER])
    assert [v.state for v in verdicts] == [State.NEW, State.KNOWN]
    assert register[KEY].refunded_fen == 2990


def test_a_report_that_contradicts_is_refused_with_the_field() -> None:
    others = {
        "member": replace(ORDER, member=8),
        "yuan": replace(ORDER, fen=2991),
        "buyer": replace(ORDER, buyer="b"),
        "paid_at": replace(ORDER, paid_at=NOW),
    }
    for field, other in others.items():
        verdicts, register = _after([ORDER, replace(other, refunded_fen=50)])
        assert verdicts[1] == Verdict(State.REFUSED, field)
        assert register[KEY] == ORDER


refunds = st.lists(st.integers(0, 2990), min_size=1, max_size=4)


@given(refunds)
def test_in_every_order_the_same_reports_leave_the_same_register(refunded: list[int]) -> None:
    reports = [replace(ORDER, refunded_fen=fen) for fen in refunded]
    ends = {_after(list(order))[1][KEY].refunded_fen for order in permutations(reports)}
    assert ends == {max(refunded)}


@given(refunds)
def test_once_new_then_refunded_as_often_as_the_refund_grows(refunded: list[int]) -> None:
    verdicts, _ = _after([replace(ORDER, refunded_fen=fen) for fen in refunded])
    states = [v.state for v in verdicts]
    assert states[0] is State.NEW
    grows = [fen > max(refunded[:n]) for n, fen in enumerate(refunded) if n]
    assert states[1:] == [State.REFUNDED if more else State.KNOWN for more in grows]
