"""What makes a report of an order believable, and what a second report of it may change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# Clocks of shops run ahead of ours by seconds, not by more.
CLOCK_SLACK = timedelta(minutes=10)

Key = tuple[str, str]

ERASED = "erased"
"""The buyer of an order of whom nothing is known any more; a later report does not contradict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedOrder:
    """An order as a shop reports it, or as the register keeps it.

    ``member`` is the seller's number, ``buyer`` the shop's own name for the buyer, ``fen`` what was
    paid and ``refunded_fen`` how much of it went back by now. Times are aware.
    """

    shop: str
    external_id: str
    member: int
    fen: int
    paid_at: datetime
    buyer: str = ""
    refunded_fen: int = 0
    refunded_at: datetime | None = None

    @property
    def key(self) -> Key:
        return self.shop, self.external_id


class State(StrEnum):
    """What came of one report."""

    NEW = "new"
    KNOWN = "known"
    REFUNDED = "refunded"
    REFUSED = "refused"


class Wrong(StrEnum):
    """Why a report is refused."""

    NOTHING_PAID = "nothing-paid"
    PAID_LATER = "paid-later"
    REFUND_TOO_LARGE = "refund-too-large"
    REFUNDED_EARLIER = "refunded-earlier"


def wrong(order: ReportedOrder, now: datetime) -> tuple[Wrong, str] | None:
    """What cannot be true about this report, and in which field; None when all of it can."""
    latest = now + CLOCK_SLACK
    if order.fen <= 0:
        return Wrong.NOTHING_PAID, "yuan"
    if order.paid_at > latest:
        return Wrong.PAID_LATER, "paid_at"
    if not 0 <= order.refunded_fen <= order.fen:
        return Wrong.REFUND_TOO_LARGE, "refunded_yuan"
    if order.refunded_at and not order.paid_at <= order.refunded_at <= latest:
        return Wrong.REFUNDED_EARLIER, "refunded_at"
    return None


def is_own(order: ReportedOrder, called: set[str]) -> bool:
    """Whether the seller bought it themselves, by their numbers or by a shop's name for them."""
    return order.buyer == str(order.member) or order.buyer in called


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one report did; where it is refused, the field that contradicts the register."""

    state: State
    field: str = ""


def judge(
    standing: Mapping[Key, ReportedOrder], new: set[Key], reports: Sequence[ReportedOrder]
) -> tuple[list[Verdict], dict[Key, ReportedOrder]]:
    """Go through ``reports`` in order; a verdict for each, and how the refunded orders stand then.

    ``standing`` is the register, in which the orders of ``new`` were just written without refunds.
    A refund only grows: a report that says less is an older one that came late. So the same reports
    in another order, or twice, leave the same register.
    """
    stands, changed, unseen = dict(standing), {}, set(new)
    verdicts = []
    for report in reports:
        known = stands[report.key]
        field = _contradiction(known, report)
        if field:
            verdicts.append(Verdict(State.REFUSED, field))
            continue
        more = report.refunded_fen > known.refunded_fen
        if more:
            stands[report.key] = changed[report.key] = report
        known_state = State.REFUNDED if more else State.KNOWN
        verdicts.append(Verdict(State.NEW if report.key in unseen else known_state))
        unseen.discard(report.key)
    return verdicts, changed


def _contradiction(known: ReportedOrder, report: ReportedOrder) -> str:
    said = {
        "member": known.member == report.member,
        "yuan": known.fen == report.fen,
        "buyer": known.buyer in (report.buyer, ERASED),
        "paid_at": known.paid_at == report.paid_at,
    }
    return next((field for field, same in said.items() if not same), "")
