"""What the desk keeps about a person: their pictures, and what was said of them."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from loop28.front.evidence import actions
from loop28.front.evidence.models import Colleague, Proof, Review
from loop28.front.tasks.programme import of_lines
from loop28.kernel import journal
from loop28.kernel.access import Actor, require
from loop28.kernel.privacy import DONE, REASON, STATE, TASK, WHEN, Topic


def about(actor: Actor, members: Collection[int]) -> list[Topic]:
    """Their pictures themselves, and what became of each."""
    sent = Proof.objects.filter(assignment__member__in=members).order_by("id")
    proofs = list(sent.select_related("assignment").prefetch_related("reviews"))
    lines = of_lines({proof.assignment.line_id for proof in proofs})
    rows = [
        [
            proof.sent_at,
            lines[proof.assignment.line_id].tasks[proof.assignment.task].name,
            proof.get_state_display(),
            proof.decided_at,
            proof.reason,
        ]
        for proof in proofs
    ]
    pictures = [proof.file for proof in proofs if proof.file]
    return [Topic("pictures", _("Pictures"), [WHEN, TASK, STATE, DONE, REASON], rows, pictures)]


@journal.action
def erase(actor: Actor, members: Collection[int]) -> None:
    """Pictures go with their files, and the words about them; that somebody looked stays."""
    require(actor)
    actions.erase(actor, members)
    Review.objects.filter(proof__assignment__member__in=members).update(words="")
    Colleague.objects.filter(member__in=members).delete()


@journal.action
def forget_pictures(actor: Actor, before: datetime, *, dry_run: bool = False) -> int:
    """Throw away the pictures that were decided before then and wait for no look; how many."""
    require(actor)
    old = Proof.objects.exclude(file="").filter(decided_at__lt=before, look="")
    return old.count() if dry_run else actions.throw_away(list(old.select_for_update()))
