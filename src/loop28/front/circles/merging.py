"""What becomes of invitations into standing groups when two records turn out to be one person."""

from loop28.front.circles.models import Answer, Invite
from loop28.kernel import journal, sql
from loop28.kernel.access import Actor, require

_WORD = [Answer.YES, Answer.NO, Answer.OPEN]


@journal.action
def hand_over(actor: Actor, member: int, lost: int) -> None:
    """Whoever was asked twice was asked once, and a yes stands before a no."""
    require(actor)
    mine = {row.circle_id: row for row in Invite.objects.filter(member=member)}
    for other in Invite.objects.filter(member=lost, circle__in=mine):
        own = mine[other.circle_id]
        if _WORD.index(Answer(other.answer)) < _WORD.index(Answer(own.answer)):
            own.answer, own.answered_at = other.answer, other.answered_at
            own.save(update_fields=["answer", "answered_at"])
        other.delete()
    sql.hand_over(Invite, member, of=lost)
