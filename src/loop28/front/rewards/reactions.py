from collections.abc import Sequence

from loop28.back.finance.facts import LineFunded
from loop28.front.rewards import actions
from loop28.kernel.access import SYSTEM
from loop28.kernel.journal import reacts_to


@reacts_to(LineFunded)
def settle(facts: Sequence[LineFunded]) -> None:
    """Money came: pay what waited for it, in the transaction that brought it."""
    for line in sorted({fact.line for fact in facts}):
        actions.settle_unfunded(SYSTEM, line)
