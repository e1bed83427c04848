"""What a line hears: messages in a group whose call is open."""

from collections import defaultdict
from collections.abc import Sequence

from loop28.front.groups import queries as groups
from loop28.front.groups.facts import MessageReceived
from loop28.front.lines import actions, queries
from loop28.front.lines.models import Phase, Via
from loop28.front.lines.optin import is_opt_in
from loop28.kernel.access import SYSTEM
from loop28.kernel.journal import reacts_to


@reacts_to(MessageReceived)
def screen(facts: Sequence[MessageReceived]) -> None:
    """Read opt-ins out of what was said in groups that were called; a host's own "1" is none."""
    called = _called({fact.group for fact in facts})
    heard = [fact.message for fact in facts if fact.group in called]
    answers: dict[int, list[actions.Answer]] = defaultdict(list)
    for message in groups.texts(heard):
        line, host = called[message.group_id]
        if message.member_id not in {None, host} and is_opt_in(message.text):
            answers[line].append(
                actions.Answer(message.member_id, Via.TEXT, message.at, message.pk)
            )
    for line, found in sorted(answers.items()):
        actions.screen(SYSTEM, line, found)


def _called(group_ids: set[int]) -> dict[int, tuple[int, int]]:
    """Of these groups, those where a call was made: group → (line, host)."""
    phases = Phase.objects.filter(group_id__in=group_ids).select_related("line")
    return {
        phase.group_id: (phase.line_id, phase.line.host_id)
        for phase in phases
        if queries.call_of(phase.line_id)
    }
