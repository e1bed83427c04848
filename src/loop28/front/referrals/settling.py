"""Which locks on a person hold, once it is known who they are. For actions, inside one of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from loop28.front.referrals import rules
from loop28.front.referrals.facts import FanLockEnded
from loop28.front.referrals.models import Click, Ended, Fan, Lock
from loop28.kernel import journal, sql


def locks_of(fans: Iterable[Fan]) -> dict[int, list[Lock]]:
    """By fan: every lock on them, in order."""
    found: dict[int, list[Lock]] = defaultdict(list)
    rows = Lock.objects.filter(fan__in=list(fans)).select_related("link")
    for lock in rows.order_by("number"):
        found[lock.fan_id].append(lock)
    return found


def touched(locks: Iterable[Lock]) -> dict[int, datetime]:
    """By lock: when the fan touched. A lock that was moved goes on, whoever has it since."""
    moved = {lock.until: lock.since for lock in locks if lock.ended == Ended.MOVED}
    return {lock.pk: rules.begun(lock.since, moved) for lock in locks}


def settle(locks: Sequence[Lock], member: int, joined: datetime) -> Lock | None:
    """End those of a member since ``joined`` that turn out to be none; by which lock they came.

    Of several that lived when they joined, the first in this order is it. What is over by now may
    have been none just as well.
    """
    came_by = None
    at = touched(locks)
    for lock in (lock for lock in locks if lock.ended in Ended.held()):
        if lock.promoter_id == member:
            end(lock, Ended.SELF)
        elif joined < at[lock.pk]:
            end(lock, Ended.MEMBER)
        elif joined < lock.until and came_by:
            end(lock, Ended.SECOND)
        elif joined < lock.until:
            came_by = lock
    return came_by


def end(lock: Lock, why: Ended) -> None:
    """End a lock now, or say of one that is over that it was none."""
    lock.until, lock.ended = min(lock.until, max(lock.since, journal.now())), why.value
    lock.save(update_fields=["until", "ended"])
    journal.record(
        FanLockEnded(
            line=lock.link.line_id,
            promoter=lock.promoter_id,
            fan=lock.fan_id,
            fan_lock=lock.pk,
            kind=why.value,
        )
    )


def unite(fan: Fan, phone: Fan) -> list[Lock]:
    """A fan is another phone of this one: clicks and locks are theirs. Every lock, ``fan``'s first.

    The locks are numbered anew as they began, by way of numbers that none has: the key is looked at
    row by row.
    """
    sql.hand_over(Click, fan.pk, of=phone.pk, field="fan", once=[["link"]])
    of = locks_of([fan, phone])
    every = [*of[fan.pk], *of[phone.pk]]
    in_order = sorted(every, key=lambda lock: (lock.since, lock.pk))
    for after in (max((lock.number for lock in every), default=0), 0):
        numbered = enumerate(in_order, after + 1)
        sql.update(Lock, [{"id": lock.pk, "fan": fan.pk, "number": n} for n, lock in numbered])
    for lock in every:
        lock.fan = fan
    Fan.objects.filter(same_as=phone).update(same_as=fan)
    Fan.objects.filter(pk=phone.pk).update(member=None, same_as=fan)
    return every
