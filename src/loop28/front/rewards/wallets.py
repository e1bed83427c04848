"""A member's wallet, followed: what became of each thing that came in."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from loop28.back.finance import queries as finance
from loop28.back.finance import steps
from loop28.back.finance.models import PayoutState
from loop28.back.finance.steps import Came, Out, Part
from loop28.back.ledger import queries as ledger
from loop28.back.ledger.models import Kind, Unit
from loop28.front.rewards.models import Entitlement
from loop28.kernel.access import Actor


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


def of_member(actor: Actor, member_id: int) -> Wallet:
    """Follow a member's money. Refuses with NotAllowed whoever may not see the wallet."""
    rows = ledger.movements(actor, f"member:{member_id}", [Kind.WALLET]).filter(unit=Unit.FEN)
    moved = [(row.pk, row.reference, row.at, row.change) for row in rows.order_by("id")]
    arrived = {
        reference.removeprefix("reward:"): number
        for number, reference, _at, change in moved
        if change > 0 and reference.startswith("reward:")
    }
    went_back: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    outs = _payouts(actor, member_id)
    for _number, reference, at, change in moved:
        if reference.startswith("setoff:"):
            went_back[int(reference.rpartition(":")[2])].append((-change, at))
        elif change < 0 and not reference.startswith("payout:"):
            outs.append(Out(-change, at, at))
    less = _less(went_back, arrived)
    came = [
        Came(number, change - less.get(number, 0))
        for number, reference, _at, change in moved
        if change > 0 and not reference.startswith("payout:")
    ]
    outs.sort(key=lambda out: out.asked_at)
    return Wallet(steps.parts(came, outs), arrived, went_back)


def _payouts(actor: Actor, member_id: int) -> list[Out]:
    """What was asked for and not rejected; `ledger.movements` has looked at who asks."""
    return [
        Out(p.fen, p.asked_at, p.settled_at, p.pk)
        for p in finance.payouts_of(member_id)
        if p.state != PayoutState.REJECTED
    ]


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
