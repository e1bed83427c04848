"""What can be done to a line: open it, join, leave, answer its call."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from loop28.back.finance import actions as finance
from loop28.back.people import queries as people
from loop28.back.people.models import Region
from loop28.front.groups import actions as groups
from loop28.front.groups import moderated
from loop28.front.lines import calendar, queries, refusals, rules, schedule
from loop28.front.lines import seats as line_seats
from loop28.front.lines.facts import (
    LineOpened,
    MemberJoinedLine,
    MemberLeftLine,
    MemberWaits,
    OptedIn,
)
from loop28.front.lines.models import (
    Beat,
    Enrollment,
    EnrollmentState,
    Invitation,
    Line,
    OptIn,
    Phase,
    Via,
)
from loop28.front.playbooks import queries as playbooks
from loop28.kernel import clock, journal, sql
from loop28.kernel.access import Actor, NotAllowed, Role, require
from loop28.kernel.prepared import prepared
from loop28.middle.members import actions as members
from loop28.middle.members import queries as member_queries


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A stranger at the door of a line: whose invitation they hold, and what they said."""

    invitation: int
    person: members.NewMember


@dataclass(frozen=True, slots=True)
class Answer:
    """A member's opt-in: by which way, said when, and in which message if it was one."""

    member: int
    via: str
    at: datetime
    message: int | None = None


@journal.action
def open_line(
    actor: Actor,
    *,
    region: int,
    playbook: int,
    start_day: date,
    host: int,
    size: int,
    budget_fen: int,
    inviters: Sequence[int] = (),
    parents: Sequence[int] = (),
) -> Line:
    """Open a line with its calendar, groups, budget and a personal invitation for each inviter.

    ``playbook`` is a published version, ``inviters`` are members (the host always is one),
    ``parents`` the lines they graduated from. Refuses with StartsInThePast, SizeOutOfRange,
    BudgetMissing, HostIsBusy.
    """
    require(actor, Role.ADMINISTRATOR, Role.REGION_MANAGER)
    place = people.region(actor, region)
    if place is None:
        raise NotAllowed(field="region")
    programme = playbooks.playbook(playbook)
    check_opening(start_day, clock.local_day(journal.now(), ZoneInfo(place.zone)), size, budget_fen)
    line = _new_line(actor, place, playbook, programme.days, start_day, host, size)
    calendar.lay_out(actor, line, programme, place.zone)
    line.parents.set(parents)
    sql.insert(
        Invitation,
        [{"line_id": line.pk, "inviter_id": m} for m in sorted({host, *inviters})],
        unique=("line", "inviter"),
    )
    finance.fund(actor, line_id=line.pk, fen=budget_fen, key=f"open:{line.pk}", region_id=region)
    journal.record(
        LineOpened(line=line.pk, region=region, playbook=playbook, host=host, budget_fen=budget_fen)
    )
    return line


def check_opening(start_day: date, today: date, size: int, budget_fen: int) -> None:
    """Refuse numbers with which no line opens, by what `open_line` names."""
    if start_day < today:
        raise refusals.StartsInThePast(field="start_day")
    if not 2 <= size <= 500:
        raise refusals.SizeOutOfRange(field="size")
    if budget_fen <= 0:
        raise refusals.BudgetMissing(field="budget")


def _new_line(
    actor: Actor,
    place: Region,
    playbook: int,
    days: int,
    start_day: date,
    host: int,
    size: int,
) -> Line:
    """The line's row. Its code is the region's, the start day, a number for the second of a day."""
    stem = f"{place.code}-{start_day:%y%m%d}"
    taken = Line.objects.filter(code__startswith=stem).count()
    try:
        with transaction.atomic():
            return Line.objects.create(
                code=stem if not taken else f"{stem}-{taken + 1}",
                region_id=place.pk,
                playbook_id=playbook,
                host_id=host,
                start_day=start_day,
                days=days,
                size=size,
                opened_at=journal.now(),
                opened_by_id=actor.id or None,
            )
    except IntegrityError as error:
        if Line.objects.filter(host_id=host, start_day=start_day).exists():
            raise refusals.HostIsBusy(field="host") from error
        raise


@journal.action
def welcome(actor: Actor, newcomers: Sequence[Newcomer]) -> list[tuple[int, str]]:
    """Register strangers and give them a seat each, or a place in the waiting line.

    One (member, state) for each, in their order. Refuses the batch where one of them is refused.
    """
    known = members.register_many(actor, [n.person for n in newcomers])
    states: dict[int, str] = {}
    for invitation in sorted({n.invitation for n in newcomers}):
        comers = [m for m, n in zip(known, newcomers, strict=True) if n.invitation == invitation]
        states |= join(actor, invitation, comers)
    return [(member, states[member]) for member in known]


