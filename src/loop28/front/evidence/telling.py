"""What the house tells who sent a picture, once it is decided."""

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from loop28.front.evidence.models import Look, Proof, Review, State
from loop28.front.groups import notices
from loop28.front.lines import queries as lines
from loop28.front.tasks.queries import Mine
from loop28.kernel import journal
from loop28.kernel.access import SYSTEM


def tell(mine: Mine, proof: Proof, review: Review) -> None:
    """Inside the action that decided; nothing while another look is to come, or when one agreed."""
    if proof.state == State.WAITING or (review.look == Look.AGAIN and not review.reason):
        return
    text = _REJECTED if proof.state == State.REJECTED else _APPROVED
    line = mine.assignment.line
    phases, day = lines.phases(line.pk), lines.today(line, journal.now())
    here = next((phase for phase in phases if day <= phase.last_day), phases[-1])
    said = notices.in_our_language(
        text, task=mine.task.name, reason=lazy(lambda: review.reason, str)()
    )
    key = f"proof:{proof.pk}:{review.look}"
    notices.tell(SYSTEM, [notices.Told(key, mine.assignment.member_id, here.group_id, said)])


_APPROVED = _("Your picture for “%(task)s” was approved.")
_REJECTED = _("Your picture for “%(task)s” was not accepted: %(reason)s")
