"""Who members are, and who may come in as one."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q, QuerySet

from loop28.kernel import clock, links
from loop28.kernel.access import Actor, Role
from loop28.kernel.text import TextTooLong, clean_line
from loop28.middle.members.consent import CONSENT_VERSION, TEXTS, ConsentText
from loop28.middle.members.models import NAME_LIMIT, Consent, Identity, Member

LINK_DAYS = 60
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


def search(actor: Actor, text: str) -> QuerySet[Member]:
    """Members whose name holds ``text``, or whose number it is; newest first."""
    try:
        wanted = clean_line(text, limit=NAME_LIMIT, required=False)
    except TextTooLong:
        return Member.objects.none()
    found = Q(name__icontains=wanted)
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 19:
        found |= Q(pk=int(wanted))
    return members(actor).filter(found).order_by("-id")


def names(ids: Iterable[int]) -> dict[int, str]:
    """Names of these members; a number that nobody has is left out."""
    return dict(Member.objects.filter(pk__in=_possible(ids)).values_list("id", "name"))


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
    standing = Consent.objects.filter(withdrawn_at=None)
    return Member.objects.filter(pk__in=standing.values("member"))


def consent_text(version: str = CONSENT_VERSION) -> ConsentText:
    """What people agree to now, or agreed to in an earlier version."""
    return TEXTS[version]


def link_version(member_id: int) -> int | None:
    """The version every living link of this member carries; None where there is no such member."""
    found = Member.objects.filter(pk=member_id).values_list("link_version", flat=True)
    return next(iter(found), None)


def link_token(member_id: int) -> str:
    """The token of a personal link, good for LINK_DAYS or until `end_links`.

    Whoever holds it is this member. That the actor may hand it out is for the caller to check, who
    knows which lines they run.
    """
    version = link_version(member_id)
    if version is None:
        raise ValueError(f"no member {member_id}")
    return links.sign(_LINK, member_id, version, until=clock.now() + timedelta(days=LINK_DAYS))


def read_link(token: str) -> tuple[int, int]:
    """Member and link version of a personal link; refuses with LinkInvalid or LinkExpired."""
    member_id, version = links.read(_LINK, token)
    if link_version(member_id) != version:
        raise links.LinkExpired
    return member_id, version
