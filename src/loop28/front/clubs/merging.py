"""What becomes of clubs when two records turn out to be one person."""

from django.db.models import F

from loop28.front.clubs import counting
from loop28.front.clubs.models import Answer, Club, Guest
from loop28.kernel import journal, sql
from loop28.kernel.access import Actor, require


@journal.action
def hand_over(actor: Actor, member: int, lost: int) -> None:
    """One person is one guest, answers once, and is no guest of their own."""
    require(actor)
    sql.hand_over(Club, member, of=lost, field="owner", once=[["line", "number"]])
    Club.objects.filter(owner=lost).update(owner=member, number=F("number") + 1)
    sql.hand_over(Guest, member, of=lost, once=[["club"]])
    rows = Guest.objects.select_related("club").order_by("id")
    gone = [*rows.filter(member=lost), *rows.filter(member=member, club__owner=member)]
    journal.record(*(counting.left(guest) for guest in gone if guest.counts))
    Guest.objects.filter(pk__in=[guest.pk for guest in gone]).delete()
    sql.hand_over(Answer, member, of=lost, once=[["lesson"]])
    Answer.objects.filter(member=lost).delete()
