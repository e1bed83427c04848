"""How long each thing is kept that is not kept for good: one table, and the sweep by it.

The journal, the ledger and what else is in the books have no row: they are never thrown away, and
so are there for the three years the law asks for. What holds words about money or a decision stays
as long as that.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from loop28.back.finance import privacy as finance
from loop28.back.people import privacy as people
from loop28.front.circles import privacy as circles
from loop28.front.evidence import privacy as evidence
from loop28.front.groups import privacy as groups
from loop28.front.privacy import facts
from loop28.front.privacy.models import Sweep
from loop28.front.referrals import forgetting
from loop28.kernel import clock, journal, sql
from loop28.kernel.access import SYSTEM, Actor, require

ZONE = ZoneInfo(settings.TIME_ZONE)
HOUR = 4
"""When hardly anybody is awake to wait."""

YEAR = 365
THREE_YEARS = 3 * YEAR + 1


@dataclass(frozen=True, slots=True)
class Kept:
    """A kind of thing, for how many days it is kept, and what throws away the older ones.

    ``forget(actor, before, dry_run=…)`` says how many that are.
    """

    key: str
    title: str | Promise
    days: int
    forget: Callable[..., int]


def _sessions(actor: Actor, before: datetime, *, dry_run: bool = False) -> int:
    old = Session.objects.filter(expire_date__lt=before)
    return old.count() if dry_run else old.delete()[0]


def _visitors(actor: Actor, before: datetime, *, dry_run: bool = False) -> int:
    """These have their own clocks: a lock's end, and a day for what networks were of."""
    done = forgetting.forget(actor, dry_run=dry_run)
    return done.visitors + done.crowds


KEPT = (
    Kept("pictures", _("Pictures that prove a task"), 180, evidence.forget_pictures),
    Kept("messages", _("What members wrote in groups"), YEAR, groups.forget_messages),
    Kept("notices", _("What was told to single people"), YEAR, groups.forget_notices),
    Kept("complaints", _("Words of complaints"), THREE_YEARS, groups.forget_complaints),
    Kept("payees", _("Payees and their accounts"), THREE_YEARS, finance.forget_payees),
    Kept("invitations", _("Invitations nobody answered"), 90, circles.forget_invites),
    Kept("visitors", _("Visitors without a lock, and their networks"), 1, _visitors),
    Kept("files", _("Files of people nobody took in"), 1, people.forget_files),
    Kept("sessions", _("Sessions of staff that are over"), 0, _sessions),
)

TITLES = {kept.key: kept.title for kept in KEPT}


@journal.action
def sweep(actor: Actor, *, dry_run: bool = False) -> list[tuple[Kept, int]]:
    """Throw away what is older than its time; or with ``dry_run`` only say how much that is.

    The books are not touched. Refuses with NotAllowed.
    """
    require(actor)
    found = []
    for kept in KEPT:
        before = journal.now() - timedelta(days=kept.days)
        found.append((kept, kept.forget(SYSTEM, before, dry_run=dry_run)))
    if not dry_run:
        journal.record(*(facts.TimeUp(kind=kept.key, count=n) for kept, n in found if n))
        row = {"day": clock.local_day(journal.now(), ZONE), "at": journal.now()}
        sql.insert(Sweep, [row], unique=["day"], returning=())
    return found


def is_due(now: datetime) -> bool:
    """Whether the hour has come and nobody has swept today."""
    today = clock.local_day(now, ZONE)
    if now < clock.at_local(today, HOUR, 0, ZONE):
        return False
    return not Sweep.objects.filter(day=today).exists()
