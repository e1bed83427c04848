"""What events hear: who takes their consent back comes to none."""

from collections.abc import Sequence

from loop28.front.events import actions
from loop28.kernel.access import SYSTEM
from loop28.kernel.journal import reacts_to
from loop28.middle.members.facts import ConsentWithdrawn


@reacts_to(ConsentWithdrawn)
def let_go(facts: Sequence[ConsentWithdrawn]) -> None:
    """Give their places back."""
    actions.let_go(SYSTEM, [fact.member for fact in facts])
