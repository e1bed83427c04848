"""Who members are, and who may come in as one."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from loop28.kernel import clock, links, sql
from loop28.kernel.access import Actor, Role
from loop28.kernel.prepared import prepared
from loop28.kernel.text import TextTooLong, clean_line, is_number, searchable
from loop28.middle.members import rules
from loop28.middle.members.consent import CONSENT_VERSION, TEXTS, ConsentText
from loop28.middle.members.models import Consent, Identity, Member, Tag, Tagging

LINK_DAYS = 60
ALIKE = 50
_LINK = "member"


def members(actor: Actor) -> QuerySet[Member]:
    """All members for staff, themselves for a member.

    A member belongs to no region: their lines do, and those are scoped where lines are shown.
    """
    rows = Member.objects.select_related("city")
    if actor.is_staff or actor.role is Role.SYSTEM:
        return rows
    return rows.filter(pk=actor.id) if actor.role is Role.MEMBER else rows.none()


def get(actor: Actor, id: int) -> Member | None:
    """One member, if this actor sees them."""
    return members(actor).filter(pk=id).first()


def search(actor: Actor, text: str, among: Q | None = None) -> QuerySet[Member]:
    """Members whose name holds ``text`` whatever its case, width and spaces; whose number, id on
    another platform, city or tag it is; newest first.

    ``among`` narrows whom the actor sees, for the caller who knows the lines. Who turned out to be
    somebody else is not found.
    """
    people = members(actor).filter(merged_into=None).order_by("-id")
    if among is not None:
        people = people.filter(among)
    typed = _typed(text)
    if typed is None:
        return people.none()
    wanted = searchable(typed)
    if not wanted:
        return people
    found = Q(spelled__contains=wanted) | Q(city__name__iexact=typed)
    found |= Q(pk__in=Identity.objects.filter(external_id=typed).values("member_id"))
    found |= Q(pk__in=Tagging.objects.filter(tag__spelled=wanted).values("member_id"))
    if is_number(wanted):
        found |= Q(pk=int(wanted))
    return people.filter(found)


def alike(actor: Actor, text: str, among: Q | None = None) -> list[Member]:
    """Members whose whole name is `text` but for what `rules.forgiven` lets pass, nearest first.

    At most ALIKE of them, for when nobody is called just so.
    """
    wanted = searchable(_typed(text) or "")
    if not rules.forgiven(wanted):
        return []
    left = Q()
    for parts in rules.traces(wanted):
        trace = Q()
        for part in parts:
            trace &= Q(spelled__contains=part)
        left |= trace
    people = members(actor).filter(left, merged_into=None)
    if among is not None:
        people = people.filter(among)
    near = sorted(
        (far, -number)
        for number, spelled in people.order_by().values_list("id", "spelled")
        if abs(len(spelled) - len(wanted)) <= rules.forgiven(wanted)
        and (far := rules.distance(wanted, spelled)) <= rules.forgiven(wanted)
    )[:ALIKE]
    rows = members(actor).in_bulk([-number for _, number in near])
    return [rows[-number] for _, number in near]


def _typed(text: str) -> str | None:
    """What is looked for; None where it is longer than any name or id."""
    try:
        return clean_line(text, limit=120, required=False)
    except TextTooLong:
        return None


def tags(actor: Actor) -> list[tuple[Tag, int]]:
    """The tags that are in use and by how many, the most frequent first."""
    if not (actor.is_staff or actor.role is Role.SYSTEM):
        return []
    counted = Tag.objects.annotate(people=Count("taggings")).filter(people__gt=0)
    return [(tag, tag.people) for tag in counted.order_by("-people", "word")]


def tags_of(member_ids: Iterable[int]) -> dict[int, list[Tag]]:
    """The tags of each of these members by word; who has none is left out."""
    found: dict[int, list[Tag]] = defaultdict(list)
    rows = Tagging.objects.filter(member__in=_possible(member_ids)).select_related("tag")
    for tagging in rows.order_by("tag__word"):
        found[tagging.member_id].append(tagging.tag)
    return found


def tagged(tag_id: int) -> Q:
    """Members with this tag, to narrow a search."""
    return Q(pk__in=Tagging.objects.filter(tag=tag_id).values("member_id"))


def of_city(city_id: int) -> Q:
    """Members of this city, to narrow a search."""
    return Q(city=city_id)


def words(tag_ids: Iterable[int]) -> dict[int, str]:
    """The words of these tags."""
    return dict(Tag.objects.filter(pk__in=_possible(tag_ids)).values_list("id", "word"))


def names(ids: Iterable[int]) -> dict[int, str]:
    """Names of these members; a number that nobody has is left out."""
    return dict(Member.objects.filter(pk__in=_possible(ids)).values_list("id", "name"))


def turned_out(ids: Iterable[int]) -> dict[int, int]:
    """Of these numbers those of records that were merged away, and whose they are now."""
    return dict(_merged_away(_possible(ids)))


@prepared
def _merged_away(ids: Iterable[int]) -> QuerySet[Member, tuple[int, int]]:
    gone = Member.objects.filter(sql.among("id", ids), merged_into__isnull=False)
    return gone.values_list("id", "merged_into_id")


def erased(ids: Iterable[int]) -> set[int]:
    """Those of these numbers whose person was erased."""
    gone = Member.objects.filter(pk__in=_possible(ids), erased_at__isnull=False)
    return set(gone.values_list("id", flat=True))


def keys(ids: Iterable[int]) -> dict[int, UUID]:
    """The key of each of these records: another one from the day its person is erased."""
    return dict(Member.objects.filter(pk__in=_possible(ids)).values_list("id", "key"))


def records(member_id: int) -> list[int]:
    """The numbers under which a member is in the books: their own and those merged into it."""
    doubles = Member.objects.filter(merged_into=member_id).order_by("id")
    return [member_id, *doubles.values_list("id", flat=True)]


def all_records(ids: Iterable[int]) -> list[int]:
    """`records` of many at once."""
    wanted = _possible(ids)
    rows = Member.objects.filter(Q(pk__in=wanted) | Q(merged_into__in=wanted)).order_by("id")
    return list(rows.values_list("id", flat=True))


def tiers(ids: Iterable[int]) -> dict[int, int | None]:
    """The tier of each member's city; None for those who named no city."""
    return dict(Member.objects.filter(pk__in=_possible(ids)).values_list("id", "city__tier"))


