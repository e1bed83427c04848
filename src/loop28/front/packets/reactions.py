from collections.abc import Sequence

from loop28.front.lines import schedule
from loop28.front.lines.facts import BeatDue
from loop28.front.packets import actions
from loop28.front.packets.models import Share
from loop28.kernel import sql
from loop28.kernel.access import SYSTEM
from loop28.kernel.journal import reacts_to
from loop28.middle.members.facts import MembersMerged


@reacts_to(BeatDue)
def issue(facts: Sequence[BeatDue]) -> None:
    """Packet beats become packets."""
    due = [fact.beat for fact in facts if fact.kind == "packet"]
    if due:
        actions.issue(SYSTEM, schedule.beats(due))


@reacts_to(MembersMerged)
def hand_over(facts: Sequence[MembersMerged]) -> None:
    """What the lost record opened, the kept one did. Of a packet that both opened each keeps its
    share: that is what happened, and a share is opened by one number.
    """
    for fact in facts:
        sql.hand_over(Share, fact.member, of=fact.lost, once=[["packet"]])
