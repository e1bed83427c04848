"""What members owe for rewards that were paid and then taken back, set against their next ones.

Called inside the actions. A wallet is never touched but for what came in just now.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from django.db.models import QuerySet

from loop28.back.ledger import actions as ledger
from loop28.front.rewards import rules
from loop28.front.rewards.facts import RewardSetOff
from loop28.front.rewards.models import Entitlement, RewardState
from loop28.kernel import journal, sql
from loop28.kernel.access import SYSTEM
from loop28.kernel.prepared import prepared

Wallet = tuple[int, str]
"""A member and a kind of reward."""


def owed_by(rows: Sequence[Entitlement]) -> list[Entitlement]:
    """What the members owe who are to be paid these, the oldest first, locked. One statement."""
    members = {row.member_id for row in rows if _pays_back(row)}
    if not members:
        return []
    return _owed_by(members)


@prepared
def _owed_by(members: Collection[int]) -> QuerySet[Entitlement]:
    debts = Entitlement.objects.filter(sql.among("member_id", members), owed__gt=0)
    return debts.select_for_update().order_by("id")


def pay_back(rows: Sequence[Entitlement], debts: Sequence[Entitlement]) -> None:
    """Set these rewards, which just came into the wallets, against what their members owe."""
    if not debts:
        return
    by_id = {row.pk: row for row in (*rows, *debts)}
    paid, owed = _by_wallet(row for row in rows if _pays_back(row)), _by_wallet(debts)
    found = [
        part
        for wallet in owed
        for part in rules.set_offs(
            {row.pk: row.amount for row in paid[wallet]},
            {row.pk: row.owed for row in owed[wallet]},
        )
    ]
    for part in found:
        by_id[part.owed].owed -= part.amount
    ledger.transfer(SYSTEM, [rules.pay_back(claim(by_id[part.owed]), part) for part in found])
    touched = {part.owed for part in found}
    sql.update(Entitlement, [{"id": pk, "owed": by_id[pk].owed} for pk in touched])
    journal.record(*(_fact(by_id[part.owed], part) for part in found))


def claim(row: Entitlement) -> rules.Claim:
    """What the ledger needs to know of a row."""
    return rules.Claim(row.reference, row.line_id, row.member_id, row.kind, row.amount, row.basis)


def _pays_back(row: Entitlement) -> bool:
    settled = row.state == RewardState.SETTLED
    return settled and row.kind in rules.UNITS and row.basis in rules.PAYS_BACK


def _by_wallet(rows: Iterable[Entitlement]) -> defaultdict[Wallet, list[Entitlement]]:
    found: defaultdict[Wallet, list[Entitlement]] = defaultdict(list)
    for row in rows:
        found[row.member_id, row.kind].append(row)
    return found


def _fact(debt: Entitlement, part: rules.SetOff) -> RewardSetOff:
    return RewardSetOff(
        line=debt.line_id,
        member=debt.member_id,
        entitlement=debt.pk,
        kind=debt.kind,
        amount=part.amount,
        by=part.paid,
    )
