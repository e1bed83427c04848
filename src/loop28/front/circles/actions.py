"""What can be done to a standing group: open it, invite into it, say yes or no, leave it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError

from loop28.back.people import queries as people
from loop28.front.circles import queries, refusals, rules, weeks
from loop28.front.circles.facts import (
    CircleHostChanged,
    CircleInviteAnswered,
    CircleOpened,
    InvitedToCircle,
    MemberLeftCircle,
    RhythmChanged,
    SaidInCircle,
)
from loop28.front.circles.models import Answer, Circle, Invite, WeekBeat
from loop28.front.groups import actions as groups
from loop28.front.groups import queries as group_queries
from loop28.front.groups.chat import Outbound
from loop28.front.groups.models import GroupKind
from loop28.front.lines import queries as lines
from loop28.front.lines import seats
from loop28.front.lines.models import BeatState
from loop28.front.playbooks import queries as playbooks
from loop28.kernel import clock, journal, sql
from loop28.kernel.access import Actor, NotAllowed, Role, require
from loop28.kernel.text import clean, clean_line
from loop28.middle.members import queries as members
from loop28.middle.members.refusals import ConsentMissing

WORDS = 1000
"""Characters that can be said in a group at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a new standing group shall be. ``rhythm`` is a published weekly playbook."""

    region: int
    kind: GroupKind
    name: str
    topic: str
    host: int
    rhythm: int
    key: UUID


def open_circle(actor: Actor, wish: Wish) -> Circle:
    """Open an interest or head-user group with its chat, its host and the beats of its first weeks.

    The same ``key`` again is the same group. Refuses with NotAllowed, NoSuchPlaybook, NoSuchHost,
    TextMissing, TextTooLong.
    """
    require(actor, Role.ADMINISTRATOR, Role.REGION_MANAGER)
    try:
        return Circle.objects.filter(key=wish.key).first() or _open(actor, wish)
    except IntegrityError:
        # The same form came twice in the same instant: the other one opened it.
        known = Circle.objects.filter(key=wish.key).first()
        if known is None:
            raise
        return known


@journal.action
def _open(actor: Actor, wish: Wish) -> Circle:
    place = people.region(actor, wish.region)
    if place is None:
        raise NotAllowed(field="region")
    name = clean_line(wish.name, limit=60, field="name")
    topic = clean_line(wish.topic, limit=100, field="topic")
    playbooks.weekly(wish.rhythm)
    _check_host(wish.host)
    now, zone = journal.now(), ZoneInfo(place.zone)
    group = groups.open_group(
        actor, name=name, host=wish.host, region=place.pk, zone=place.zone, kind=wish.kind
    )
    first_week = rules.monday(clock.local_day(now, zone))
    circle = Circle.objects.create(
        key=wish.key,
        group=group,
        topic=topic,
        rhythm_id=wish.rhythm,
        first_week=first_week,
        planned_until=first_week,
        opened_at=now,
        opened_by_id=actor.id or None,
    )
    weeks.lay_out(circle, now)
    journal.record(
        CircleOpened(
            circle=circle.pk,
            group=group.pk,
            region=place.pk,
            playbook=wish.rhythm,
            host=wish.host,
            kind=wish.kind.value,
        )
    )
    return circle


@journal.action
def change_rhythm(actor: Actor, circle_id: int, rhythm: int) -> None:
    """From now on the group lives by another weekly playbook; what was sent stays sent."""
    circle = _held(actor, circle_id)
    playbooks.weekly(rhythm)
    now = journal.now()
    planned = WeekBeat.objects.filter(circle=circle, state=BeatState.PLANNED, due_at__gt=now)
    planned.delete()
    circle.rhythm_id = rhythm
    circle.save(update_fields=["rhythm"])
    this = rules.monday(clock.local_day(now, ZoneInfo(circle.group.zone)))
    ahead = [week for week in (this, this + rules.WEEK) if week < circle.planned_until]
    weeks.write(circle, ahead, now)
    journal.record(RhythmChanged(circle=circle.pk, playbook=rhythm))


@journal.action
def change_host(actor: Actor, circle_id: int, host: int) -> None:
    """Give the group to another member, who joins it; the one before stays in it as a member."""
    require(actor, Role.ADMINISTRATOR, Role.REGION_MANAGER)
    circle = _held(actor, circle_id)
    _check_host(host)
    groups.change_host(actor, [circle.group_id], host)
    journal.record(CircleHostChanged(circle=circle.pk, host=host))


@journal.action
def say(actor: Actor, circle_id: int, text: str, key: UUID) -> None:
    """Say something in the group in the host's voice; the same ``key`` again says nothing again."""
    circle = queries.run_by(actor, circle_id)
    words = clean(text, limit=WORDS, field="text")
    message = Outbound(
        key=f"circle:{circle.pk}:{key}",
        group=circle.group_id,
        text=words,
        planned_at=journal.now(),
        as_host=True,
    )
    groups.send(actor, [message])
    journal.record(SaidInCircle(circle=circle.pk))


