"""What can be known of the beats of lines: what is due, late, done, skipped."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Exists, Min, OuterRef, Q

from loop28.front.lines import queries, rules
from loop28.front.lines.models import Beat, BeatState
from loop28.kernel.access import Actor


def calendar(actor: Actor, line_id: int) -> list[Beat]:
    """All beats of a line in order."""
    of = Beat.objects.filter(line__in=queries.lines(actor).filter(id=line_id))
    return list(of.select_related("phase", "line").order_by("due_at", "id"))


def beats_of_day(actor: Actor, line_id: int, day: int) -> list[Beat]:
    """The beats of one day of a line in order."""
    of = Beat.objects.filter(line__in=queries.lines(actor).filter(id=line_id), day=day)
    return list(of.select_related("phase").order_by("due_at", "id"))


def waiting_for_host(actor: Actor, line_ids: Sequence[int]) -> list[Beat]:
    """Beats that wait for the host's hand, over those of these lines that go on, oldest first."""
    of = Beat.objects.filter(line__in=queries.lines(actor).filter(id__in=line_ids, paused_at=None))
    planned = of.filter(by_host=True, state=BeatState.PLANNED)
    return list(planned.select_related("phase", "line").order_by("due_at", "id"))


def late(line_ids: Sequence[int], now: datetime) -> dict[int, list[Beat]]:
    """By line: planned beats that are overdue by more than a minute, and beats that failed.

    In a line that is paused nothing is late.
    """
    overdue = Q(state=BeatState.PLANNED, line__paused_at=None) | Q(state=BeatState.FAILED)
    rows = Beat.objects.filter(overdue, line_id__in=line_ids, due_at__lte=now)
    found: dict[int, list[Beat]] = {}
    for beat in rows.order_by("due_at"):
        late_by = rules.late_seconds(beat.due_at, now)
        if beat.state == BeatState.FAILED or late_by > rules.ON_TIME:
            found.setdefault(beat.line_id, []).append(beat)
    return found


class Backlog(NamedTuple):
    """Beats that the worker should have fired, in all lines that go on.

    ``late`` of those that are ``due`` are so by more than a minute; ``oldest`` is when the first
    fell due. ``failed`` are those that wait for a person.
    """

    due: int
    late: int
    oldest: datetime | None
    failed: int


def backlog(now: datetime) -> Backlog:
    """What lies before the worker. What waits for a host's hand is not the worker's."""
    planned = Beat.objects.filter(state=BeatState.PLANNED, due_at__lte=now, by_host=False)
    late = Q(due_at__lt=now - timedelta(seconds=rules.ON_TIME))
    found = planned.filter(line__paused_at=None).aggregate(
        due=Count("id"), late=Count("id", filter=late), oldest=Min("due_at")
    )
    failed = Beat.objects.filter(state=BeatState.FAILED, line__ended_at=None)
    return Backlog(**found, failed=failed.count())


class Costly(NamedTuple):
    """A planned beat that will cost money: a packet or an opening of tasks."""

    line_id: int
    kind: str
    due_at: datetime
    payload: dict[str, Any]


def costly(line_ids: Sequence[int], after: datetime) -> list[Costly]:
    """Planned packets and openings of tasks due after a time, in order: what will cost money."""
    rows = Beat.objects.filter(
        line_id__in=line_ids,
        kind__in=["packet", "tasks"],
        state=BeatState.PLANNED,
        due_at__gt=after,
    )
    return [Costly(*row) for row in rows.order_by("due_at", "id").values_list(*Costly._fields)]


def calls_and_tasks(line_ids: Sequence[int]) -> list[Beat]:
    """The calls of these lines and their openings of tasks, whatever became of them."""
    rows = Beat.objects.filter(line_id__in=line_ids, kind__in=["call", "tasks"])
    return list(rows.only("line_id", "kind", "day", "payload"))


def called(line_ids: Sequence[int]) -> set[int]:
    """Those of these lines whose call was made."""
    rows = Beat.objects.filter(line_id__in=line_ids, kind="call", state=BeatState.DONE)
    return set(rows.values_list("line_id", flat=True))


