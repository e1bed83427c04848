"""What becomes of links and fans when two records turn out to be one person."""

from django.db.models import Q

from loop28.front.referrals import disputes, settling
from loop28.front.referrals.models import PLACE_LIMIT, Dispute, Fan, Link, Lock
from loop28.kernel import journal, sql
from loop28.kernel.access import Actor, require
from loop28.middle.members import queries as members


@journal.action
def hand_over(actor: Actor, member: int, lost: int) -> None:
    """Every link goes on to work, for the person; nobody is their own fan by another name, or
    claims what is theirs.
    """
    require(actor)
    sql.hand_over(
        Link, member, of=lost, field="promoter", once=[["line", "target", "talk", "place"]]
    )
    _beside_their_like(member, lost)
    sql.hand_over(Lock, member, of=lost, field="promoter")
    sql.hand_over(Dispute, member, of=lost, field="claimant", once=[["lock"]])
    Dispute.objects.filter(claimant=lost).delete()
    _one_fan(actor, member, lost)
    theirs = Q(lock__promoter=member) | Q(lock__fan__member=member)
    disputes.drop(theirs & Q(claimant=member))


def _beside_their_like(member: int, lost: int) -> None:
    """Links for a place for which the kept record has one, too: their number tells them apart."""
    rows = [
        {
            "id": link.pk,
            "promoter": member,
            "place": f"{link.place[: PLACE_LIMIT - 20]} #{link.pk}".strip(),
        }
        for link in Link.objects.filter(promoter=lost).order_by("id")
    ]
    sql.update(Link, rows)


def _one_fan(actor: Actor, member: int, lost: int) -> None:
    """The fan the lost record was is another phone of the kept one's; the elder lock counts.

    Neither was anybody's fan before the person first became a member, under whichever number.
    """
    rows = Fan.objects.filter(member__in=[member, lost]).order_by("id")
    fans = {fan.member_id: fan for fan in rows.select_for_update(no_key=True)}
    if len(fans) == 2:
        settling.unite(fans[member], fans[lost])
    sql.hand_over(Fan, member, of=lost)
    for locks in settling.locks_of(fans.values()).values():
        touched = settling.touched(locks)
        elder_first = sorted(locks, key=lambda lock: touched[lock.pk])
        settling.settle(elder_first, member, members.members(actor).get(pk=member).created_at)
