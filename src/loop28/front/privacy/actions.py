"""What can be done with a person's data: take them along, ask to be erased, erase."""

from collections.abc import Collection
from datetime import timedelta

from loop28.back.compliance.rules import REFUND_DAYS
from loop28.front.privacy import facts, queries, refusals, register
from loop28.front.privacy.models import Asked, Erasure, Tombstone
from loop28.kernel import journal, privacy, sql
from loop28.kernel.access import SYSTEM, Actor, Role, require
from loop28.middle.members import queries as members
from loop28.middle.members.refusals import UnknownMember

WAIT = timedelta(days=REFUND_DAYS)
"""Until then everything that is held is in the wallet, and can be paid out."""

LOOK_AGAIN = timedelta(days=1)


@journal.action
def take(actor: Actor, member_id: int, asked: str) -> None:
    """Note that what is kept about a member is handed out. Refuses with NotAllowed, UnknownMember,
    AlreadyErased.
    """
    asked = _checked(actor, member_id, asked, Role.ADMINISTRATOR, Role.REGION_MANAGER)
    journal.record(facts.DataTaken(member=member_id, asked=asked))


@journal.action
def ask(actor: Actor, member_id: int, asked: str) -> Erasure:
    """A member wishes to be erased, after a time in which they may think better of it.

    Again it is the same wish. Refuses with NotAllowed, UnknownMember, AlreadyErased.
    """
    asked = _checked(actor, member_id, asked, Role.ADMINISTRATOR)
    row = {
        "member": member_id,
        "asked": asked,
        "by": actor.id if actor.is_staff else None,
        "at": journal.now(),
        "due_at": journal.now() + WAIT,
        "done_at": None,
    }
    if sql.insert(Erasure, [row], unique=["member"]):
        journal.record(facts.ErasureAsked(member=member_id, asked=asked))
    return Erasure.objects.get(member=member_id)


@journal.action
def cancel(actor: Actor, member_id: int) -> None:
    """The member thought better of it; without a wish nothing changes. Refuses with NotAllowed."""
    _checked(actor, member_id, Asked.SELF, Role.ADMINISTRATOR)
    if Erasure.objects.filter(member=member_id, done_at=None).delete()[0]:
        journal.record(facts.ErasureCancelled(member=member_id))


@journal.action
def erase_now(actor: Actor, member_id: int, asked: str) -> None:
    """Erase a member at once, when nothing that needs them is open.

    Refuses with NotAllowed, UnknownMember, AlreadyErased, NotYet.
    """
    require(actor, Role.ADMINISTRATOR)
    ask(actor, member_id, asked)
    if why := queries.obstacles(actor, member_id):
        raise refusals.NotYet(why=" ".join(why))
    erase(actor, [member_id])


@journal.action
def erase_in_time(actor: Actor, member_id: int) -> bool:
    """Erase a member whose time has come, or look again tomorrow while something is open."""
    require(actor)
    due = Erasure.objects.filter(member=member_id, done_at=None, due_at__lte=journal.now())
    if not due.select_for_update().exists():
        return False
    if queries.obstacles(actor, member_id):
        due.update(due_at=journal.now() + LOOK_AGAIN)
        return False
    erase(actor, [member_id])
    return True


@journal.action
def erase(actor: Actor, member_ids: Collection[int]) -> None:
    """Make everything personal of these members unreadable, in all modules, for good.

    From the top of the house down: who is above still asks those below what people are called. What
    is open is settled as it stands. Again it changes nothing.
    """
    require(actor, Role.ADMINISTRATOR)
    everyone = members.all_records(member_ids)
    _bury(everyone)
    for keeper in reversed(privacy.keepers()):
        keeper.erase(SYSTEM, everyone)
    Erasure.objects.filter(member__in=everyone, done_at=None).update(done_at=journal.now())
    journal.after_commit(register.write_down)


@journal.action
def erase_again(actor: Actor) -> int:
    """Erase who was erased before and is back, because a backup was; how many numbers."""
    require(actor)
    back = register.to_erase_again()
    erase(actor, back)
    return len(back)


def _bury(numbers: Collection[int]) -> None:
    """Before their keys are replaced: by these marks they are known in an older backup."""
    keys = members.keys(set(numbers) - members.erased(numbers))
    rows = [
        {"member": number, "mark": register.mark(number, key), "at": journal.now()}
        for number, key in sorted(keys.items())
    ]
    sql.insert(Tombstone, rows, unique=["member"], returning=())


def _checked(actor: Actor, member_id: int, asked: str, *staff: Role) -> str:
    """How the wish came, for whoever may say so: the member themselves, and these of the staff."""
    if not members.names([member_id]):
        raise UnknownMember
    if members.erased([member_id]):
        raise refusals.AlreadyErased
    if actor == Actor(Role.MEMBER, member_id):
        return Asked.SELF.value
    require(actor, *staff)
    return Asked(asked).value
