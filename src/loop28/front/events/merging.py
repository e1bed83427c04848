"""What becomes of places at events when two records turn out to be one person."""

from loop28.front.events.actions import free_places
from loop28.front.events.models import Event, SignUp, SignUpState
from loop28.kernel import journal, sql
from loop28.kernel.access import Actor, require

_BEST = [SignUpState.GOING, SignUpState.WAITING, SignUpState.BACK]


@journal.action
def hand_over(actor: Actor, member: int, lost: int) -> None:
    """One person has one place, the better of the two; of two places one goes to who waits."""
    require(actor)
    sql.hand_over(Event, member, of=lost, field="host")
    at = Event.objects.filter(sign_ups__member=lost).values("id")
    events = {e.pk: e for e in Event.objects.filter(id__in=at).select_for_update().order_by("id")}
    mine = {row.event_id: row for row in SignUp.objects.filter(member=member, event__in=events)}
    for other in SignUp.objects.filter(member=lost, event__in=mine):
        own = mine[other.event_id]
        twice = own.state == other.state == SignUpState.GOING
        _join(own, other)
        other.delete()
        own.save()
        if twice:
            free_places(events[own.event_id], 1)
    sql.hand_over(SignUp, member, of=lost)


def _join(own: SignUp, other: SignUp) -> None:
    first = min(own, other, key=lambda row: (_BEST.index(SignUpState(row.state)), row.asked_at))
    own.line, own.city_id = first.line, first.city_id
    own.state, own.asked_at = first.state, first.asked_at
    own.came_at = min((r.came_at for r in (own, other) if r.came_at), default=None)
