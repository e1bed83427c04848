"""Two records of one person become one.

What is in the books stays with the record it happened to. Therefore only a record that was never in
a line can go, which is what a cold start leaves behind: somebody stood in a file and came by an
invitation as well. The modules that know of lines, groups and levels hear of it and refuse, or hand
over what is theirs.
"""

from collections import defaultdict
from itertools import combinations

from django.db.models import Count

from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.kernel import journal
from loop28.kernel.access import Actor, Role, require
from loop28.middle.members import facts, refusals
from loop28.middle.members.importing import PLATFORM
from loop28.middle.members.models import Identity, Member, Tagging

MOST = 200


@journal.action
def merge(actor: Actor, kept_id: int, lost_id: int) -> Member:
    """Make ``kept`` of both: it gets the ids, tags and levels of the other, and its city where it
    has none. Consent is not handed over: people agree for themselves.

    The links of the lost record end: if it was somebody else after all, they must not open this
    person's wallet. Doing it again changes nothing. Refuses with UnknownMember, SamePerson,
    MoneyLeft, and for what modules further up know: LineKnowsThem, GroupKnowsThem.
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
    keys = [accounts.wallet(lost_id), accounts.wallet(lost_id, "points")]
    if any(ledger.balances(actor, keys).values()):
        raise refusals.MoneyLeft
    _hand_over(kept, lost)
    journal.record(facts.MembersMerged(member=kept_id, lost=lost_id))
    return kept


def _hand_over(kept: Member, lost: Member) -> None:
    Identity.objects.filter(member=lost).update(member=kept)
    has = Tagging.objects.filter(member=kept).values_list("tag", flat=True)
    Tagging.objects.filter(member=lost).exclude(tag__in=list(has)).update(member=kept)
    Tagging.objects.filter(member=lost).delete()
    Member.objects.filter(merged_into=lost).update(merged_into=kept)
    if kept.city_id is None and lost.city_id is not None:
        kept.city_id = lost.city_id
        kept.save(update_fields=["city"])
        journal.record(facts.MemberMoved(member=kept.pk, city=kept.city_id))
    lost.merged_into, lost.link_version = kept, lost.link_version + 1
    lost.save(update_fields=["merged_into", "link_version"])


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
