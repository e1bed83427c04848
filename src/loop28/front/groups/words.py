"""Blocked words and links: who may say what where, and what is found in chats we only read."""

from collections.abc import Sequence
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings

from loop28.front.groups import refusals, rules
from loop28.front.groups.chat import Incoming
from loop28.front.groups.facts import ComplaintMade, GroupRulesSet
from loop28.front.groups.models import (
    Cause,
    Complaint,
    Group,
    GroupKind,
    GroupRules,
    Hand,
    Membership,
)
from loop28.kernel import clock, journal, sql
from loop28.kernel.access import Actor, Role, require
from loop28.kernel.text import clean_line

HOUSE = "house"
"""The platform whose pages ask `check` first; on others a message is said before we read it."""

WORDS_MAX = 500
WORD_LIMIT = 40


@journal.action
def set_rules(actor: Actor, kind: str, words: Sequence[str], *, links_blocked: bool) -> None:
    """What may not be written in groups of a kind from now on.

    A word in another width, case or spacing is the same word. Refuses with NoWord, TooManyWords,
    TextTooLong.
    """
    require(actor, Role.ADMINISTRATOR, Role.MIDDLE)
    lines = [clean_line(word, limit=WORD_LIMIT, field="words", required=False) for word in words]
    kept = list({rules.findable(word): word for word in lines if word}.values())
    for word in kept:
        if not any(map(str.isalnum, rules.findable(word))):
            raise refusals.NoWord(field="words", word=word)
    if len(kept) > WORDS_MAX:
        raise refusals.TooManyWords(field="words", limit=WORDS_MAX, count=len(kept))
    GroupRules.objects.update_or_create(
        kind=kind, defaults={"words": kept, "links_blocked": links_blocked}
    )
    journal.record(GroupRulesSet(kind=kind, words=len(kept), links_blocked=links_blocked))


def check(actor: Actor, group_id: int, text: str) -> None:
    """Refuse what the acting member may not say in a group: Muted, WordBlocked, LinkBlocked.

    The host may say everything, but in a group of their own: there they are a member who learns.
    """
    inside = Membership.objects.select_related("group").get(group=group_id, member=actor.id)
    group = inside.group
    if group.host_id == actor.id and group.kind != GroupKind.OWN:
        return
    if inside.muted_until and clock.now() < inside.muted_until:
        until = inside.muted_until.astimezone(ZoneInfo(group.zone))
        raise refusals.Muted(until=f"{until:%m-%d %H:%M}", reason=inside.mute_reason)
    refuse(group.kind, text)


def refuse(kind: str, text: str, field: str = "text") -> None:
    """Refuse what nobody may write in groups of a kind: WordBlocked, LinkBlocked.

    In members' own groups holds what holds in newcomers', as long as nothing is set for them.
    """
    standing = {of.kind: of for of in GroupRules.objects.filter(kind__in=_kinds(kind))}
    of_kind = standing.get(kind) or next(iter(standing.values()), None)
    if of_kind is None:
        return
    if word := rules.blocked_word(text, of_kind.words):
        raise refusals.WordBlocked(field=field, word=word)
    if link := _link(of_kind, text):
        raise refusals.LinkBlocked(field=field, link=link)


def _kinds(kind: str) -> set[str]:
    return {kind, GroupKind.NEWCOMER} if kind == GroupKind.OWN else {kind}


def flag(arrived: Sequence[tuple[int, Incoming]]) -> None:
    """Where messages were said before we read them, the house complains of those it would refuse.

    Inside `receive`: (number, message) of those that are new.
    """
    read = [(n, m) for n, m in arrived if m.platform != HOUSE and m.member and not m.as_host]
    if not read:
        return
    groups = Group.objects.in_bulk({message.group for _, message in read})
    standing = {of.kind: of for of in GroupRules.objects.all()}
    rows = [
        _found(number, message, groups[message.group], found)
        for number, message in read
        if (of_kind := standing.get(groups[message.group].kind))
        and (
            found := rules.blocked_word(message.text, of_kind.words) or _link(of_kind, message.text)
        )
    ]
    columns = ("id", "group", "message")
    made = sql.insert(Complaint, rows, unique=("key",), returning=columns)
    journal.record(
        *(
            ComplaintMade(line=None, group=group, complaint=pk, message=message, member=None)
            for pk, group, message in made
        )
    )


def _found(number: int, message: Incoming, group: Group, found: str) -> sql.Row:
    of_host = message.member == group.host_id
    return {
        "key": f"words:{number}",
        "group": message.group,
        "message": number,
        "by": None,
        "about": message.member,
        "cause": Cause.WORDS.value,
        "words": found,
        "first": (Hand.REGION if of_host else Hand.HOST).value,
        "at": journal.now(),
        "decision": "",
        "reason": "",
        "decided_by": "",
    }


def _refused(of_kind: GroupRules, text: str) -> str:
    return rules.blocked_word(text, of_kind.words) or _link(of_kind, text)


def _link(of_kind: GroupRules, text: str) -> str:
    own = urlsplit(settings.URL).hostname or ""
    return rules.foreign_link(text, own) if of_kind.links_blocked else ""
