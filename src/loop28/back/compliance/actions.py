"""Freezing a member's money until a person has looked, and what that person decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Max

from loop28.back.compliance.facts import FreezeAnswered, FreezeDecided, MemberFrozen
from loop28.back.compliance.models import TEXT_LIMIT, Decision, Freeze, Strength
from loop28.back.compliance.refusals import FreezeOver
from loop28.kernel import journal, sql
from loop28.kernel.access import Actor, Role, require
from loop28.kernel.text import clean_line


@dataclass(frozen=True, slots=True)
class Finding:
    """What was noticed about a member: its code, which money waits, and the figures of it."""

    member: int
    why: str
    strength: Strength
    numbers: Mapping[str, int]


@journal.action
def freeze(actor: Actor, findings: Sequence[Finding]) -> int:
    """Freeze these members; how many freezes are new. What is noticed again while it stands is
    the freeze that is there. Only the product itself freezes.
    """
    require(actor)
    keys = {(f.member, f.why): f for f in findings}
    rows = Freeze.objects.filter(member__in={member for member, _ in keys}).order_by("number")
    # One statement: what is committed between two would be missing in one and counted in the other.
    standing, before = set(), {}
    for member, why, number, ended in rows.values_list("member", "why", "number", "ended_at"):
        before[member, why] = number
        if ended is None:
            standing.add((member, why))
    fresh = [
        {
            "member": member,
            "why": why,
            "strength": found.strength,
            "number": before.get((member, why), 0) + 1,
            "numbers": dict(found.numbers),
            "since": journal.now(),
            "said": "",
            "decision": "",
            "reason": "",
        }
        for (member, why), found in sorted(keys.items(), key=lambda item: item[0])
        if (member, why) not in standing
    ]
    columns = ("member", "why", "number")
    written = sql.insert(Freeze, fresh, unique=columns, returning=("id", "member", "why"))
    journal.record(*(MemberFrozen(member=m, freeze=pk, kind=why) for pk, m, why in written))
    return len(written)


@journal.action
def decide(actor: Actor, freeze_id: int, decision: str, reason: str) -> Freeze:
    """Release a freeze or uphold it; the member reads the reason.

    Upheld payouts stay frozen and can be released later. Raises Freeze.DoesNotExist. Refuses with
    NotAllowed, FreezeOver, TextMissing, TextTooLong.
    """
    require(actor, Role.ADMINISTRATOR, Role.FINANCE)
    why = clean_line(reason, limit=TEXT_LIMIT, field="reason")
    row = Freeze.objects.select_for_update().get(pk=freeze_id)
    if row.ended_at is not None or row.decision == decision:
        raise FreezeOver
    row.decision, row.reason = Decision(decision), why
    row.decided_at, row.decided_by_id = journal.now(), actor.id or None
    if not (decision == Decision.UPHELD and row.strength == Strength.PAYOUT):
        row.ended_at = journal.now()
    row.save(update_fields=["decision", "reason", "decided_at", "decided_by", "ended_at"])
    journal.record(FreezeDecided(member=row.member, freeze=row.pk, kind=row.why, decision=decision))
    return row


@journal.action
def speak(actor: Actor, freeze_id: int, text: str) -> None:
    """The acting member says something about a freeze of theirs; the last word counts.

    Raises Freeze.DoesNotExist. Refuses with NotAllowed, FreezeOver, TextMissing, TextTooLong.
    """
    require(actor, Role.MEMBER)
    said = clean_line(text, limit=TEXT_LIMIT, field="said")
    row = Freeze.objects.select_for_update().get(pk=freeze_id, member=actor.id)
    if row.ended_at is not None:
        raise FreezeOver
    row.said = said
    row.save(update_fields=["said"])
    journal.record(FreezeAnswered(member=actor.id, freeze=row.pk))


@journal.action
def hand_over(actor: Actor, member: int, lost: int) -> None:
    """A record was merged into another of the same person: its freezes go with it.

    Where both are frozen for one cause the kept one's stands for both.
    """
    require(actor, Role.ADMINISTRATOR)
    own = Freeze.objects.filter(member=member)
    standing = own.filter(ended_at=None).values_list("why", flat=True)
    Freeze.objects.filter(member=lost, ended_at=None, why__in=list(standing)).delete()
    last = dict(own.values_list("why").annotate(Max("number")))
    for row in Freeze.objects.filter(member=lost).order_by("id"):
        last[row.why] = last.get(row.why, 0) + 1
        row.member, row.number = member, last[row.why]
        row.save(update_fields=["member", "number"])
