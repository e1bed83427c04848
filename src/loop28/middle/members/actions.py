"""What can be done about a person's record."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from loop28.back.people import queries as places
from loop28.kernel import journal, sql
from loop28.kernel.access import SYSTEM, Actor, Role, require
from loop28.kernel.text import clean_line, searchable
from loop28.middle.members import facts, queries, refusals
from loop28.middle.members.consent import CONSENT_VERSION
from loop28.middle.members.models import (
    FIRST_LINK,
    NAME_LIMIT,
    Consent,
    Identity,
    Member,
    record_key,
)

STAFF_FOR_MEMBERS = (Role.ADMINISTRATOR, Role.REGION_MANAGER, Role.MIDDLE)
DOUBLE_TAP = timedelta(hours=1)
"""So long a form that is sent again is a tap too many, or a try after an answer that was lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMember:
    """Somebody who wants to become a member.

    ``key`` comes from the form: the same key with the same name again is the same person, while it
    can be a double tap.
    """

    name: str
    adult: bool
    consent: bool
    city_id: int | None = None
    key: UUID = field(default_factory=uuid4)


@journal.action
def register(
    actor: Actor,
    name: str,
    *,
    adult: bool,
    consent: bool,
    city_id: int | None = None,
    key: UUID | None = None,
) -> Member:
    """One new member, or the one who has just joined by the form with this ``key``.

    Refuses with AdultsOnly, ConsentMissing, UnknownCity, FormUsedUp, FormUsedByAnother, or for the
    name.
    """
    person = NewMember(name=name, adult=adult, consent=consent, city_id=city_id, key=key or uuid4())
    (member_id,) = register_many(actor, [person])
    return Member.objects.get(pk=member_id)


@journal.action
def register_many(actor: Actor, people: Sequence[NewMember]) -> list[int]:
    """The members' numbers in the given order; one who is refused refuses the whole batch.

    Four statements, however many people. Anybody may become a member: whether they were invited is
    known further up. All of them have their FIRST_LINK: a door may make the phone that asks theirs.
    """
    _refuse_unready(people)
    keys = [record_key("form", str(person.key)) for person in people]
    typed = [clean_line(person.name, limit=NAME_LIMIT, field="name") for person in people]
    names = dict(zip(keys, typed, strict=True))
    written = sql.insert(
        Member,
        [
            {
                "key": key,
                "name": name,
                "city": person.city_id,
                "adult_at": journal.now(),
                "link_version": FIRST_LINK,
                "created_at": journal.now(),
                "spelled": searchable(name),
            }
            for person, key, name in zip(people, keys, typed, strict=True)
        ],
        unique=["key"],
    )
    _agree([member_id for (member_id,) in written])
    known = _just_joined(names)
    if any(known[key].name != name for key, name in names.items()):
        raise refusals.FormUsedByAnother(field="name")
    return [known[key].pk for key in keys]


def _just_joined(keys: Collection[UUID]) -> dict[UUID, Member]:
    """The members who have these keys of forms, refused with FormUsedUp unless all just joined.

    Who only has a form on their phone is no member by that: their links may have ended since, as
    those of a record do that is merged away, or they took their consent back.
    """
    since = journal.now() - DOUBLE_TAP
    fresh = queries.reachable().filter(link_version=FIRST_LINK, created_at__gt=since)
    known = {member.key: member for member in fresh.filter(key__in=keys).only("key", "name")}
    if known.keys() != set(keys):
        raise refusals.FormUsedUp
    return known


def _refuse_unready(newcomers: Sequence[NewMember]) -> None:
    if not all(person.adult for person in newcomers):
        raise refusals.AdultsOnly(field="adult")
    if not all(person.consent for person in newcomers):
        raise refusals.ConsentMissing(field="consent")
    wanted = {person.city_id for person in newcomers} - {None}
    if wanted and not wanted <= set(places.cities(SYSTEM).values_list("id", flat=True)):
        raise refusals.UnknownCity(field="city")


