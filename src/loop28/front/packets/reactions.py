from collections.abc import Sequence

from loop28.front.lines import schedule
from loop28.front.lines.facts import BeatDue
from loop28.front.packets import actions
from loop28.kernel.access import SYSTEM
from loop28.kernel.journal import reacts_to


@reacts_to(BeatDue)
def issue(facts: Sequence[BeatDue]) -> None:
    """Packet beats become packets."""
    due = [fact.beat for fact in facts if fact.kind == "packet"]
    if due:
        actions.issue(SYSTEM, schedule.beats(due))
