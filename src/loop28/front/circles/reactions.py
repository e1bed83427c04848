"""What a standing group hears: who takes their consent back leaves."""

from collections.abc import Sequence

from loop28.front.circles import actions
from loop28.kernel.access import SYSTEM
from loop28.kernel.journal import reacts_to
from loop28.middle.members.facts import ConsentWithdrawn


@reacts_to(ConsentWithdrawn)
def let_go(facts: Sequence[ConsentWithdrawn]) -> None:
    """Who takes consent back leaves every standing group they are in."""
    actions.let_go(SYSTEM, [fact.member for fact in facts])
