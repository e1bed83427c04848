"""Visitors who never joined are forgotten when nobody's lock on them lives."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex

from django.db.models import Exists, OuterRef

from loop28.front.referrals import rules
from loop28.front.referrals.facts import VisitorsForgotten
from loop28.front.referrals.models import Crowd, Fan, Lock, Salt
from loop28.kernel import journal, sql
from loop28.kernel.access import Actor, Role, require

_CROWDS_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many visitors' codes, and how many rows about crowds."""

    visitors: int
    crowds: int


def is_due(now: datetime) -> bool:
    """Whether the day has no salt yet, or one of another day is still there."""
    return set(Salt.objects.values_list("day", flat=True)) != {now.date()}


def salt_of_today() -> str:
    """Today's key for digests of networks, made by who first asks; inside an action."""
    today = Salt.objects.filter(day=journal.now().date()).values_list("salt", flat=True)
    if not (found := today.first()):
        row = {"day": journal.now().date(), "salt": token_hex(16)}
        sql.insert(Salt, [row], unique=["day"], returning=())
        found = today.get()
    return found


@journal.action
def forget(actor: Actor, *, dry_run: bool = False) -> Forgotten:
    """Forget whom nobody may know any more, or with ``dry_run`` only say how many there are.

    A visitor's code goes, and with it every way from a phone to what is written; clicks and locks
    stay, of nobody. What a crowd was made of goes after a day.
    """
    require(actor, Role.ADMINISTRATOR)
    now = journal.now()
    living = Lock.objects.filter(fan=OuterRef("pk"), until__gt=now)
    visitors = Fan.objects.filter(code__isnull=False, member=None, same_as=None)
    visitors = visitors.filter(~Exists(living))
    crowds = Crowd.objects.filter(hour__lt=rules.hour(now) - _CROWDS_KEPT)
    if dry_run:
        return Forgotten(visitors.count(), crowds.count())
    done = Forgotten(visitors.update(code=None), crowds.delete()[0])
    Salt.objects.filter(day__lt=now.date()).delete()
    salt_of_today()  # says that this day is done
    if done.visitors:
        journal.record(VisitorsForgotten(count=done.visitors))
    return done
