"""Tasks that come again by the day or the week, each time as an assignment of its own."""

from collections.abc import Collection
from datetime import datetime

from loop28.front.lines import seats
from loop28.front.tasks import following, giving, programme, rules
from loop28.front.tasks.giving import Given
from loop28.front.tasks.models import Assignment, Happening
from loop28.front.tasks.programme import Programme
from loop28.kernel import journal, sql
from loop28.kernel.access import Actor, require


@journal.action
def open_again(actor: Actor, line_id: int) -> int:
    """Open what is due to come again in a line, from the instant in which it was due; how many.

    However late this is: what happened since then counts. Who left and a line that is over get
    nothing any more.
    """
    require(actor)
    sql.alone(Happening)
    due = Assignment.objects.filter(line_id=line_id, again_at__lte=journal.now())
    rows = list(due.select_for_update().order_by("id"))
    Assignment.objects.filter(sql.among("id", [row.pk for row in rows])).update(again_at=None)
    lines = programme.of_lines([line_id])
    if lines[line_id].line.ended_at is not None:
        return 0
    seated = set(seats.seated(line_id, {row.member_id for row in rows}))
    given = [
        (line_id, Given(row.member_id, row.task, rules.opened_again(row.opening), row.again_at))
        for row in rows
        if row.member_id in seated and row.again_at
    ]
    new = giving.write(given, lines)
    following.follow(giving.look_back(new), lines)
    return len(new)


@journal.action
def go_on(actor: Actor, line_id: int, members: Collection[int]) -> None:
    """Let what comes again go on for who was away: the turn of this day, or week, is due now.

    Those that were due meanwhile are not made up for; the cap counts turns, so that they may come
    at its end.
    """
    require(actor)
    of = programme.of_lines([line_id])[line_id]
    repeated = [key for key, task in of.tasks.items() if task.repeat]
    rows = Assignment.objects.filter(line_id=line_id, member__in=members, task__in=repeated)
    if not repeated or not rows.exists():
        return
    sql.alone(Happening)
    known = {(row.member_id, row.task, row.opening): row for row in rows}
    ended = [
        row
        for (member, task, opening), row in known.items()
        if not row.again_at and (member, task, rules.opened_again(opening)) not in known
    ]
    due = {row.pk: _due(row, of) for row in ended}
    sql.update(Assignment, [{"id": pk, "again_at": at} for pk, at in due.items() if at])


def _due(row: Assignment, of: Programme) -> datetime | None:
    """The last instant up to now in which a turn after this one opens, or the first after now."""
    task = of.tasks[row.task]
    at = rules.again_at(task, row.opening, row.opened_at, of.zone)
    while at and (later := task.opens_again(at, of.zone)) and later <= journal.now():
        at = later
    return at


def due_lines(now: datetime) -> list[int]:
    """The lines in which something is due to come again, but for those that are paused."""
    due = Assignment.objects.filter(again_at__lte=now, line__paused_at=None)
    return sorted(set(due.values_list("line_id", flat=True)))


def next_due(now: datetime) -> datetime | None:
    """When something comes again next."""
    later = Assignment.objects.filter(again_at__gt=now).order_by("again_at")
    return later.values_list("again_at", flat=True).first()