def identities(ids: Iterable[int]) -> dict[int, set[str]]:
    """What each of these members is called elsewhere: the ids on other platforms."""
    called: dict[int, set[str]] = defaultdict(set)
    rows = Identity.objects.filter(member__in=_possible(ids))
    for member_id, external_id in rows.values_list("member_id", "external_id"):
        called[member_id].add(external_id)
    return called


def called(ids: Iterable[int]) -> dict[int, set[str]]:
    """Every name by which others may mean each of these: their ids, and all numbers they had."""
    wanted = set(ids)
    known = identities(wanted)
    found = {id_: {str(id_), *known.get(id_, ())} for id_ in wanted}
    doubles = Member.objects.filter(merged_into__in=_possible(found))
    for now, id_ in doubles.values_list("merged_into_id", "id"):
        found[now].add(str(id_))
    return found


def _possible(ids: Iterable[int]) -> set[int]:
    """Those that can be ids at all: a database breaks on the others instead of finding nothing."""
    return {id_ for id_ in ids if 0 < id_ < 2**63}


def is_adult(member_id: int) -> bool:
    """Whether this member declared to be of age, without which no money is paid out."""
    return Member.objects.filter(pk=member_id, adult_at__isnull=False).exists()


def consenting(ids: Iterable[int]) -> set[int]:
    """Those of these members whose consent stands."""
    standing = Consent.objects.filter(member__in=_possible(ids), withdrawn_at=None)
    return set(standing.values_list("member_id", flat=True))


def reachable() -> QuerySet[Member]:
    """All members whose consent stands; for the modules that choose whom to invite."""
    standing = Consent.objects.filter(member=OuterRef("pk"), withdrawn_at=None)
    return Member.objects.filter(Exists(standing))


def consents(member_id: int) -> list[Consent]:
    """To what a member agreed and when they took it back, the latest first."""
    return list(Consent.objects.filter(member=member_id).order_by("-given_at", "-id"))


def consent_text(version: str = CONSENT_VERSION) -> ConsentText:
    """What people agree to now, or agreed to in an earlier version."""
    return TEXTS[version]


def link_version(member_id: int) -> int | None:
    """The version every living link of this member carries; None where there is nobody, or nobody
    any more.
    """
    return next(iter(_link_versions(_possible([member_id]))), None)


@prepared
def _link_versions(ids: Iterable[int]) -> QuerySet[Member, int]:
    found = Member.objects.filter(sql.among("id", ids), erased_at=None)
    return found.values_list("link_version", flat=True)


def link_token(member_id: int) -> str:
    """The token of a personal link, good for LINK_DAYS or until `end_links`.

    Whoever holds it is this member. That the actor may hand it out is for the caller to check, who
    knows which lines they run.
    """
    found = Member.objects.filter(pk=member_id).values_list("link_version", flat=True)
    if (version := found.first()) is None:
        raise ValueError(f"no member {member_id}")
    return links.sign(_LINK, member_id, version, until=clock.now() + timedelta(days=LINK_DAYS))


def read_link(token: str) -> tuple[int, int]:
    """Member and link version of a personal link; refuses with LinkInvalid or LinkExpired."""
    member_id, version = links.read(_LINK, token)
    if link_version(member_id) != version:
        raise links.LinkExpired
    return member_id, version