@journal.action
def join(actor: Actor, invitation_id: int, comers: Sequence[int]) -> dict[int, str]:
    """Give members a seat in the invitation's line, first come first served; state by member.

    Who is in stays in, who left comes back, who finds the line full waits. Refuses with LineClosed
    once the first phase is over, with Removed who was removed from one of its groups.
    """
    invitation = Invitation.objects.select_related("inviter").get(id=invitation_id)
    line = Line.objects.select_for_update(no_key=True).get(id=invitation.line_id)
    phase = _open_door(line)
    if moderated.removed(line.phases.values_list("group_id", flat=True), comers).exists():
        raise refusals.Removed
    known = dict(
        Enrollment.objects.filter(line=line, member_id__in=comers).values_list("member_id", "state")
    )
    asking = [m for m in dict.fromkeys(comers) if known.get(m, "left") == EnrollmentState.LEFT]
    free = max(0, line.size - _seated(line))
    _seat(actor, line, phase, invitation.credited, asking[:free], known)
    _queue(line, invitation.credited, asking[free:], known)
    return (
        known
        | dict.fromkeys(asking[:free], EnrollmentState.JOINED.value)
        | dict.fromkeys(asking[free:], EnrollmentState.WAITING.value)
    )


def _open_door(line: Line) -> Phase:
    phase: Phase = line.phases.select_related("group").get(number=1)
    if phase.closed_at is not None:
        raise refusals.LineClosed
    return phase


def _seated(line: Line) -> int:
    return Enrollment.objects.filter(line=line, state=EnrollmentState.JOINED).count()


def _seat(
    actor: Actor,
    line: Line,
    phase: Phase,
    inviter: int | None,
    comers: Sequence[int],
    known: dict[int, str],
) -> None:
    now = journal.now()
    _enroll(line, inviter, [m for m in comers if m not in known], EnrollmentState.JOINED)
    Enrollment.objects.filter(line=line, member_id__in=[m for m in comers if m in known]).update(
        state=EnrollmentState.JOINED, joined_at=now, left_at=None
    )
    groups.join(actor, phase.group_id, comers)
    back_among_the_chosen(actor, line, comers)
    journal.record(*(MemberJoinedLine(line=line.pk, member=m, inviter=inviter) for m in comers))


def _queue(line: Line, inviter: int | None, comers: Sequence[int], known: dict[int, str]) -> None:
    now = journal.now()
    _enroll(line, inviter, [m for m in comers if m not in known], EnrollmentState.WAITING)
    Enrollment.objects.filter(line=line, member_id__in=[m for m in comers if m in known]).update(
        state=EnrollmentState.WAITING, asked_at=now, left_at=None
    )
    journal.record(*(MemberWaits(line=line.pk, member=m) for m in comers))


def _enroll(line: Line, inviter: int | None, comers: Sequence[int], state: EnrollmentState) -> None:
    now = journal.now()
    tiers = member_queries.tiers(comers)
    rows = [
        {
            "line_id": line.pk,
            "member_id": m,
            "state": state.value,
            "inviter_id": inviter,
            "tier": tiers.get(m),
            "asked_at": now,
            "joined_at": now if state is EnrollmentState.JOINED else None,
        }
        for m in comers
    ]
    sql.insert(Enrollment, rows, unique=("line", "member"))


@journal.action
def back_among_the_chosen(actor: Actor, line: Line, comers: Sequence[int]) -> None:
    """Who opted in before leaving comes back into the groups of the later phases too."""
    chosen = list(
        OptIn.objects.filter(line=line, member_id__in=comers).values_list("member_id", flat=True)
    )
    if chosen:
        for phase in line.phases.filter(number__gt=1, closed_at__isnull=True):
            groups.join(actor, phase.group_id, chosen)


@journal.action
def leave(actor: Actor, line_id: int, member_id: int) -> None:
    """A member leaves; while the line still takes people in, the first who waits gets the seat."""
    line = Line.objects.select_for_update(no_key=True).get(id=line_id)
    left = (
        Enrollment.objects.filter(line=line, member_id=member_id)
        .exclude(state=EnrollmentState.LEFT)
        .update(state=EnrollmentState.LEFT, left_at=journal.now())
    )
    if not left:
        raise refusals.NotInLine
    for phase in line.phases.all():
        groups.leave(actor, phase.group_id, [member_id])
    journal.record(MemberLeftLine(line=line.pk, member=member_id))
    move_up(actor, line)


@journal.action
def move_up(actor: Actor, line: Line) -> None:
    """Give free seats to those who wait, while the line takes people in; its row is locked."""
    phase = line.phases.get(number=1)
    free = line.size - _seated(line)
    if phase.closed_at is not None or free <= 0:
        return
    waiting = Enrollment.objects.filter(line=line, state=EnrollmentState.WAITING)
    for next_one in waiting.order_by("asked_at", "id")[:free]:
        member = next_one.member_id
        _seat(actor, line, phase, next_one.inviter_id, [member], {member: "waiting"})


