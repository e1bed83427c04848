"""Complaints: made on a phone, decided by the host in time, else by the region."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from loop28.front.groups import moderation, notices, refusals, rules
from loop28.front.groups.facts import ComplaintDecided, ComplaintMade
from loop28.front.groups.models import Cause, Complaint, Decision, Group, Message, MessageKind
from loop28.front.groups.moderated import complaints
from loop28.front.groups.queries import groups
from loop28.kernel import clock, journal, sql
from loop28.kernel.access import Actor, Role
from loop28.kernel.text import clean, clean_line

WORDS_LIMIT = 300


@journal.action
def complain(
    actor: Actor,
    group_id: int,
    cause: str,
    words: str,
    *,
    message_id: int | None = None,
    line: int | None = None,
) -> bool:
    """The acting member complains about a message or the group as a whole; whether it is new.

    Once about each message, and once a day about a group. For who is not in the group, it and the
    message do not exist.
    """
    said = clean(words, limit=WORDS_LIMIT, field="words", required=cause == Cause.OTHER)
    group: Group = groups(actor).get(id=group_id)
    message = Message.objects.get(group=group, id=message_id) if message_id else None
    about = message.member_id if message else None
    today = clock.local_day(journal.now(), ZoneInfo(group.zone))
    row = {
        "key": f"message:{message_id}:{actor.id}" if message else f"{group_id}:{actor.id}:{today}",
        "group": group_id,
        "message": message_id,
        "by": actor.id,
        "about": about,
        "cause": Cause(cause).value,
        "words": said,
        "first": rules.first_hand(
            group.host_id, by=actor.id, about=about, of_group=message is None
        ),
        "at": journal.now(),
        "decision": "",
        "reason": "",
        "decided_by": "",
    }
    made = sql.insert(Complaint, [row], unique=("key",))
    journal.record(
        *(
            ComplaintMade(
                line=line, group=group_id, complaint=pk, message=message_id, member=actor.id
            )
            for (pk,) in made
        )
    )
    return bool(made)


@journal.action
def decide(
    actor: Actor,
    complaint_id: int,
    decision: str,
    reason: str,
    *,
    hours: int = 0,
    line: int | None = None,
) -> None:
    """Decide a complaint, and with it every open one about the same message; do what was decided.

    ``hours`` is for a mute. The host decides while it is their turn, the region at any time.
    Refuses with ComplaintSettled, RegionDecides, DecisionDoesNotFit, and what the act refuses.
    """
    why = clean_line(reason, limit=moderation.REASON_LIMIT, field="reason")
    found: Complaint = complaints(actor).get(id=complaint_id)
    group = moderation.turn_of(actor, found.group_id)
    found.refresh_from_db()
    _refuse(actor, found, group, decision)
    _do(actor, found, decision, why, hours, line)
    same = Complaint.objects.filter(decided_at=None)
    same = same.filter(message=found.message) if found.message_id else same.filter(id=found.pk)
    decided = list(same.order_by("id").values_list("id", "by_id"))
    same.update(decision=decision, reason=why, decided_by=str(actor), decided_at=journal.now())
    kept = moderation.kept(why)
    journal.record(
        *(
            ComplaintDecided(
                line=line, group=group.pk, complaint=pk, member=by, decision=decision, reason=kept
            )
            for pk, by in decided
        )
    )
    _tell(actor, group, decided, decision, why)


def _tell(
    actor: Actor, group: Group, decided: Sequence[tuple[int, int | None]], decision: str, why: str
) -> None:
    """Who complained reads what came of it."""
    text = notices.in_our_language(
        _("Your report in “%(group)s” was decided: %(decision)s. %(reason)s"),
        group=group.name,
        decision=Decision(decision).label,
        reason=why,
    )
    told = [
        notices.Told(f"complaint:{pk}", by, group.pk, text) for pk, by in decided if by is not None
    ]
    notices.tell(actor, told)


def choices(of: Complaint) -> list[str]:
    """The decisions that fit a complaint."""
    return list(
        rules.fitting(
            of_group=of.message is None,
            about=of.about_id,
            host=of.group.host_id,
            text=of.message is not None and of.message.kind == MessageKind.TEXT,
        )
    )


def _refuse(actor: Actor, found: Complaint, group: Group, decision: str) -> None:
    if found.decided_at is not None:
        raise refusals.ComplaintSettled
    if actor.role is Role.MEMBER and rules.turn(found.first, found.at, journal.now())[0] != "host":
        raise refusals.RegionDecides
    if decision not in choices(found):
        raise refusals.DecisionDoesNotFit(field="act")


def _do(
    actor: Actor, found: Complaint, decision: str, why: str, hours: int, line: int | None
) -> None:
    if decision == Decision.TAKEN_DOWN and found.message_id:
        moderation.take_down(actor, found.message_id, why, line=line)
    elif decision == Decision.MUTED and found.about_id:
        moderation.mute(actor, found.group_id, found.about_id, hours, why, line=line)
    elif decision == Decision.REMOVED and found.about_id:
        moderation.remove(actor, found.group_id, found.about_id, why, line=line)
