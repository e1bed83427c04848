"""What can be done about levels: promote by the rule, graduate, decide, appoint."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from django.utils import translation
from django.utils.translation import gettext as _

from loop28.front.groups import actions as groups
from loop28.front.groups.chat import Outbound
from loop28.front.groups.models import MessageKind
from loop28.front.ladder import letters, opening, rules, standing
from loop28.front.ladder.facts import Graduated, Promoted, PromotionDeclined, SupervisorProposed
from loop28.front.ladder.models import Graduate, Level, Promotion, PromotionState
from loop28.front.ladder.refusals import AlreadyDecided, NoSuchLevel, NoSuchMember, StepWaits
from loop28.front.ladder.rules import Numbers
from loop28.front.lines import actions as line_actions
from loop28.front.lines import queries as lines
from loop28.front.lines.models import Line
from loop28.front.playbooks import queries as playbooks
from loop28.front.playbooks.schema import Threshold
from loop28.kernel import access, journal, sql
from loop28.kernel.access import SYSTEM, Actor, Role, require
from loop28.kernel.text import clean_line
from loop28.middle.members import queries as member_queries

DECIDERS = (Role.ADMINISTRATOR, Role.REGION_MANAGER)
OVER = (PromotionState.DECLINED, PromotionState.ENDED)
"""What a step up can have come to, so that another attempt may follow."""


@journal.action
def promote(actor: Actor, members: Mapping[int, Collection[int]]) -> int:
    """Make those of these members, by line, owners, and propose those as supervisors, who have
    earned it in that line; how many steps up that is.

    Only who passed a line's screening and still has a seat. An owner stays one, whatever is
    refunded later, until a person decides otherwise. The seats are locked while this counts: of a
    task and an order that come in the same instant, the later one sees both.
    """
    require(actor)
    asked = {member for some in members.values() for member in some}
    passed = line_actions.hold_passed(SYSTEM, sorted(members), asked)
    seated = {line: asked.intersection(members[line], some) for line, some in passed.items()}
    going_on = [line for line, some in seated.items() if some]
    if not going_on:
        return 0
    return sum(
        _step_up(line, standing.numbers(line, seated[line.pk])) for line in lines.numbered(going_on)
    )


@journal.action
def graduate(actor: Actor, line_id: int) -> int:
    """Graduate a line: all who passed and stayed, with the steps up they have earned.

    Done again it changes nothing that stands. How many are new graduates.
    """
    require(actor)
    line = lines.lines(SYSTEM).get(id=line_id)
    numbers = standing.numbers(line, line_actions.hold_passed(SYSTEM, [line_id])[line_id])
    new = _write_graduates(line, numbers)
    _step_up(line, numbers)
    if numbers:
        _tell(line)
    if new:
        journal.record(Graduated(line=line_id, count=new))
    return new


@journal.action
def decide(actor: Actor, promotion_id: int, approve: bool, reason: str = "") -> Promotion:
    """A person grants or declines a proposed step up; declining needs a reason.

    The member is told. What was declined may be proposed again, by the next line's numbers. The
    same decision again changes nothing. Refuses with NotAllowed, AlreadyDecided, TextMissing,
    TextTooLong; raises Promotion.DoesNotExist for a proposal of another region.
    """
    require(actor, *DECIDERS)
    reason = clean_line(reason, limit=200, field="reason", required=not approve)
    seen = access.scope(actor, Promotion.objects.all(), region="line__region")
    promotion = seen.select_for_update(of=("self",)).get(id=promotion_id)
    state = PromotionState.GRANTED if approve else PromotionState.DECLINED
    if promotion.state == state:
        return promotion
    if promotion.state != PromotionState.PROPOSED:
        raise AlreadyDecided
    promotion.state, promotion.reason = state, reason
    promotion.decided_at, promotion.decided_by_id = journal.now(), actor.id or None
    promotion.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    said = _decision(promotion)
    if isinstance(said, Promoted):
        opening.promoted(said)
    else:
        journal.record(said)
    letters.decided(promotion)
    return promotion


@journal.action
def appoint(actor: Actor, member_id: int, level: str, reason: str) -> Promotion:
    """Staff give a member a level without a line, for example to the first hosts, and say why.

    Who has the level already stays as they are. Refuses with NotAllowed, NoSuchLevel, NoSuchMember,
    StepWaits, TextMissing, TextTooLong.
    """
    appoint_many(actor, [member_id], level, reason)
    steps = Promotion.objects.filter(member_id=member_id, level=level)
    stands = steps.exclude(state__in=OVER).latest("id")
    if stands.state == PromotionState.PROPOSED:
        raise StepWaits
    return stands


@journal.action
def appoint_many(actor: Actor, member_ids: Collection[int], level: str, reason: str) -> set[int]:
    """Give many members a level without a line; to whom it was new.

    Who has it, and who is proposed for it and waits, stays as they are. Refuses as `appoint` does.
    """
    require(actor, *DECIDERS)
    reason = clean_line(reason, limit=200, field="reason")
    if level not in rules.LEVELS:
        raise NoSuchLevel(field="level")
    there = member_queries.names(member_ids).keys() - member_queries.erased(member_ids)
    if len(there) < len(set(member_ids)):
        raise NoSuchMember(field="member")
    by = {"reason": reason, "decided_by_id": actor.id or None}
    rows = [_row(member, level, PromotionState.GRANTED) | by for member in sorted(set(member_ids))]
    written = _insert(level, rows)
    opening.promoted(
        *(
            Promoted(line=None, member=member, level=level, promotion=number)
            for number, member in written
        )
    )
    return {member for _, member in written}


def _write_graduates(line: Line, numbers: Mapping[int, Numbers]) -> int:
    rows = [
        {
            "line_id": line.pk,
            "member_id": member,
            "tasks": did.tasks,
            "orders": did.orders,
            "at": journal.now(),
        }
        for member, did in sorted(numbers.items())
    ]
    return len(sql.insert(Graduate, rows, unique=("line", "member")))


def _step_up(line: Line, numbers: Mapping[int, Numbers]) -> int:
    """Grant each level, or propose it where a person decides, to those who earn it."""
    promotion = playbooks.playbook(line.playbook_id).promotion
    return sum(
        _reach(line, level, rules.threshold(promotion, level), numbers) for level in rules.LEVELS
    )


def _reach(line: Line, level: str, threshold: Threshold, numbers: Mapping[int, Numbers]) -> int:
    state = PromotionState.PROPOSED if level == Level.SUPERVISOR else PromotionState.GRANTED
    rows = [
        _row(member, level, state) | {"line_id": line.pk, "numbers": rules.record(threshold, did)}
        for member, did in sorted(numbers.items())
        if rules.earned(threshold, did)
    ]
    new = _insert(level, rows)
    if state is PromotionState.GRANTED:
        opening.promoted(
            *(Promoted(line=line.pk, member=m, level=level, promotion=n) for n, m in new)
        )
    else:
        journal.record(*(SupervisorProposed(line=line.pk, member=m, promotion=n) for n, m in new))
    return len(new)


def _row(member: int, level: str, state: PromotionState) -> sql.Row:
    now = journal.now()
    return {
        "member_id": member,
        "level": level,
        "line_id": None,
        "numbers": {},
        "state": state.value,
        "proposed_at": now,
        "decided_at": now if state is PromotionState.GRANTED else None,
        "decided_by_id": None,
        "reason": "",
    }


def _insert(level: str, rows: Sequence[sql.Row]) -> list[tuple[int, int]]:
    """Write the steps up that are new; (id, member) of each.

    A step that stands, proposed or granted, is not taken again. One that was declined or taken back
    is taken by the next attempt, but not on the numbers of the same line: they have been looked at.
    Nor do they lead past a lower level that was taken back on them and not given again since.
    """
    over, barred = _past(level, {row["member_id"]: row["line_id"] for row in rows})
    fresh = [
        row | {"attempt": over[row["member_id"]] + 1}
        for row in rows
        if row["member_id"] not in barred
    ]
    unique = ("member", "level", "attempt")
    written = sql.insert(Promotion, fresh, unique=unique, returning=("id", "member"))
    return [(number, member) for number, member in written]


def _past(
    level: str, line_of: Mapping[int, int | None]
) -> tuple[Mapping[int, int], Collection[int]]:
    """How often each member took this step before, and who does not take it now, by their line."""
    over: Counter[int] = Counter()
    barred, lost, held = set(), set(), set()
    rows = Promotion.objects.filter(level__in=rules.up_to(level), member_id__in=line_of)
    for member, of, state, line in rows.values_list("member_id", "level", "state", "line_id"):
        looked_at = line is not None and line == line_of[member]
        if of == level:
            over[member] += 1
            if state not in OVER or looked_at:
                barred.add(member)
        elif state == PromotionState.GRANTED:
            held.add((member, of))
        elif looked_at:
            lost.add((member, of))
    return over, barred | {member for member, _ in lost - held}


def _decision(promotion: Promotion) -> Promoted | PromotionDeclined:
    kind = Promoted if promotion.state == PromotionState.GRANTED else PromotionDeclined
    return kind(
        line=promotion.line_id,
        member=promotion.member_id,
        level=promotion.level,
        promotion=promotion.pk,
    )


def _tell(line: Line) -> None:
    """One notice in the last group: how many finished, and who made a step up by count."""
    steps = Counter(
        Promotion.objects.filter(line=line).exclude(state__in=OVER).values_list("level", flat=True)
    )
    counts = {
        "graduates": Graduate.objects.filter(line=line).count(),
        "owners": steps[Level.OWNER],
        "supervisors": steps[Level.SUPERVISOR],
    }
    with translation.override(playbooks.playbook(line.playbook_id).language):
        text = notice_text(counts)
    notice = Outbound(
        key=f"graduation:{line.pk}",
        group=lines.phases(line.pk)[-1].group_id,
        text=text,
        planned_at=journal.now(),
        kind=MessageKind.NOTICE,
    )
    groups.send(SYSTEM, [notice])


def notice_text(counts: Mapping[str, int]) -> str:
    """What the group reads at graduation; ``counts`` of graduates, owners and supervisors."""
    return _(
        "Graduation! %(graduates)s of us have finished. New shop owners: %(owners)s."
        " Proposed as supervisors: %(supervisors)s. Your certificate is on your page."
    ) % dict(counts)
