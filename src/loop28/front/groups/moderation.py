"""What the host, and after them the region, can do about a message or a person in a group.

Groups know no lines: a door that acts in a line passes its number, for the journal.
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from loop28.front.groups import actions, facts, notices, refusals, rules
from loop28.front.groups.models import Group, Hand, Membership, Message, MessageKind, Reason
from loop28.front.groups.queries import groups
from loop28.kernel import journal
from loop28.kernel.access import Actor, NotAllowed, Role
from loop28.kernel.text import clean_line

REASON_LIMIT = 200


@journal.action
def take_down(actor: Actor, message_id: int, reason: str, *, line: int | None = None) -> None:
    """Show a message to nobody any more; its text stays in the books. Again: nothing new.

    Refuses with StandsAsItIs what the programme did, NotAllowed who neither hosts nor runs it.
    """
    why = _why(reason)
    group = turn_of(actor, Message.objects.values_list("group_id", flat=True).get(id=message_id))
    message = Message.objects.get(id=message_id)
    if message.kind != MessageKind.TEXT:
        raise refusals.StandsAsItIs
    if message.taken_down:
        return
    group.version += 1
    group.save(update_fields=["version"])
    message.taken_down, message.changed_in = hand(actor), group.version
    message.save(update_fields=["taken_down", "changed_in"])
    journal.record(
        facts.MessageTakenDown(
            line=line,
            group=group.pk,
            message=message_id,
            member=message.member_id,
            reason=kept(why),
        )
    )


@journal.action
def mute(
    actor: Actor,
    group_id: int,
    member_id: int,
    hours: int,
    reason: str,
    *,
    line: int | None = None,
) -> None:
    """A member writes nothing in a group for so many hours from now. Refuses with MuteOutOfRange,
    HostIsExempt, NotInGroup.
    """
    why = _why(reason)
    if not 1 <= hours <= rules.MUTE_HOURS_MAX:
        raise refusals.MuteOutOfRange(field="hours")
    inside = _member_of(turn_of(actor, group_id), member_id)
    until = journal.now() + timedelta(hours=hours)
    inside.muted_until, inside.mute_reason = until, why
    inside.save(update_fields=["muted_until", "mute_reason"])
    journal.record(
        facts.MemberMuted(
            line=line, group=group_id, member=member_id, until=until, reason=kept(why)
        )
    )
    local = until.astimezone(ZoneInfo(inside.group.zone))
    text = notices.in_our_language(
        _("You cannot write in “%(group)s” until %(until)s: %(reason)s"),
        group=inside.group.name,
        until=f"{local:%m-%d %H:%M}",
        reason=why,
    )
    key = f"muted:{inside.pk}:{until.isoformat()}"
    notices.tell(actor, [notices.Told(key, member_id, group_id, text)])


@journal.action
def unmute(actor: Actor, group_id: int, member_id: int, *, line: int | None = None) -> None:
    """Let a muted member write again. Who is not muted stays as they are."""
    turn_of(actor, group_id)
    muted = Membership.objects.filter(
        group_id=group_id, member_id=member_id, muted_until__gt=journal.now()
    )
    if muted.update(muted_until=None):
        journal.record(facts.MemberUnmuted(line=line, group=group_id, member=member_id))


@journal.action
def remove(
    actor: Actor, group_id: int, member_id: int, reason: str, *, line: int | None = None
) -> None:
    """Take a member out of a group for good; what they said stays. What else they lose by that,
    such as a seat, is for who hears of it. Refuses with HostIsExempt, NotInGroup.
    """
    why = _why(reason)
    inside = _member_of(turn_of(actor, group_id), member_id)
    inside.removed_at = journal.now()
    inside.save(update_fields=["removed_at"])
    actions.leave(actor, group_id, [member_id])
    journal.record(
        facts.MemberRemoved(line=line, group=group_id, member=member_id, reason=kept(why))
    )
    text = notices.in_our_language(
        _("You were removed from “%(group)s”: %(reason)s"), group=inside.group.name, reason=why
    )
    key = f"removed:{inside.pk}:{journal.now().isoformat()}"
    notices.tell(actor, [notices.Told(key, member_id, group_id, text)])


@journal.action
def let_back(
    actor: Actor, group_id: int, member_id: int, reason: str, *, line: int | None = None
) -> None:
    """A member who was removed may come back by the way they came; they are not put in by this."""
    why = _why(reason)
    turn_of(actor, group_id)
    removed = Membership.objects.filter(
        group_id=group_id, member_id=member_id, removed_at__isnull=False
    )
    if removed.update(removed_at=None):
        journal.record(
            facts.MemberLetBack(line=line, group=group_id, member=member_id, reason=kept(why))
        )


def turn_of(actor: Actor, group_id: int) -> Group:
    """The group, locked, for who moderates it: its host, its region's manager, administrators.

    Inside an action. Refuses with NotAllowed who may only look; for others it does not exist.
    """
    group = groups(actor).select_for_update(no_key=True, of=("self",)).get(id=group_id)
    if not may_moderate(actor, group):
        raise NotAllowed
    return group


def may_moderate(actor: Actor, group: Group) -> bool:
    """Whether this actor, who sees the group, may moderate it."""
    if actor.role is Role.MEMBER:
        return group.host_id == actor.id
    return actor.role in {Role.SYSTEM, Role.ADMINISTRATOR, Role.REGION_MANAGER}


def kept(why: str) -> int:
    """Keep the words of a reason; the number by which a fact names them."""
    return Reason.objects.create(text=why).pk


def hand(actor: Actor) -> str:
    """Whose hand an actor's is."""
    return (Hand.HOST if actor.role is Role.MEMBER else Hand.REGION).value


def _member_of(group: Group, member_id: int) -> Membership:
    if member_id == group.host_id:
        raise refusals.HostIsExempt
    inside = (
        Membership.objects.select_related("group")
        .filter(group=group, member=member_id, left_at=None)
        .first()
    )
    if inside is None:
        raise refusals.NotHere
    return inside


def _why(reason: str) -> str:
    return clean_line(reason, limit=REASON_LIMIT, field="reason")
