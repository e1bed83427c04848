"""What a line hears: answers to its call, removals, consent taken back, records that become one."""

from collections import defaultdict
from collections.abc import Sequence

from loop28.front.groups import queries as groups
from loop28.front.groups.facts import MemberRemoved, MessageReceived
from loop28.front.lines import actions, merging, queries
from loop28.front.lines import seats as line_seats
from loop28.front.lines.models import BeatState, Enrollment, EnrollmentState, Phase, Via
from loop28.front.lines.optin import is_opt_in
from loop28.kernel.access import SYSTEM
from loop28.kernel.journal import reacts_to
from loop28.middle.members.facts import ConsentWithdrawn, MembersMerged


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
    called = Phase.objects.filter(
        group_id__in=group_ids, line__beats__kind="call", line__beats__state=BeatState.DONE
    )
    return {p.group_id: (p.line_id, p.line.host_id) for p in called.select_related("line")}


@reacts_to(MembersMerged)
def hand_over(facts: Sequence[MembersMerged]) -> None:
    """Seats and lines of the lost record are the kept one's; before anybody is let go."""
    for fact in facts:
        merging.hand_over(SYSTEM, fact.member, fact.lost)


@reacts_to(ConsentWithdrawn)
def let_go(facts: Sequence[ConsentWithdrawn]) -> None:
    """Who takes consent back leaves every line they are in or wait for."""
    seats = Enrollment.objects.filter(member__in={fact.member for fact in facts})
    inside = seats.exclude(state=EnrollmentState.LEFT).order_by("line", "member")
    for line, member in inside.values_list("line", "member"):
        actions.leave(SYSTEM, line, member)


@reacts_to(MemberRemoved)
def give_up_seat(facts: Sequence[MemberRemoved]) -> None:
    """Who is removed from one of a line's groups has no seat in the line any more."""
    for fact in facts:
        phase = queries.phase_of(fact.group)
        if phase and line_seats.seated(phase.line_id, [fact.member]):
            actions.leave(SYSTEM, phase.line_id, fact.member)
