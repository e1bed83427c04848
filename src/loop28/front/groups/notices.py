"""What the house tells one person: not at night, not too often, and never against their word."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Min
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from loop28.front.groups import queries, refusals, rules
from loop28.front.groups.chat import Incoming
from loop28.front.groups.facts import NoticesResumed, NoticesStopped, PaceSet
from loop28.front.groups.models import Notice, Pace, Silence
from loop28.kernel import clock, journal, sql
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role, require
from loop28.middle.members.queries import consenting

BATCH = 500
LIMIT_MAX = 50
APART = timedelta(minutes=1)
"""Between two messages to one person: what falls due meanwhile leaves as one."""


@dataclass(frozen=True, slots=True)
class Told:
    """A text for one person; the same ``key`` is told once. ``group`` is where it comes from."""

    key: str
    member: int
    group: int
    text: str


@journal.action
def tell(actor: Actor, notices: Sequence[Told]) -> set[int]:
    """Have persons told something, each as soon as their region's pace allows it; whom it is new.

    Who wants no notices gets none, and who took their consent back.
    """
    people = {notice.member for notice in notices}
    reachable = consenting(people) - queries.stopped(people)
    rows = [
        {
            "key": notice.key,
            "member_id": notice.member,
            "group_id": notice.group,
            "text": notice.text,
            "planned_at": journal.now(),
        }
        for notice in notices
        if notice.member in reachable
    ]
    new = sql.insert(Notice, rows, unique=("key",), returning=("member",))
    if new:
        journal.after_commit(lambda: deliver(SYSTEM))
    return {member for (member,) in new}


def in_our_language(text: str | Promise, **said: object) -> str:
    """A text as the house says it to everybody, whatever the language of who has it said."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(text) % said if said else str(text)


@journal.action
def deliver(actor: Actor) -> int:
    """Send the notices whose time has come; how many messages. All for one person are one message.

    The first leaves at once; what follows within a minute waits until it is over. A person's daily
    limit counts messages, by the day of the region that a notice comes from.
    """
    now = journal.now()
    paces = {pace.region_id: pace for pace in queries.paces(SYSTEM)}
    asleep = [region for region, pace in paces.items() if quiet_until(pace, now)]
    free = Notice.objects.filter(sent_at=None, dropped_at=None).exclude(group__region__in=asleep)
    rows = free.select_for_update(skip_locked=True, of=("self",)).select_related("group")
    waiting = list(rows.order_by("id")[:BATCH])
    # Consent may have been taken back while somebody was writing: what counts is this moment.
    people = {notice.member_id for notice in waiting}
    willing = consenting(people)
    drop(people - willing)
    waiting = [notice for notice in waiting if notice.member_id in willing]
    sent = _sent_lately({notice.member_id for notice in waiting}, now)
    due: dict[int, list[Notice]] = defaultdict(list)
    for notice in waiting:
        zone = ZoneInfo(notice.group.zone)
        today = clock.local_day(now, zone)
        lately = sent[notice.member_id]
        count = sum(clock.local_day(at, zone) == today for at in lately)
        rested = all(now - at >= APART for at in lately)
        if rested and count < paces[notice.group.region_id].daily_limit:
            due[notice.member_id].append(notice)
    ids = [notice.pk for notices in due.values() for notice in notices]
    Notice.objects.filter(id__in=ids).update(sent_at=now)
    return len(due)


def next_look(now: datetime) -> datetime | None:
    """When the next of those may leave who were told something less than a minute ago."""
    waiting = Notice.objects.filter(sent_at=None, dropped_at=None).values("member_id")
    told = Notice.objects.filter(member_id__in=waiting, sent_at__gt=now - APART)
    last = told.aggregate(first=Min("sent_at"))["first"]
    return last + APART if last else None


@journal.action
def read_all(actor: Actor) -> None:
    """The acting member has seen everything they were told."""
    queries.own_notices(actor).filter(read_at=None).update(read_at=journal.now())


@journal.action
def stop(actor: Actor, members: Sequence[int], group: int | None) -> None:
    """These members want no more notices: what waits is dropped, and each is told so, once.

    ``group`` is where they said it, None for who is in no group: they see it on their page.
    """
    now = journal.now()
    rows = [{"member": member, "since": now} for member in sorted(set(members))]
    new = [m for (m,) in sql.insert(Silence, rows, unique=("member",), returning=("member",))]
    drop(new)
    text = in_our_language(_("You get no more messages from us. You can change that on this page."))
    # The answer to their own word: at once, whatever the hour and however many there were.
    answers = [
        {
            "key": f"stopped:{member}:{now.isoformat()}",
            "member_id": member,
            "group_id": group,
            "text": text,
            "planned_at": now,
            "sent_at": now,
        }
        for member in new
        if group is not None
    ]
    sql.insert(Notice, answers, unique=("key",))
    journal.record(*(NoticesStopped(member=member) for member in new))


@journal.action
def resume(actor: Actor) -> None:
    """The acting member wants notices again."""
    if Silence.objects.filter(member=actor.id).delete()[0]:
        journal.record(NoticesResumed(member=actor.id))


@journal.action
def set_pace(
    actor: Actor, region_id: int, quiet_from: time, quiet_until: time, daily_limit: int
) -> None:
    """A region's quiet hours and its limit of messages a day to one person."""
    require(actor, Role.ADMINISTRATOR, Role.REGION_MANAGER)
    if actor.region not in {None, region_id}:
        raise NotAllowed
    if not 1 <= daily_limit <= LIMIT_MAX:
        raise refusals.LimitOutOfRange(field="daily_limit")
    Pace.objects.update_or_create(
        region_id=region_id,
        defaults={
            "quiet_from": quiet_from,
            "quiet_until": quiet_until,
            "daily_limit": daily_limit,
        },
    )
    journal.record(
        PaceSet(
            region=region_id,
            quiet_from=quiet_from.hour * 60 + quiet_from.minute,
            quiet_until=quiet_until.hour * 60 + quiet_until.minute,
            daily_limit=daily_limit,
        )
    )


def drop(members: Collection[int]) -> None:
    """Inside an action: what waits for these is never sent."""
    waiting = Notice.objects.filter(member__in=members, sent_at=None, dropped_at=None)
    waiting.update(dropped_at=journal.now())


def hear(arrived: Sequence[tuple[int, Incoming]]) -> None:
    """Inside `receive`: who wrote nothing but a word to stop gets no more notices."""
    wishes: dict[int, list[int]] = defaultdict(list)
    for _number, message in arrived:
        if message.member is not None and rules.wants_to_stop(message.text):
            wishes[message.group].append(message.member)
    for group, members in sorted(wishes.items()):
        stop(SYSTEM, members, group)


def quiet_until(pace: Pace, now: datetime) -> datetime | None:
    """When a region's quiet hours end; None outside of them."""
    zone = ZoneInfo(pace.region.zone)
    return rules.quiet_until(now, pace.quiet_from, pace.quiet_until, zone)


def _sent_lately(members: set[int], now: datetime) -> dict[int, set[datetime]]:
    """By member, the moments of the messages they got since a day ago and a bit."""
    since = now - rules.LONGEST_DAY
    rows = Notice.objects.filter(member_id__in=members, sent_at__gt=since)
    found: dict[int, set[datetime]] = defaultdict(set)
    for member, at in rows.values_list("member_id", "sent_at"):
        if at is not None:
            found[member].add(at)
    return found
