"""Weeks later: those who did not pass a line are asked into another one, once, by hand."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from loop28.front.lines import queries, refusals, schedule
from loop28.front.lines.facts import AskedBack, WinBackSent
from loop28.front.lines.models import Enrollment, EnrollmentState, Invitation, Line, OptIn, WinBack
from loop28.kernel import journal, sql
from loop28.kernel.access import Actor, Role, require
from loop28.middle.members import queries as members

PEACE = timedelta(days=14)
"""How long after the close of its first phase nobody of a line is written to."""


@journal.action
def ask_back(actor: Actor, line_id: int, into: int) -> int:
    """Put everybody on the host's list who may be asked from one line into another; how many.

    That is who kept their seat without opting in, here or anywhere, whose consent stands and who is
    in no line that goes on. The host gets an invitation into the new line. Refuses with
    TooEarlyToAskBack, NoLineToJoin, NobodyToAsk.
    """
    require(actor, Role.ADMINISTRATOR, Role.REGION_MANAGER)
    line = queries.run_by(actor, line_id)
    from_then = free_from(line)
    if from_then is None or journal.now() < from_then:
        raise refusals.TooEarlyToAskBack(days=PEACE.days)
    if into not in {found.pk for found in targets(actor, line)}:
        raise refusals.NoLineToJoin(field="into")
    # Locked: nobody is asked into it from two lines at once.
    Line.objects.select_for_update(no_key=True).get(id=into)
    people = to_ask(line_id, into)
    if not people:
        raise refusals.NobodyToAsk
    asked = {"line_id": line_id, "into_id": into, "asked_at": journal.now(), "sent_at": None}
    rows = [asked | {"member_id": member, "by_id": actor.id or None} for member in people]
    new = sql.insert(WinBack, rows, unique=("line", "member"))
    own = {"line_id": into, "inviter_id": line.host_id}
    sql.insert(Invitation, [own], unique=("line", "inviter"))
    journal.record(AskedBack(line=line_id, into=into, count=len(new)))
    return len(new)


@journal.action
def mark_sent(actor: Actor, win_back_id: int) -> None:
    """The line's host says that they wrote to somebody of their list; again it changes nothing."""
    row = WinBack.objects.get(id=win_back_id)
    queries.run_by(actor, row.line_id)
    unsent = WinBack.objects.filter(id=row.pk, sent_at=None)
    if unsent.update(sent_at=journal.now()):
        journal.record(WinBackSent(line=row.line_id, member=row.member_id))


def free_from(line: Line) -> datetime | None:
    """From when people of a line may be asked back; None while its first phase goes on."""
    closed = line.phases.values_list("closed_at", flat=True).get(number=1)
    return closed + PEACE if closed else None


def targets(actor: Actor, line: Line) -> list[Line]:
    """The lines of the same region that still take people in, the next to start first."""
    rows = queries.lines(actor).filter(region=line.region_id, ended_at=None)
    open_ = rows.filter(phases__number=1, phases__closed_at=None).exclude(id=line.pk)
    return list(open_.order_by("start_day", "id"))


def to_ask(line_id: int, into: int | None = None) -> list[int]:
    """Who of a line may still be asked back, with ``into`` into that one.

    Nobody of a line that called nobody: there all go on.
    """
    if line_id not in schedule.called([line_id]):
        return []
    somewhere = Enrollment.objects.filter(member=OuterRef("member"))
    busy = somewhere.filter(line__ended_at=None).exclude(
        Q(state=EnrollmentState.LEFT) | Q(line=line_id)
    )
    before = WinBack.objects.filter(member=OuterRef("member"))
    rows = Enrollment.objects.filter(line=line_id, state=EnrollmentState.JOINED).exclude(
        Exists(OptIn.objects.filter(member=OuterRef("member")))
        | Exists(busy)
        | Exists(before.filter(Q(line=line_id) | Q(into=into)))
        | Q(member=F("line__host"))
    )
    people = list(rows.order_by("member_id").values_list("member_id", flat=True))
    willing = members.consenting(people)
    return [member for member in people if member in willing]


def asked(actor: Actor, line_id: int) -> QuerySet[WinBack]:
    """Who of a line was asked back; ``came`` says whether they have joined the other line since."""
    seats = Enrollment.objects.filter(
        line=OuterRef("into"), member=OuterRef("member"), joined_at__isnull=False
    )
    rows = WinBack.objects.filter(line__in=queries.lines(actor).filter(id=line_id))
    rows = rows.annotate(came=Exists(seats))  # type: ignore[no-redef]
    return rows.select_related("member", "into").order_by("sent_at", "id")


def to_send(actor: Actor, line_ids: Sequence[int]) -> dict[int, int]:
    """By line of the host's: how many people they have still to write to while it is of use."""
    found: dict[int, int] = {}
    rows = WinBack.objects.filter(line_id__in=line_ids, sent_at=None)
    open_ = Q(into__phases__number=1, into__phases__closed_at=None)
    seen = rows.filter(open_, line__in=queries.lines(actor))
    pairs = list(seen.values_list("line_id", "member_id"))
    willing = members.consenting(member for _, member in pairs)
    for line, member in pairs:
        if member in willing:
            found[line] = found.get(line, 0) + 1
    return found
