"""Tags: free words with which staff sort people."""

from collections.abc import Iterable

from loop28.kernel import journal, sql
from loop28.kernel.access import Actor, require
from loop28.kernel.text import clean_line, searchable
from loop28.middle.members import facts, refusals
from loop28.middle.members.actions import STAFF_FOR_MEMBERS
from loop28.middle.members.models import TAG_LIMIT, Member, Tag, Tagging


@journal.action
def tag(actor: Actor, member_id: int, word: str) -> None:
    """Give a member a tag; one they have already is nothing new.

    Words that differ in case, width or spaces are one tag. That the actor may see this member is
    for the caller to check. Refuses with UnknownMember, TextMissing, TextTooLong.
    """
    require(actor, *STAFF_FOR_MEMBERS)
    if not Member.objects.filter(pk=member_id, merged_into=None).exists():
        raise refusals.UnknownMember
    give(actor, {member_id: [word]})


@journal.action
def give(actor: Actor, words: dict[int, list[str]]) -> set[int]:
    """Give many members their words; the members for whom one of them was new."""
    require(actor, *STAFF_FOR_MEMBERS)
    tidy = {
        member: [clean_line(word, limit=TAG_LIMIT, field="tag") for word in of_one]
        for member, of_one in words.items()
    }
    ids = _ids(word for of_one in tidy.values() for word in of_one)
    pairs = {(m, ids[searchable(word)]) for m, of_one in tidy.items() for word in of_one}
    rows = [{"member": member, "tag": tag_id} for member, tag_id in sorted(pairs)]
    unique = ("member", "tag")
    written = sql.insert(Tagging, rows, unique=unique, returning=unique)
    journal.record(*(facts.MemberTagged(member=m, tag=tag_id) for m, tag_id in written))
    return {member for member, _ in written}


def _ids(words: Iterable[str]) -> dict[str, int]:
    """The tags of these words, made where they are new, by how they are compared."""
    first: dict[str, str] = {}
    for word in words:
        first.setdefault(searchable(word), word)
    rows = [{"word": word, "spelled": spelled} for spelled, word in sorted(first.items())]
    sql.insert(Tag, rows, unique=["spelled"])
    return dict(Tag.objects.filter(spelled__in=first).values_list("spelled", "id"))


@journal.action
def untag(actor: Actor, member_id: int, tag_id: int) -> None:
    """Take a tag away; one they do not have is nothing new."""
    require(actor, *STAFF_FOR_MEMBERS)
    if Tagging.objects.filter(member=member_id, tag=tag_id).delete()[0]:
        journal.record(facts.MemberUntagged(member=member_id, tag=tag_id))
