"""What becomes of pictures when two records turn out to be one person."""

from loop28.front.evidence.models import Colleague, Proof
from loop28.kernel import journal, sql
from loop28.kernel.access import Actor, require


@journal.action
def follow(actor: Actor, assignment_id: int, gone: int) -> None:
    """Pictures of a task that is no more come after those of the task it went into.

    What waits under either goes on to wait: whoever looks at it decides, and the task is done once.
    """
    require(actor)
    there = Proof.objects.filter(assignment=assignment_id).count()
    came = Proof.objects.filter(assignment=gone).order_by("nth").values_list("id", flat=True)
    rows = [
        {"id": number, "assignment": assignment_id, "nth": nth}
        for nth, number in enumerate(came, start=there + 1)
    ]
    sql.update(Proof, rows)


@journal.action
def hand_over(actor: Actor, member: int, lost: int) -> None:
    """Who is the lost record is the kept one; pictures follow their tasks."""
    require(actor)
    sql.hand_over(Colleague, member, of=lost)