@journal.action
def invite(
    actor: Actor, circle_id: int, comers: Sequence[int], *, line: int | None = None
) -> list[int]:
    """Ask members into the group, each once; those who are asked by this.

    Nobody is moved: they come by their own yes. Who took their consent back is not asked, nor who
    is in already. The caller has checked that the actor may reach these members.
    """
    circle = queries.run_by(actor, circle_id)
    require(actor, Role.ADMINISTRATOR, Role.REGION_MANAGER)
    present = group_queries.present(circle.group_id, comers)
    rows = [
        {
            "circle_id": circle.pk,
            "member_id": member,
            "line_id": line,
            "answer": Answer.OPEN.value,
            "invited_at": journal.now(),
            "invited_by_id": actor.id or None,
        }
        for member in sorted(members.consenting(comers) - present)
    ]
    new = sql.insert(Invite, rows, unique=("circle", "member"), returning=("member",))
    asked = sorted(member for (member,) in new)
    journal.record(*(InvitedToCircle(circle=circle.pk, line=line, member=m) for m in asked))
    return asked


@journal.action
def invite_stayed_behind(actor: Actor, circle_id: int, line_id: int) -> list[int]:
    """Ask those of a line who did not say 1 into the group. Refuses with CallNotOver."""
    lines.run_by(actor, line_id)
    stayed = seats.stayed_behind(line_id, journal.now())
    if stayed is None:
        raise refusals.CallNotOver
    return invite(actor, circle_id, stayed, line=line_id)


@journal.action
def answer(actor: Actor, invite_id: int, accepted: bool) -> Circle:
    """The acting member says yes, and is in the group, or no; a no can become a yes later.

    Refuses with NotInvited, ConsentMissing, CircleFull.
    """
    asked = Invite.objects.filter(id=invite_id, member_id=actor.id).first()
    if asked is None or actor.role is not Role.MEMBER:
        raise refusals.NotInvited
    # Locked: two who say yes to the last seat come one after the other.
    locked = Circle.objects.select_for_update(no_key=True, of=("self",)).select_related("group")
    circle = locked.get(id=asked.circle_id)
    if accepted:
        _let_in(actor, circle)
    given = Answer.YES if accepted else Answer.NO
    changed = Invite.objects.filter(id=invite_id).exclude(answer__in=[given, Answer.YES])
    if changed.update(answer=given, answered_at=journal.now()):
        journal.record(
            CircleInviteAnswered(
                circle=circle.pk, line=asked.line_id, member=actor.id, accepted=accepted
            )
        )
    return circle


def _let_in(actor: Actor, circle: Circle) -> None:
    if not members.consenting([actor.id]):
        raise ConsentMissing
    if not group_queries.present(circle.group_id, [actor.id]):
        if not queries.free(circle):
            raise refusals.CircleFull(limit=rules.LIMITS[circle.group.kind])
        groups.join(actor, circle.group_id, [actor.id])


@journal.action
def leave(actor: Actor, group_id: int) -> None:
    """The acting member leaves a standing group. Refuses with NotInCircle, HostMayNotLeave."""
    circle = queries.of_group(group_id)
    if circle is None or not group_queries.present(group_id, [actor.id]):
        raise refusals.NotInCircle
    if circle.group.host_id == actor.id:
        raise refusals.HostMayNotLeave
    groups.leave(actor, group_id, [actor.id])
    journal.record(MemberLeftCircle(circle=circle.pk, member=actor.id))


@journal.action
def let_go(actor: Actor, gone: Sequence[int]) -> None:
    """Take members out of every standing group they are in, whose consent is gone."""
    for circle in Circle.objects.filter(group__memberships__member_id__in=gone).distinct():
        leaving = sorted(group_queries.present(circle.group_id, gone))
        groups.leave(actor, circle.group_id, leaving)
        journal.record(*(MemberLeftCircle(circle=circle.pk, member=m) for m in leaving))


def _held(actor: Actor, circle_id: int) -> Circle:
    """A group the actor runs, locked until the commit."""
    queries.run_by(actor, circle_id)
    rows = Circle.objects.select_for_update(no_key=True, of=("self",)).select_related("group")
    return rows.get(id=circle_id)


def _check_host(host: int) -> None:
    if not members.consenting([host]):
        raise refusals.NoSuchHost(field="host")