@journal.action
def screen(actor: Actor, line_id: int, answers: Sequence[Answer]) -> list[int]:
    """Take opt-ins; the members who are in the next group by this, each once.

    The first answer counts. By text and button it does while the call is open, at the time it was
    said, its last instant included; an operator may let people in until the line is over. Others
    are left out without a word: a "1" outside the call is just a message.
    """
    # Locked: a beat that opens tasks either sees these people or has fired before they look.
    line = Line.objects.select_for_update(no_key=True).get(id=line_id)
    call = schedule.call_of(line_id) if line.stopped_at is None else None
    valid = [a for a in answers if _counts(line, call, a)]
    seated = set(
        Enrollment.objects.filter(
            line=line, member_id__in={a.member for a in valid}, state=EnrollmentState.JOINED
        ).values_list("member_id", flat=True)
    )
    first: dict[int, Answer] = {}
    for answer in sorted(valid, key=lambda a: a.at):
        if answer.member in seated:
            first.setdefault(answer.member, answer)
    new = _write_opt_ins(line, list(first.values()))
    if new:
        target = _target(line)
        if target is not None:
            groups.join(actor, target.group_id, new)
        journal.record(*(OptedIn(line=line.pk, member=m, via=first[m].via) for m in new))
    return new


@journal.action
def hold_line(actor: Actor, line_id: int) -> Line:
    """A line the actor sees, locked until the commit."""
    queries.line(actor, line_id)
    return Line.objects.select_for_update(no_key=True).get(id=line_id)


@journal.action
def hold_passed(
    actor: Actor, line_ids: Sequence[int], members: Collection[int] | None = None
) -> dict[int, list[int]]:
    """Who passed, by line, among these members or all; their seats stay locked until the commit.

    For whoever decides by numbers that several actions change at once.
    """
    held = _seats(line_ids) if members is None else _seats_of(line_ids, members)
    found: dict[int, list[int]] = {number: [] for number in line_ids}
    for line, member in held:
        found[line].append(member)
    return found


@prepared
def _seats(line_ids: Sequence[int]) -> QuerySet[Enrollment, tuple[int, int]]:
    rows = line_seats.seats_that_go_on(line_ids).order_by("line_id", "member_id")
    return rows.select_for_update(no_key=True).values_list("line_id", "member_id")


@prepared
def _seats_of(
    line_ids: Sequence[int], members: Collection[int]
) -> QuerySet[Enrollment, tuple[int, int]]:
    rows = line_seats.seats_that_go_on(line_ids).filter(sql.among("member", members))
    rows = rows.order_by("line_id", "member_id").select_for_update(no_key=True)
    return rows.values_list("line_id", "member_id")


@journal.action
def opt_in(actor: Actor, line_id: int) -> None:
    """The acting member answers the call by the button. Refuses with NoCallOpen, NotInLine."""
    if not Enrollment.objects.filter(
        line=line_id, member_id=actor.id, state=EnrollmentState.JOINED
    ).exists():
        raise refusals.NotInLine
    now = journal.now()
    call = schedule.call_of(line_id)
    stopped = Line.objects.filter(id=line_id, stopped_at__isnull=False).exists()
    if stopped or call is None or not rules.call_open(*call, now):
        raise refusals.NoCallOpen
    screen(actor, line_id, [Answer(actor.id, Via.BUTTON, now)])


@journal.action
def let_in(actor: Actor, line_id: int, chosen: Sequence[int]) -> list[int]:
    """Whoever runs the line lets members into the next group by hand; those who are new there."""
    now = journal.now()
    queries.run_by(actor, line_id)
    return screen(actor, line_id, [Answer(m, Via.OPERATOR, now) for m in chosen])


def _write_opt_ins(line: Line, answers: Sequence[Answer]) -> list[int]:
    rows = [
        {
            "line_id": line.pk,
            "member_id": a.member,
            "via": a.via,
            "at": a.at,
            "message": a.message,
        }
        for a in answers
    ]
    new = sql.insert(OptIn, rows, unique=("line", "member"), returning=("member",))
    return sorted(member for (member,) in new)


def _counts(line: Line, call: tuple[datetime, int] | None, answer: Answer) -> bool:
    if answer.via == Via.OPERATOR:
        return line.ended_at is None
    return call is not None and rules.call_open(call[0], call[1], answer.at)


def _target(line: Line) -> Phase | None:
    """The phase the call lets people into."""
    call = Beat.objects.filter(line=line, kind="call").first()
    number = call.payload["opens"] if call else 2
    return line.phases.filter(number=number, closed_at__isnull=True).first()
