"""What becomes of seats and lines when two records turn out to be one person."""

from loop28.front.groups import moderated
from loop28.front.lines import actions, refusals
from loop28.front.lines.models import (
    Enrollment,
    EnrollmentState,
    Invitation,
    Line,
    Mend,
    OptIn,
    SpokenTo,
    WinBack,
)
from loop28.kernel import journal, sql
from loop28.kernel.access import Actor, require

_BEST = [EnrollmentState.JOINED, EnrollmentState.WAITING, EnrollmentState.LEFT]


@journal.action
def hand_over(actor: Actor, member: int, lost: int) -> None:
    """One person has one seat in a line, the better of the two; a seat that is freed is given on.

    The lost record's invitations into lines into which the kept one invites, too, stay, so that the
    link works that somebody holds. Refuses with BothHostThatDay.
    """
    require(actor)
    _refuse_two_lines_a_day(member, lost)
    in_lines = Line.objects.filter(enrollments__member=lost).values("id")
    held = Line.objects.filter(id__in=in_lines).select_for_update(no_key=True).order_by("id")
    lines = list(held)
    freed = _one_seat(member, lost)
    _one_opt_in(member, lost)
    sql.hand_over(Line, member, of=lost, field="host")
    sql.hand_over(Mend, member, of=lost, field="former")
    sql.hand_over(Mend, member, of=lost, field="host")
    sql.hand_over(Invitation, member, of=lost, field="inviter", once=[["line"]])
    sql.hand_over(Enrollment, member, of=lost, field="inviter")
    Enrollment.objects.filter(member=member, inviter=member).update(inviter=None)
    sql.hand_over(SpokenTo, member, of=lost, once=[["line", "day"]])
    sql.hand_over(WinBack, member, of=lost, once=[["line"], ["into"]])
    for table in (SpokenTo, WinBack):
        table.objects.filter(member=lost).delete()
    for line in lines:
        _settle(actor, line, member, line.pk in freed)


def _refuse_two_lines_a_day(member: int, lost: int) -> None:
    days = Line.objects.filter(host=member).values("start_day")
    both = Line.objects.filter(host__in=[member, lost], start_day__in=days)
    of_lost = both.filter(host=lost).values_list("start_day", flat=True)
    codes = both.filter(start_day__in=list(of_lost)).order_by("code")
    if codes:
        raise refusals.BothHostThatDay(lines=", ".join(line.code for line in codes))


def _one_seat(member: int, lost: int) -> set[int]:
    """Make one seat of two; the lines in which that freed one."""
    mine = {row.line_id: row for row in Enrollment.objects.filter(member=member)}
    freed = set()
    for other in Enrollment.objects.filter(member=lost, line__in=mine):
        own = mine[other.line_id]
        if own.state == other.state == EnrollmentState.JOINED:
            freed.add(own.line_id)
        first = min(own, other, key=lambda row: (row.asked_at, row.pk))
        own.inviter_id, own.tier = first.inviter_id, first.tier
        own.state = min(
            own.state, other.state, key=lambda state: _BEST.index(EnrollmentState(state))
        )
        own.asked_at = first.asked_at
        own.joined_at = min((r.joined_at for r in (own, other) if r.joined_at), default=None)
        gone = max((r.left_at for r in (own, other) if r.left_at), default=None)
        own.left_at = gone if own.state == EnrollmentState.LEFT else None
        other.delete()
        own.save()
    sql.hand_over(Enrollment, member, of=lost)
    return freed


def _one_opt_in(member: int, lost: int) -> None:
    """The first answer counts."""
    rows = OptIn.objects.filter(member__in=[member, lost]).order_by("at", "id")
    first: dict[int, int] = {}
    for row in rows:
        first.setdefault(row.line_id, row.pk)
    rows.exclude(pk__in=first.values()).delete()
    sql.hand_over(OptIn, member, of=lost)


def _settle(actor: Actor, line: Line, member: int, freed: bool) -> None:
    """See to what two seats that became one leave undone."""
    seat = Enrollment.objects.get(line=line, member=member)
    groups = line.phases.values_list("group_id", flat=True)
    if seat.state != EnrollmentState.LEFT and moderated.removed(groups, [member]):
        actions.leave(actor, line.pk, member)
    elif seat.state == EnrollmentState.JOINED:
        actions.back_among_the_chosen(actor, line, [member])
    if freed:
        actions.move_up(actor, line)