def _agree(member_ids: list[int]) -> None:
    rows = [
        {
            "member": member_id,
            "text_version": CONSENT_VERSION,
            "given_at": journal.now(),
            "withdrawn_at": None,
        }
        for member_id in member_ids
    ]
    sql.insert(Consent, rows)
    journal.record(*(facts.MemberRegistered(member=i, consent=CONSENT_VERSION) for i in member_ids))


@journal.action
def rename(actor: Actor, member_id: int, name: str) -> Member:
    """Another name; by the member, or by staff at their wish."""
    member = _locked(actor, member_id)
    member.name = clean_line(name, limit=NAME_LIMIT, field="name")
    member.spelled = searchable(member.name)
    member.save(update_fields=["name", "spelled"])
    journal.record(facts.MemberRenamed(member=member_id))
    return member


@journal.action
def end_links(actor: Actor, member_id: int) -> Member:
    """End every personal link and signed-in phone of a member, for example of a lost phone."""
    member = _locked(actor, member_id)
    member.link_version += 1
    member.save(update_fields=["link_version"])
    journal.record(facts.LinksEnded(member=member_id))
    return member


@journal.action
def withdraw_consent(actor: Actor, member_id: int) -> None:
    """Take consent back, at any time and without a reason. Doing it again changes nothing."""
    _locked(actor, member_id)
    standing = Consent.objects.filter(member=member_id, withdrawn_at=None)
    if standing.update(withdrawn_at=journal.now()):
        journal.record(facts.ConsentWithdrawn(member=member_id))


@journal.action
def keep_consent(actor: Actor, member_id: int) -> None:
    """Inside an action: a member's consent stands, and nobody takes it back before the commit.

    So whoever throws away what was sent under it finds everything. Refuses with ConsentMissing.
    """
    require(actor, Role.SYSTEM)
    Member.objects.select_for_update(no_key=True).get(pk=member_id)
    if not Consent.objects.filter(member=member_id, withdrawn_at=None).exists():
        raise refusals.ConsentMissing


@journal.action
def give_consent(actor: Actor, member_id: int) -> None:
    """Agree to the text that stands now; only the members themselves can.

    Its first words are that they are of age: who came in with a file declares it by this. Agreeing
    again to the same version changes nothing, to a newer one it replaces the older.
    """
    if actor.role is not Role.MEMBER:
        require(actor, Role.SYSTEM)
    member = _locked(actor, member_id)
    if member.adult_at is None:
        member.adult_at = journal.now()
        member.save(update_fields=["adult_at"])
    standing = Consent.objects.filter(member=member_id, withdrawn_at=None)
    if standing.filter(text_version=CONSENT_VERSION).exists():
        return
    standing.update(withdrawn_at=journal.now())
    Consent.objects.create(
        member_id=member_id, text_version=CONSENT_VERSION, given_at=journal.now()
    )
    journal.record(facts.ConsentGiven(member=member_id, consent=CONSENT_VERSION))


@journal.action
def identify(actor: Actor, member_id: int, platform: str, external_id: str) -> None:
    """Note who a member is on another platform, for example their buyer's number in a shop.

    Again the same: nothing new. Refuses with IdentityTaken when it belongs to somebody else.
    """
    _locked(actor, member_id)
    platform = clean_line(platform, limit=20, field="platform")
    row = {
        "member": member_id,
        "platform": platform,
        "external_id": clean_line(external_id, limit=120, field="external_id"),
    }
    if sql.insert(Identity, [row], unique=["platform", "external_id"]):
        journal.record(facts.MemberIdentified(member=member_id, platform=platform))
    elif not Identity.objects.filter(**row).exists():
        raise refusals.IdentityTaken(field="external_id")


def _locked(actor: Actor, member_id: int) -> Member:
    """The member's row, locked; refused to others than themselves and the staff for members."""
    if actor != Actor(Role.MEMBER, member_id):
        require(actor, *STAFF_FOR_MEMBERS)
    member = Member.objects.select_for_update().filter(pk=member_id).first()
    if member is None:
        raise refusals.UnknownMember
    return member
