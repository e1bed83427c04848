"""People out of a file: known by their id in the system the company had before.

An import agrees to nothing for anybody. Who comes in by it is registered and counts as neither of
age nor consenting until they open their personal link and say so themselves.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from loop28.back.people import queries as places
from loop28.back.people.refusals import RowTwice
from loop28.kernel import journal, sql
from loop28.kernel.access import Actor, Role, require
from loop28.kernel.refusals import Refusal
from loop28.kernel.tables import Outcome, Row, State, exact
from loop28.kernel.text import clean_line, searchable
from loop28.middle.members import facts, refusals, tags
from loop28.middle.members.models import (
    FIRST_LINK,
    NAME_LIMIT,
    TAG_LIMIT,
    Identity,
    Member,
    record_key,
)

PLATFORM = "import"
COLUMNS: Mapping[str, Sequence[str]] = {
    "id": ("编号", "旧系统编号"),
    "name": ("姓名",),
    "city": ("城市",),
    "tags": ("标签",),
}
REQUIRED = ("id", "name")
MOST_TAGS = 10
BATCH = 1000
_BETWEEN_TAGS = re.compile("[,，、;；|]")


@dataclass(frozen=True, slots=True)
class Person:
    """What a row says of somebody; an empty city or no tags say nothing."""

    line: int
    external_id: str
    name: str
    city: int | None
    tags: list[str]

    @property
    def key(self) -> UUID:
        """Of the id, so that two imports at once make one member: that is the unique key."""
        return record_key("file", self.external_id)


@journal.action
def take_in(actor: Actor, rows: Sequence[Row]) -> list[Outcome]:
    """Register who is new, change who is known by their id and is called otherwise here.

    Who is refused is left out, and the others come in all the same. A dozen statements for each
    thousand rows.
    """
    require(actor, Role.ADMINISTRATOR)
    found: dict[int, Outcome] = {}
    people = []
    cities = {searchable(city.name): city.pk for city in places.cities(actor)}
    lines: dict[str, int] = {}
    for row in rows:
        try:
            people.append(_person(row, cities, lines))
        except Refusal as no:
            found[row.line] = Outcome(row.line, State.REFUSED, row.cells.get("name", ""), no)
    for start in range(0, len(people), BATCH):
        batch = people[start : start + BATCH]
        for outcome in _take_in(actor, batch):
            found[outcome.line] = outcome
    return [found[row.line] for row in rows]


def _person(row: Row, cities: Mapping[str, int], lines: dict[str, int]) -> Person:
    if row.refusal:
        raise row.refusal
    external_id = id_of(row)
    if external_id in lines:
        raise RowTwice(field="id", line=lines[external_id])
    typed = row.cells.get("city", "").strip()
    if typed and searchable(typed) not in cities:
        raise refusals.CityUnknown(field="city", city=typed[:40])
    words = [word for word in _BETWEEN_TAGS.split(row.cells.get("tags", "")) if word.strip()]
    if len(words) > MOST_TAGS:
        raise refusals.TooManyTags(field="tags", limit=MOST_TAGS)
    person = Person(
        row.line,
        external_id,
        clean_line(row.cells["name"], limit=NAME_LIMIT, field="name"),
        cities.get(searchable(typed)),
        [clean_line(word, limit=TAG_LIMIT, field="tags") for word in words],
    )
    lines[external_id] = row.line
    return person


def id_of(row: Row) -> str:
    """The id in a row; refuses with TextMissing, TextTooLong or NumberShortened."""
    return clean_line(exact(row.cells["id"], "id"), limit=80, field="id")


def _take_in(actor: Actor, people: Sequence[Person]) -> list[Outcome]:
    known = imported(person.external_id for person in people)
    _register([person for person in people if person.external_id not in known])
    ids = imported(person.external_id for person in people)
    changed = _change([(ids[p.external_id], p) for p in people if p.external_id in known])
    changed |= tags.give(actor, {ids[p.external_id]: p.tags for p in people if p.tags})
    found = []
    for person in people:
        number = ids[person.external_id]
        state = State.CHANGED if number in changed else State.KNOWN
        state = state if person.external_id in known else State.NEW
        found.append(Outcome(person.line, state, person.name, number=number))
    return found


def imported(external_ids: Iterable[str]) -> dict[str, int]:
    """The members who came in with these ids, or became those who did."""
    rows = Identity.objects.filter(platform=PLATFORM, external_id__in=set(external_ids))
    return dict(rows.values_list("external_id", "member_id"))


def _register(people: Sequence[Person]) -> None:
    rows = [
        {
            "key": person.key,
            "name": person.name,
            "city": person.city,
            "adult_at": None,
            "link_version": FIRST_LINK,
            "created_at": journal.now(),
            "spelled": searchable(person.name),
        }
        for person in people
    ]
    written = sql.insert(Member, rows, unique=["key"], returning=("id",))
    keys = {person.key: person.external_id for person in people}
    found = Member.objects.filter(key__in=keys).values_list("id", "key")
    identities = [
        {"member": member, "platform": PLATFORM, "external_id": keys[key]} for member, key in found
    ]
    sql.insert(Identity, identities, unique=["platform", "external_id"], returning=())
    journal.record(*(facts.MemberImported(member=member) for (member,) in written))


def _change(known: Sequence[tuple[int, Person]]) -> set[int]:
    """Write names and cities that are different; whose they were."""
    of = dict(known)
    rows = Member.objects.filter(pk__in=of).select_for_update().order_by("id")
    changes = []
    for member in rows:
        said = of[member.pk]
        city = said.city or member.city_id
        if (said.name, city) != (member.name, member.city_id):
            changes.append(_changed(member.pk, said.name, city))
            if said.name != member.name:
                journal.record(facts.MemberRenamed(member=member.pk))
            if city != member.city_id:
                journal.record(facts.MemberMoved(member=member.pk, city=city))
    sql.update(Member, changes)
    return {row["id"] for row in changes}


def _changed(member: int, name: str, city: int | None) -> sql.Row:
    return {"id": member, "name": name, "spelled": searchable(name), "city": city}
