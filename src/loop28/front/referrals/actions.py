"""What a touch does: a click, once; the lock of a fan who is free; who a fan turns out to be."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Q

from loop28.front.referrals import rules, settling
from loop28.front.referrals.facts import FanJoined, FanLocked, LinkClicked
from loop28.front.referrals.forgetting import salt_of_today
from loop28.front.referrals.models import Click, Crowd, Ended, Fan, Link, Lock, Tally
from loop28.kernel import clock, journal, sql
from loop28.kernel.access import Actor, require
from loop28.middle.members import queries as members


@dataclass(frozen=True, slots=True)
class Touch:
    """A person touched a link: by the code in their phone's cookie, as the member who is signed in
    on it, or both. ``network`` is their coarse address, of which nothing but a digest is kept.
    """

    link: int
    visitor: int | None = None
    member: int | None = None
    network: str = ""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A touch with its link and fan."""

    link: Link
    fan: Fan
    network: str

    @property
    def key(self) -> tuple[int, int]:
        return self.link.pk, self.fan.pk


@journal.action
def touch(actor: Actor, touches: Sequence[Touch]) -> list[bool]:
    """Count touches, each person once a link, and lock fans who are free; whether each counted.

    About ten statements, however many touches. The promoter's own do not count, and who was a
    member before is nobody's fan. That a person touched, and no machine, is decided at the door.
    """
    require(actor)
    links = Link.objects.select_related("line__region").in_bulk({t.link for t in touches})
    recognise(actor, [(t.visitor, t.member) for t in touches if t.visitor and t.member])
    fans = _fans([t for t in touches if t.link in links])
    seen = [_seen(links.get(t.link), fans.get(_name(t)), t.network) for t in touches]
    by_others = [s for s in seen if s and s.fan.member_id != s.link.promoter_id]
    clicks = _count(by_others)
    _tally(by_others, clicks)
    doubtful = _doubt(by_others, clicks)
    journal.record(*_clicked(by_others, clicks, doubtful))
    _lock(by_others, doubtful)
    return _firsts(seen, clicks)


def _seen(link: Link | None, fan: Fan | None, network: str) -> _Seen | None:
    return _Seen(link, fan, network) if link and fan else None


def _name(t: Touch) -> tuple[str, int | None]:
    return ("code", t.visitor) if t.member is None else ("member", t.member)


def _fans(touches: Sequence[Touch]) -> dict[tuple[str, int | None], Fan]:
    """Everybody who touched, known or new, locked until the commit: who they are stays so."""
    named = {_name(t) for t in touches}
    codes = sorted(n for by, n in named if by == "code" and n is not None)
    known = sorted(n for by, n in named if by == "member" and n is not None)
    base = {"member": None, "code": None, "met_at": journal.now()}
    sql.insert(Fan, [base | {"code": n} for n in codes], unique=["code"], returning=())
    sql.insert(Fan, [base | {"member": n} for n in known], unique=["member"], returning=())
    rows = Fan.objects.filter(Q(code__in=codes) | Q(member__in=known)).select_related("same_as")
    found: dict[tuple[str, int | None], Fan] = {}
    for fan in rows.select_for_update(of=("self",), no_key=True).order_by("id"):
        for name in (("code", fan.code), ("member", fan.member_id)):
            if name in named:
                found[name] = fan.same_as or fan
    return found


def _count(seen: Iterable[_Seen]) -> dict[tuple[int, int], int]:
    """The new clicks by link and fan."""
    now = journal.now()
    links = {s.key: s.link for s in seen}
    rows = [
        {
            "link": link,
            "fan": fan,
            "at": now,
            "day": _day(links[link, fan]),
            "doubtful": False,
        }
        for link, fan in sorted(links)
    ]
    written = sql.insert(Click, rows, unique=["link", "fan"], returning=("id", "link", "fan"))
    return {(link, fan): number for number, link, fan in written}


def _day(link: Link) -> date:
    return clock.local_day(journal.now(), ZoneInfo(link.line.region.zone))


def _tally(seen: Iterable[_Seen], clicks: Collection[tuple[int, int]]) -> None:
    """Add the new clicks to the days of their links."""
    links = {s.link.pk: s.link for s in seen}
    rows = [
        {"link": link, "day": _day(links[link]), "clicks": count}
        for link, count in sorted(Counter(link for link, _ in clicks).items())
    ]
    sql.insert(Tally, rows, unique=["link", "day"], add=["clicks"], returning=())