def due_lines(now: datetime) -> list[int]:
    """The lines in which something is due, but for those that are paused.

    A card that waits for the host however late is no reason to look at a line: it may lie there for
    ever.
    """
    due = Beat.objects.filter(state=BeatState.PLANNED, due_at__lte=now, line__paused_at=None)
    lines = due.exclude(by_host=True, grace=None).values_list("line_id", flat=True)
    return sorted(set(lines))


def next_due(now: datetime) -> datetime | None:
    """When the next planned beat of any line that is not paused falls due."""
    planned = Beat.objects.filter(state=BeatState.PLANNED, by_host=False, due_at__gt=now)
    going_on = planned.filter(line__paused_at=None).order_by("due_at")
    return going_on.values_list("due_at", flat=True).first()


def beats(beat_ids: Iterable[int]) -> list[Beat]:
    """Beats by number with their phases, for the modules that do them."""
    return list(
        Beat.objects.filter(id__in=list(beat_ids)).select_related("phase", "line").order_by("id")
    )


def questions(line_ids: Sequence[int]) -> list[Beat]:
    """The questions that talks of these lines have asked, with the phases in whose groups."""
    rows = Beat.objects.filter(line_id__in=line_ids, kind="talk", done_at__isnull=False)
    return list(rows.filter(payload__question=True).select_related("phase"))


def beginning_a_day(beat_ids: Iterable[int]) -> list[int]:
    """The lines of which one of these beats is the first that was fired on its day."""
    of_day = Beat.objects.filter(line=OuterRef("line"), day=OuterRef("day"))
    fired = of_day.filter(by_host=False, state=BeatState.DONE, due_at__lt=OuterRef("due_at"))
    first = Beat.objects.filter(id__in=list(beat_ids)).exclude(Exists(fired))
    return sorted(set(first.values_list("line_id", flat=True)))


def opened_tasks(line_ids: Sequence[int]) -> dict[int, list[str]]:
    """The keys of the tasks that were opened so far, by line, in order."""
    rows = Beat.objects.filter(line_id__in=line_ids, kind="tasks", state=BeatState.DONE)
    opened: dict[int, list[str]] = {}
    for beat in rows.order_by("due_at", "id"):
        opened.setdefault(beat.line_id, []).extend(beat.payload["tasks"])
    return opened


def call_of(line_id: int) -> tuple[datetime, int] | None:
    """When the line's call was made and for how many seconds it is open; None before it."""
    call = (
        Beat.objects.filter(line_id=line_id, kind="call", state=BeatState.DONE)
        .order_by("done_at")
        .last()
    )
    if call is None or call.done_at is None:
        return None
    return call.done_at, int(call.payload["window"])


def second_calls(line_ids: Sequence[int]) -> dict[int, datetime]:
    """When each of these lines that called a second time did so."""
    calls = Beat.objects.filter(line_id__in=line_ids, kind="call", state=BeatState.DONE)
    rows = calls.order_by("done_at").values_list("line_id", "done_at")
    made: dict[int, list[datetime]] = {}
    for number, at in rows:
        if at is not None:
            made.setdefault(number, []).append(at)
    return {number: calls[1] for number, calls in made.items() if len(calls) > 1}


def skipped(line_ids: Sequence[int]) -> dict[int, int]:
    """By line: how many beats were skipped, each counted once however many parts it has."""
    rows = Beat.objects.filter(line_id__in=line_ids, state=BeatState.SKIPPED)
    return dict(rows.values_list("line_id").annotate(Count("key", distinct=True)))


def beside(line_ids: Sequence[int], keys: Collection[str]) -> dict[int, int]:
    """By line: how many beats it has that are not among these keys of its playbook."""
    rows = Beat.objects.filter(line_id__in=line_ids).exclude(key__in=keys)
    return dict(rows.values_list("line_id").annotate(Count("key", distinct=True)))
