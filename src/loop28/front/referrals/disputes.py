"""«This fan is mine»: said by a member, decided by a person of the region."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from loop28.front.referrals import refusals, settling
from loop28.front.referrals.facts import FanClaimDecided, FanClaimed
from loop28.front.referrals.models import (
    REASON_LIMIT,
    Click,
    Decision,
    Dispute,
    Ended,
    Fan,
    Lock,
)
from loop28.kernel import clock, journal, sql
from loop28.kernel.access import Actor, Role, require, scope
from loop28.kernel.text import clean_line


def claimable(actor: Actor) -> QuerySet[Click]:
    """Clicks on the acting member's links by people who are locked to somebody else, newest first.

    Nobody claims themselves.
    """
    rows = scope(actor, Click.objects.all(), member="link__promoter")
    living = Lock.objects.filter(fan=OuterRef("fan"), until__gt=clock.now())
    rows = rows.filter(Exists(living.exclude(promoter=actor.id))).exclude(fan__member=actor.id)
    return rows.select_related("link__line__region", "fan__member").order_by("-id")


def unclaimed(actor: Actor) -> QuerySet[Click]:
    """Those of them about whom the member has said nothing yet."""
    mine = Dispute.objects.filter(lock__fan=OuterRef("fan"), claimant=actor.id)
    return claimable(actor).exclude(Exists(mine.filter(lock__until__gt=clock.now())))


def disputes(actor: Actor) -> QuerySet[Dispute]:
    """Claims: staff see those about locks of their region's lines, members the ones they made."""
    related = (
        *("lock__link__line__region", "lock__promoter", "lock__fan__member"),
        *("claimant", "click__link__line", "decided_by"),
    )
    rows = Dispute.objects.select_related(*related)
    return scope(actor, rows, region="lock__link__line__region", member="claimant")


@journal.action
def claim(actor: Actor, click_id: int, reason: str) -> Dispute:
    """The acting member says that who clicked their link is their fan. Again: the same claim.

    Refuses with NothingToClaim, TextMissing and TextTooLong.
    """
    require(actor, Role.MEMBER)
    said = clean_line(reason, limit=REASON_LIMIT, field="reason")
    click = claimable(actor).filter(pk=click_id).first()
    lock = Lock.objects.filter(fan=click.fan_id, until__gt=journal.now()).first() if click else None
    if click is None or lock is None:
        raise refusals.NothingToClaim
    row = {
        "lock": lock.pk,
        "claimant": actor.id,
        "click": click.pk,
        "reason": said,
        "at": journal.now(),
        "decision": "",
        "why": "",
    }
    for (number,) in sql.insert(Dispute, [row], unique=["lock", "claimant"]):
        journal.record(
            FanClaimed(
                line=lock.link.line_id,
                member=actor.id,
                fan=lock.fan_id,
                fan_lock=lock.pk,
                dispute=number,
            )
        )
    return Dispute.objects.get(lock=lock, claimant=actor.id)


@journal.action
def decide(actor: Actor, dispute_id: int, decision: str, reason: str) -> None:
    """Keep a lock, or give the fan to who claims them for the rest of its time; with the reason.

    Raises Dispute.DoesNotExist for who does not see it. Refuses with NotAllowed, ClaimDecided,
    FanIsFree, TextMissing and TextTooLong.
    """
    require(actor, Role.ADMINISTRATOR, Role.REGION_MANAGER)
    why = clean_line(reason, limit=REASON_LIMIT, field="reason")
    found: Dispute = disputes(actor).get(pk=dispute_id)
    # The fan is the arbiter: two who decide about one come after each other, and after whoever
    # recognises them meanwhile.
    Fan.objects.select_for_update(of=("self",), no_key=True).get(locks=found.lock_id)
    again = Dispute.objects.select_for_update(no_key=True)
    found.refresh_from_db(fields=["decided_at", "lock"], from_queryset=again)
    lock = found.lock
    if found.decided_at is not None:
        raise refusals.ClaimDecided
    moved = Decision(decision) is Decision.MOVED
    if moved and (lock.until <= journal.now() or lock.fan.member_id == found.claimant_id):
        raise refusals.FanIsFree(field="decision")
    living = _moved(lock, found) if moved else lock
    found.decision, found.why = decision, why
    found.decided_at, found.decided_by_id = journal.now(), actor.id or None
    found.save(update_fields=["decision", "why", "decided_at", "decided_by"])
    journal.record(
        FanClaimDecided(
            line=living.link.line_id,
            member=found.claimant_id,
            fan=lock.fan_id,
            fan_lock=living.pk,
            dispute=found.pk,
            decision=decision,
            target=living.link.target,
        )
    )


def drop(claims: Q) -> None:
    """Inside an action: those of these claims that are open wait for nobody's decision any more."""
    waiting = Dispute.objects.filter(claims, decided_at=None)
    waiting.update(decision=Decision.KEPT.value, decided_at=journal.now())


def _moved(lock: Lock, to: Dispute) -> Lock:
    """The rest of the lock's time as a lock of the claimant's.

    Where two fans became one, locks that were none may have later numbers than the one that lives.
    """
    until = lock.until
    settling.end(lock, Ended.MOVED)
    return Lock.objects.create(
        fan_id=lock.fan_id,
        number=Lock.objects.filter(fan=lock.fan_id).count() + 1,
        promoter_id=to.claimant_id,
        link_id=to.click.link_id,
        since=journal.now(),
        until=until,
    )