def _doubt(
    seen: Iterable[_Seen], clicks: dict[tuple[int, int], int]
) -> Collection[tuple[int, int]]:
    """Mark the new clicks that are more than a network's share of this hour; which they are."""
    crowds: dict[tuple[int, str], list[tuple[int, int]]] = defaultdict(list)
    for key, s in {s.key: s for s in seen if s.key in clicks and s.network}.items():
        crowds[s.link.pk, s.network].append(key)
    if not crowds:
        return set()
    salt = salt_of_today()
    digests = {(link, _digest(net, salt)): keys for (link, net), keys in sorted(crowds.items())}
    rows = [
        {
            "link": link,
            "hour": rules.hour(journal.now()),
            "network": digest,
            "count": len(keys),
        }
        for (link, digest), keys in sorted(digests.items())
    ]
    counted = sql.insert(
        Crowd,
        rows,
        unique=["link", "hour", "network"],
        add=["count"],
        returning=("link", "network", "count"),
    )
    many: set[tuple[int, int]] = set()
    for link, digest, count in counted:
        keys = digests[link, digest]
        beyond = rules.beyond(count - len(keys), len(keys))
        many.update(keys[len(keys) - beyond :])
    sql.update(Click, [{"id": clicks[key], "doubtful": True} for key in sorted(many)])
    return many


def _digest(network: str, salt: str) -> str:
    return blake2b(network.encode(), key=salt.encode(), digest_size=16).hexdigest()


def _clicked(
    seen: Iterable[_Seen],
    clicks: dict[tuple[int, int], int],
    doubtful: Collection[tuple[int, int]],
) -> list[LinkClicked]:
    return [
        LinkClicked(
            line=s.link.line_id,
            link=s.link.pk,
            promoter=s.link.promoter_id,
            fan=s.fan.pk,
            click=clicks[key],
            target=s.link.target,
            doubtful=key in doubtful,
        )
        for key, s in {s.key: s for s in seen}.items()
        if key in clicks
    ]


def _lock(seen: Iterable[_Seen], doubtful: Collection[tuple[int, int]]) -> None:
    """Lock everybody who is free to the first who was touched; of two at one moment one wins."""
    first: dict[int, _Seen] = {}
    for s in seen:
        if s.fan.member_id is None:
            first.setdefault(s.fan.pk, s)
    last = last_terms(first)
    terms = {fan: rules.next_term(last.get(fan), journal.now()) for fan in sorted(first)}
    rows = [
        {
            "fan": fan,
            "number": term.number,
            "promoter": first[fan].link.promoter_id,
            "link": first[fan].link.pk,
            "since": term.since,
            "until": term.until,
            "ended": Ended.NOT.value,
        }
        for fan, term in terms.items()
        if term
    ]
    written = sql.insert(Lock, rows, unique=["fan", "number"], returning=("id", "fan"))
    journal.record(
        *(
            FanLocked(
                line=first[fan].link.line_id,
                link=first[fan].link.pk,
                promoter=first[fan].link.promoter_id,
                fan=fan,
                fan_lock=number,
                target=first[fan].link.target,
                doubtful=first[fan].key in doubtful,
            )
            for number, fan in sorted(written)
        )
    )


def last_terms(fans: Iterable[int]) -> dict[int, rules.Term]:
    """The last lock of each of these fans."""
    rows = Lock.objects.filter(fan__in=list(fans)).order_by("number")
    terms = rows.values_list("fan", "number", "since", "until")
    return {fan: rules.Term(number, since, until) for fan, number, since, until in terms}


def _firsts(seen: Iterable[_Seen | None], clicks: dict[tuple[int, int], int]) -> list[bool]:
    """For each touch whether it was the one that counted."""
    left = set(clicks)
    answers = []
    for s in seen:
        answers.append(s is not None and s.key in left)
        if s is not None:
            left.discard(s.key)
    return answers


@journal.action
def recognise(actor: Actor, phones: Iterable[tuple[int, int]]) -> None:
    """Phones, by the code in their cookie, are members': what the visitor was, the member is now.

    The lock stays with whoever brought them, unless they turn out to be the promoter, or somebody
    who was a member when they touched the link, or came by another lock that is known already.
    """
    require(actor)
    owner = dict(phones)
    if not owner:
        return
    rows = Fan.objects.filter(code__in=owner, member=None, same_as=None).order_by("id")
    fans = list(rows.select_for_update(no_key=True))
    if not fans:
        return
    locks = settling.locks_of(fans)
    people = members.members(actor).filter(pk__in=set(owner.values()))
    joined = dict(people.values_list("pk", "created_at"))
    for fan in fans:
        member = owner[fan.code or 0]
        known = _become(fan, member)
        every = settling.unite(known, fan) if known else locks[fan.pk]
        by = settling.settle(every, member, joined[member])
        if by and by in locks[fan.pk] and by.until > journal.now():
            journal.record(_joined(by, member))


def _joined(by: Lock, member: int) -> FanJoined:
    return FanJoined(
        line=by.link.line_id,
        promoter=by.promoter_id,
        fan=by.fan_id,
        fan_lock=by.pk,
        member=member,
    )


def _become(fan: Fan, member: int) -> Fan | None:
    """Make a fan this member; or the fan the member is already, of whom this is another phone."""
    try:
        with transaction.atomic():
            fan.member_id = member
            fan.save(update_fields=["member"])
    except IntegrityError:
        fan.member_id = None
        return Fan.objects.select_for_update(no_key=True).get(member=member)
    return None
