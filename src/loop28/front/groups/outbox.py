"""What a person can do about messages that do not leave: have them tried again, give them up."""

from collections.abc import Iterable

from loop28.front.groups import actions, refusals
from loop28.front.groups.facts import SendingGivenUp, SendingResumed
from loop28.front.groups.models import Outgoing
from loop28.front.groups.queries import groups
from loop28.kernel import journal
from loop28.kernel.access import SYSTEM, Actor, Role, require


@journal.action
def try_again(actor: Actor, outgoing_id: int) -> None:
    """Try a message that failed or was given up again at once, with all its tries.

    Refuses with NotWaiting.
    """
    _resume([_row(actor, outgoing_id)])


@journal.action
def try_all(actor: Actor) -> None:
    """Try everything again that does not leave, in all groups the actor runs."""
    require(actor, Role.ADMINISTRATOR, Role.REGION_MANAGER)
    rows = Outgoing.objects.filter(group__in=groups(actor), sent_at=None, given_up_by="")
    _resume(rows.filter(tries__gt=0).order_by("id"))
    journal.after_commit(lambda: actions.deliver(SYSTEM))


@journal.action
def give_up(actor: Actor, outgoing_id: int) -> None:
    """Send a message never; what comes after it in its group goes on. Refuses with NotWaiting."""
    row = _row(actor, outgoing_id)
    row.given_up_at, row.given_up_by, row.next_at = journal.now(), str(actor), None
    row.save(update_fields=["given_up_at", "given_up_by", "next_at"])
    journal.record(SendingGivenUp(group=row.group_id, outgoing=row.pk, tries=row.tries))
    journal.after_commit(lambda: actions.deliver(SYSTEM))


def _row(actor: Actor, outgoing_id: int) -> Outgoing:
    """A message that was not sent and that no person gave up, of a group the actor runs."""
    require(actor, Role.ADMINISTRATOR, Role.REGION_MANAGER)
    seen = Outgoing.objects.filter(group__in=groups(actor))
    row: Outgoing = seen.select_for_update(of=("self",)).get(id=outgoing_id)
    if row.sent_at is not None or row.given_up_by:
        raise refusals.NotWaiting
    return row


def _resume(rows: Iterable[Outgoing]) -> None:
    found = list(rows)
    Outgoing.objects.filter(id__in=[row.pk for row in found]).update(
        tries=0, next_at=None, given_up_at=None
    )
    journal.record(*(SendingResumed(group=row.group_id, outgoing=row.pk) for row in found))
    journal.after_commit(lambda: actions.deliver(SYSTEM))
