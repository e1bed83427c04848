"""Reads of budgets and payouts. A door that shows a line's budget has checked that line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from loop28.back.compliance import queries as compliance
from loop28.back.compliance.models import Strength
from loop28.back.finance.facts import BooksAudited
from loop28.back.finance.models import Export, Payout, PayoutState
from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.kernel import access
from loop28.kernel.access import Actor, Role
from loop28.kernel.journal import queries as journal
from loop28.kernel.journal.models import Entry


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One payment to make by hand. ``payee`` and ``payee_account`` are what the member typed."""

    payout: int
    member: int
    payee: str
    payee_account: str
    fen: int


def budget_left(actor: Actor, line_ids: Sequence[int]) -> dict[int, int]:
    """Fen each line may still spend, in one statement."""
    found = ledger.balances(actor, [accounts.budget(line) for line in line_ids])
    return {line: found[accounts.budget(line)] for line in line_ids}


def funded(actor: Actor, line_ids: Sequence[int]) -> dict[int, int]:
    """Fen each line was given so far, less what it gave back, in two statements."""
    budgets = {line: accounts.budget(line) for line in line_ids}
    given = ledger.received(actor, list(budgets.values()), "fund")
    back = ledger.sent(actor, list(budgets.values()), "return")
    return {line: given[budget] - back[budget] for line, budget in budgets.items()}


def last_audit() -> Entry | None:
    """When the books were last recomputed, and with how many ``differences``."""
    return journal.latest(BooksAudited)


def spent(actor: Actor, line_ids: Sequence[int]) -> dict[int, int]:
    """Fen that are out of each line's budget: paid, reserved for packets or held for members."""
    given, left = funded(actor, line_ids), budget_left(actor, line_ids)
    return {line: given[line] - left[line] for line in line_ids}


def payouts(actor: Actor, state: str | None = None) -> QuerySet[Payout]:
    """Payouts, newest first: a member's own, or all for those whose work they are.

    Refuses with NotAllowed.
    """
    access.require(actor, Role.ADMINISTRATOR, Role.FINANCE, Role.AUDITOR, Role.MEMBER)
    rows = access.scope(actor, Payout.objects.order_by("-id"), member="member")
    return rows.filter(state=state) if state else rows


def payable() -> QuerySet[Payout]:
    """What was asked for and may go onto a list: of nobody whose payouts are frozen."""
    asked = Payout.objects.filter(state=PayoutState.ASKED)
    return asked.exclude(member__in=compliance.frozen(Strength.PAYOUT))


def waiting(member_ids: Iterable[int]) -> dict[int, int]:
    """Fen each of these members has asked for and not been paid yet; who has not is left out."""
    open_ = Payout.objects.filter(state__in=[PayoutState.ASKED, PayoutState.EXPORTED])
    rows = open_.filter(member__in=list(member_ids)).values_list("member")
    return dict(rows.annotate(Sum("fen")))


def payouts_of(member_id: int) -> list[Payout]:
    """A member's payouts, newest first. Whose member they are is for the caller to check."""
    return list(Payout.objects.filter(member=member_id).order_by("-id"))


def exports(actor: Actor) -> QuerySet[Export]:
    """The lists finance took away, newest first. Refuses with NotAllowed."""
    access.require(actor, Role.ADMINISTRATOR, Role.FINANCE, Role.AUDITOR)
    return Export.objects.select_related("made_by").order_by("-id")


def export_rows(actor: Actor, export_id: int) -> list[ExportRow]:
    """What is on a list, oldest first; empty when there is no such list. Refuses with NotAllowed.

    It stays as it was exported, whatever became of each payout since. The texts are as typed: who
    writes them into a spreadsheet makes formulas harmless.
    """
    access.require(actor, Role.ADMINISTRATOR, Role.FINANCE)
    rows = Payout.objects.filter(export=export_id).order_by("id")
    return [ExportRow(p.pk, p.member, p.payee, p.payee_account, p.fen) for p in rows]
