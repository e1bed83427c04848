"""What becomes of links and fans when two records turn out to be one person."""

from loop28.front.referrals.actions import end
from loop28.front.referrals.models import PLACE_LIMIT, Dispute, Ended, Fan, Link, Lock
from loop28.kernel import journal, sql
from loop28.kernel.access import Actor, require


@journal.action
def hand_over(actor: Actor, member: int, lost: int) -> None:
    """Every link goes on to work, for the person; nobody is their own fan by another name."""
    require(actor)
    sql.hand_over(
        Link, member, of=lost, field="promoter", once=[["line", "target", "talk", "place"]]
    )
    _beside_their_like(member, lost)
    sql.hand_over(Lock, member, of=lost, field="promoter")
    sql.hand_over(Dispute, member, of=lost, field="claimant", once=[["lock"]])
    Dispute.objects.filter(claimant=lost).delete()
    _one_fan(member, lost)
    for lock in _living(Fan.objects.filter(member=member).first()):
        if lock.promoter_id == member:
            end(lock, Ended.SELF)


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


def _one_fan(member: int, lost: int) -> None:
    """The fan the lost record was is another phone of the kept one's; the elder lock counts."""
    own = Fan.objects.filter(member=member).first()
    other = Fan.objects.filter(member=lost).first()
    if own is None or other is None:
        sql.hand_over(Fan, member, of=lost)
        return
    living = sorted([*_living(own), *_living(other)], key=lambda lock: lock.since)
    for lock in living[1:]:
        end(lock, Ended.SECOND)
    number = Lock.objects.filter(fan=own).count() + 1
    Lock.objects.filter(pk__in=[lock.pk for lock in living[:1]], fan=other).update(
        fan=own, number=number
    )
    Fan.objects.filter(same_as=other).update(same_as=own)
    Fan.objects.filter(pk=other.pk).update(member=None, same_as=own)


def _living(fan: Fan | None) -> list[Lock]:
    rows = Lock.objects.filter(fan=fan, until__gt=journal.now()) if fan else Lock.objects.none()
    return list(rows.select_related("link").order_by("id"))
