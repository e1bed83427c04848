"""Two records of one person become one: what is theirs moves, what is in the books stays exact.

Everything that points at the lost record is handed over by the module whose table it is: those
below are called, those above hear MembersMerged. See docs/decisions/0016.
"""

from collections import defaultdict
from datetime import datetime
from itertools import combinations, pairwise

from django.db.models import Count

from loop28.back.finance import actions as finance
from loop28.kernel import journal, sql
from loop28.kernel.access import Actor, Role, require
from loop28.middle.members import facts, refusals
from loop28.middle.members.importing import PLATFORM
from loop28.middle.members.models import Consent, Identity, Member, Tagging

MOST = 200


@journal.action
def merge(actor: Actor, kept_id: int, lost_id: int) -> Member:
    """Make ``kept`` of both: everything that is the lost one's becomes theirs.

    The links of the lost record end: if it was somebody else after all, they must not open this
    person's wallet. Doing it again changes nothing. Refuses with UnknownMember, SamePerson,
    NobodyAnyMore, and for what modules further up cannot hand over: BothHostThatDay.
    """
    require(actor, Role.ADMINISTRATOR)
    rows = Member.objects.filter(pk__in=[kept_id, lost_id]).select_for_update().order_by("id")
    found = {member.pk: member for member in rows}
    if len(found) < len({kept_id, lost_id}):
        raise refusals.UnknownMember
    kept, lost = found[kept_id], found[lost_id]
    if lost.merged_into_id == kept_id and lost_id != kept_id:
        return kept
    if lost_id == kept_id or lost.merged_into_id or kept.merged_into_id:
        raise refusals.SamePerson
    if kept.erased_at or lost.erased_at:
        raise refusals.NobodyAnyMore
    journal.record(facts.MembersMerged(member=kept_id, lost=lost_id))
    _hand_over(kept, lost)
    _agree_as_one(kept, lost)
    finance.hand_over(actor, kept_id, lost_id)
    return kept


def _hand_over(kept: Member, lost: Member) -> None:
    Identity.objects.filter(member=lost).update(member=kept)
    sql.hand_over(Tagging, kept.pk, of=lost.pk, once=[["tag"]])
    Tagging.objects.filter(member=lost).delete()
    Member.objects.filter(merged_into=lost).update(merged_into=kept)
    if kept.city_id is None and lost.city_id is not None:
        kept.city_id = lost.city_id
        kept.save(update_fields=["city"])
        journal.record(facts.MemberMoved(member=kept.pk, city=kept.city_id))
    if lost.created_at < kept.created_at:
        kept.created_at = lost.created_at
        kept.save(update_fields=["created_at"])
    lost.merged_into, lost.link_version = kept, lost.link_version + 1
    lost.save(update_fields=["merged_into", "link_version"])


def _agree_as_one(kept: Member, lost: Member) -> None:
    """The last word of the two counts: a consent taken back after the other was given ends both.

    Of two that stand the later replaces the earlier, as if it had been given again. Who was of age
    under one number is so under both.
    """
    given = list(Consent.objects.filter(member__in=[kept, lost]).order_by("given_at", "id"))
    standing = [consent for consent in given if consent.withdrawn_at is None]
    taken_back = [consent.withdrawn_at for consent in given if consent.withdrawn_at]
    for earlier, later in pairwise(standing):
        _end(earlier, later.given_at)
    if standing and taken_back and max(taken_back) > standing[-1].given_at:
        _end(standing[-1], max(taken_back))
        journal.record(facts.ConsentWithdrawn(member=kept.pk))
    Consent.objects.filter(member=lost).update(member=kept)
    ages = [of.adult_at for of in (kept, lost) if of.adult_at]
    if ages and kept.adult_at != min(ages):
        kept.adult_at = min(ages)
        kept.save(update_fields=["adult_at"])


def _end(consent: Consent, at: datetime) -> None:
    consent.withdrawn_at = at
    consent.save(update_fields=["withdrawn_at"])


def suggestions(actor: Actor) -> list[tuple[Member, Member]]:
    """Who came in with a file and is called like somebody else, of the same city or of none.

    The first of the two is the elder record; at most MOST names are compared. Refuses with
    NotAllowed.
    """
    require(actor, Role.ADMINISTRATOR)
    people = Member.objects.filter(merged_into=None)
    imported = people.filter(identities__platform=PLATFORM)
    alike = people.filter(spelled__in=imported.values("spelled")).values("spelled")
    several = alike.annotate(Count("id")).filter(id__count__gt=1).order_by("spelled")[:MOST]
    called: dict[str, list[Member]] = defaultdict(list)
    names = [row["spelled"] for row in several]
    for member in people.filter(spelled__in=names).select_related("city").order_by("id"):
        called[member.spelled].append(member)
    of_files = set(imported.filter(spelled__in=names).values_list("id", flat=True))
    return [
        pair
        for name in names
        for pair in combinations(called[name], 2)
        if _may_be_one(*pair) and of_files & {member.pk for member in pair}
    ]


def _may_be_one(one: Member, other: Member) -> bool:
    return None in {one.city_id, other.city_id} or one.city_id == other.city_id
