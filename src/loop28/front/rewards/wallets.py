"""A member's wallet, followed: what became of each thing that came in."""

from collections import ChainMap, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from loop28.back.finance import queries as finance
from loop28.back.finance import steps
from loop28.back.finance.models import Payout, PayoutState
from loop28.back.finance.rules import payout_of
from loop28.back.finance.steps import Came, Out, Part
from loop28.back.ledger import queries as ledger
from loop28.back.ledger.models import Kind, Unit
from loop28.front.rewards import rules
from loop28.front.rewards.models import Entitlement
from loop28.kernel.access import SYSTEM, Actor
from loop28.middle.members import queries as members


@dataclass(frozen=True, slots=True)
class Wallet:
    """The money of a wallet: ``parts`` of each transfer into it, by the transfer's id.

    ``arrived`` are the transfers of rewards by their references; ``set_off`` what went back out of
    a reward for an older one, with when, by the reward's id.
    """

    parts: Mapping[int, list[Part]]
    arrived: Mapping[str, int]
    set_off: Mapping[int, list[tuple[int, datetime]]]

    def of(self, reward: Entitlement) -> list[Part]:
        """What became of a reward's money; nothing while it is not in the wallet."""
        return list(self.parts.get(self.arrived.get(reward.reference, 0), []))


class _Moved(NamedTuple):
    """So many fen that came into a wallet (or, below 0, went out of it)."""

    number: int
    reference: str
    at: datetime
    fen: int

    @property
    def payout(self) -> int:
        """The payout that asked for it or was rejected; 0 for everything else."""
        return payout_of(self.reference)


def of_member(actor: Actor, member_id: int) -> Wallet:
    """Follow a member's money. Refuses with NotAllowed whoever may not see the wallet.

    Each record that was merged into theirs had a wallet of its own, which is followed for itself:
    what was paid out of one did not come into the other.
    """
    own, *doubles = members.records(member_id)
    moved = [_moved(actor, own), *(_moved(SYSTEM, one) for one in doubles)]
    arrived = {
        reward: one.number
        for one in chain(*moved)
        if one.fen > 0 and (reward := rules.paid_by(one.reference))
    }
    went_back: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    for one in chain(*moved):
        if names := rules.set_off_by(one.reference):
            _owed, paid = names
            went_back[paid].append((-one.fen, one.at))
    less = _less(went_back, arrived)
    payouts = {payout.pk: payout for payout in finance.payouts_of(member_id)}
    parts = [_parts(of_one, less, payouts) for of_one in moved]
    return Wallet(dict(ChainMap(*parts)), arrived, went_back)


def _moved(actor: Actor, record: int) -> list[_Moved]:
    """What came into a record's wallet and went out of it, oldest first."""
    rows = ledger.movements(actor, f"member:{record}", [Kind.WALLET]).filter(unit=Unit.FEN)
    return [_Moved(row.pk, row.reference, row.at, row.change) for row in rows.order_by("id")]


def _parts(
    moved: Sequence[_Moved], less: Mapping[int, int], payouts: Mapping[int, Payout]
) -> dict[int, list[Part]]:
    """What became of everything that came into one wallet, by its transfer.

    A payout that was rejected was never out of it; but after a merge it comes back to another
    wallet than it left, and is a correction in both.
    """
    asked = {one.payout for one in moved if one.fen < 0}
    back = {one.payout for one in moved if one.fen > 0}
    over = (asked & back) - {0}
    counted = [
        one for one in moved if one.payout not in over and not rules.set_off_by(one.reference)
    ]
    came = [Came(one.number, one.fen - less.get(one.number, 0)) for one in counted if one.fen > 0]
    outs = [_out(one, payouts.get(one.payout)) for one in counted if one.fen < 0]
    return steps.parts(came, outs)


def _out(moved: _Moved, payout: Payout | None) -> Out:
    if payout is None or payout.state == PayoutState.REJECTED:
        return Out(-moved.fen, moved.at, moved.at)
    return Out(payout.fen, payout.asked_at, payout.settled_at, payout.pk)


def _less(
    went_back: Mapping[int, list[tuple[int, datetime]]], arrived: Mapping[str, int]
) -> dict[int, int]:
    """By transfer: how much of it went back for an older reward."""
    references = Entitlement.objects.filter(id__in=went_back).values_list("id", "reference")
    return {
        arrived[reference]: sum(fen for fen, _at in went_back[number])
        for number, reference in (references if went_back else ())
        if reference in arrived
    }
