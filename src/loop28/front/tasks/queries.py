"""What can be known of tasks."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, Q, QuerySet, Value, When

from loop28.front.lines import queries as lines
from loop28.front.lines import seats
from loop28.front.playbooks.schema import Task
from loop28.front.rewards import queries as rewards
from loop28.front.rewards.models import Entitlement
from loop28.front.tasks import programme, rules
from loop28.front.tasks.models import Assignment, Step
from loop28.front.tasks.programme import Programme
from loop28.front.tasks.rules import Earned, Stand, Window
from loop28.kernel import clock
from loop28.kernel.access import Actor, scope


@dataclass(frozen=True, slots=True)
class Mine:
    """A member's assignment as a page shows it.

    ``counted`` of ``target`` is how far it is: days checked in, orders sold, whole yuan; with
    ``counted_today`` a check-in has this local day already. ``earned`` is what it brings,
    ``granted`` what it has brought, with the state of each reward. ``today`` marks what belongs on
    today's page: open now, or opened or done on this local day.
    """

    assignment: Assignment
    task: Task
    stand: Stand
    counted: int
    target: int
    counted_today: bool
    earned: list[Earned]
    granted: list[Entitlement]
    today: bool


@dataclass(frozen=True, slots=True)
class Result:
    """How a task of a line went: of so many opened, how many are done, missed, still open.

    ``nth`` is 1 for the first beat that opens the task, 2 for the next; 0 for what no beat opened.
    """

    task: Task
    nth: int
    opened: int
    done: int
    missed: int

    @property
    def open(self) -> int:
        return self.opened - self.done - self.missed


@dataclass(frozen=True, slots=True)
class Stuck:
    """A member who needs a hand: since when tasks lie undone, and how many are open or missed."""

    member: int
    since: datetime
    done: int
    open: int
    missed: int


def _seen_by(actor: Actor) -> QuerySet[Assignment]:
    return scope(
        actor, Assignment.objects.all(), region="line__region", host="line__host", member="member"
    )


def of_member(actor: Actor, member_id: int, line_id: int) -> list[Mine]:
    """A member's tasks in a line, in the order in which they were opened."""
    rows = _seen_by(actor).filter(member_id=member_id, line_id=line_id).order_by("opened_at", "id")
    return _shown(actor, list(rows))


def one(actor: Actor, assignment_id: int) -> Mine:
    """One assignment; raises Assignment.DoesNotExist for any the actor does not see."""
    (mine,) = _shown(actor, [_seen_by(actor).get(id=assignment_id)])
    return mine


def results(actor: Actor, line_id: int) -> list[Result]:
    """The tasks of a line as far as they were opened, in the order of its playbook."""
    now = clock.now()
    rows = Assignment.objects.filter(line__in=lines.lines(actor).filter(id=line_id))
    by_beat = When(opening__startswith="beat:", then="opening")
    counted = rows.values_list("task", Case(by_beat, default=Value("beat:0"))).annotate(
        opened=Count("id"),
        finished=Count("id", filter=Q(done_at__isnull=False)),
        late=Count("id", filter=Q(done_at=None, closes_at__lt=now)),
    )
    tasks = programme.of_lines([line_id])[line_id].tasks if counted else {}
    order = list(tasks)
    found = [
        Result(tasks[task], int(beat.partition(":")[2]), opened, done, missed)
        for task, beat, opened, done, missed in counted
    ]
    return sorted(found, key=lambda result: (order.index(result.task.key), result.nth))


def stands(line_id: int, task: str, nth: int) -> dict[int, set[str]]:
    """By member: how one task of a line stands with them, as `results` counts it.

    What a fact opened, and no beat, somebody may have several times.
    """
    now, found = clock.now(), defaultdict[int, set[str]](set)
    rows = Assignment.objects.filter(line_id=line_id, task=task)
    of_beat = Q(opening=f"beat:{nth}")
    rows = rows.filter(of_beat if nth else of_beat | ~Q(opening__startswith="beat:"))
    for member, closes_at, done_at in rows.values_list("member_id", "closes_at", "done_at"):
        found[member].add(rules.stand(closes_at, done_at, now).value)
    return dict(found)


def stuck(actor: Actor, line_id: int) -> list[Stuck]:
    """Who needs a hand in a line, the longest waiting first; nobody once the line is over."""
    line = lines.lines(actor).filter(id=line_id, ended_at=None).first()
    if line is None:
        return []
    now = clock.now()
    windows: dict[int, list[Window]] = defaultdict(list)
    rows = Assignment.objects.filter(line_id=line_id, member_id__in=seats.passed(line_id))
    times = rows.values_list("member_id", "opened_at", "closes_at", "done_at")
    for member, opened_at, closes_at, done_at in times:
        windows[member].append(Window(opened_at, closes_at, done_at))
    found = [
        _stuck(member, of_one, now)
        for member, of_one in windows.items()
        if rules.is_stuck(of_one, now)
    ]
    return sorted(found, key=lambda one: (one.since, one.member))


def open_now(line_id: int, members: Iterable[int], now: datetime) -> list[Assignment]:
    """What these members of a line can do now, in the order in which it was opened."""
    rows = Assignment.objects.filter(
        line_id=line_id, member_id__in=set(members), done_at=None, closes_at__gte=now
    )
    return list(rows.order_by("id"))


def to_tick(actor: Actor, line_id: int) -> QuerySet[Assignment]:
    """Open assignments of a line that wait for a person's word, those that end soonest first."""
    rows = Assignment.objects.filter(
        line__in=lines.lines(actor).filter(id=line_id), done_at=None, closes_at__gte=clock.now()
    )
    by_hand = rows.exclude(kind__in=rules.BY_ITSELF)
    return by_hand.select_related("member").order_by("closes_at", "task", "member_id")


def waiting_for(fact: str, members: Collection[int]) -> set[int]:
    """Which of these members have a task that facts of this kind move, whether open or not."""
    rows = Assignment.objects.filter(member_id__in=members, fact=fact)
    return set(rows.values_list("member_id", flat=True))


def done(line_id: int, members: Collection[int], kind: str = "") -> dict[int, int]:
    """How many tasks of a line each of these members did; who did none is left out.

    All tasks, or only those of a kind.
    Those that a machine's facts moved are not among them: a level must not hang on what we cannot
    see, which might be what somebody spent.
    """
    rows = Assignment.objects.filter(line_id=line_id, member_id__in=members, done_at__isnull=False)
    rows = rows.exclude(~Q(fact__in=rules.OURS), kind=rules.MEASURED)
    if kind:
        rows = rows.filter(kind=kind)
    return dict(rows.values_list("member_id").annotate(Count("id")))


def finished(actor: Actor, line_id: int) -> QuerySet[Assignment]:
    """What was done in a line, in the order in which it was given."""
    return _seen_by(actor).filter(line_id=line_id, done_at__isnull=False).order_by("id")


def done_in_all(members: Collection[int]) -> int:
    """How many tasks these members did together, in whichever line."""
    return Assignment.objects.filter(member_id__in=members, done_at__isnull=False).count()


def lines_of(members: Iterable[int]) -> dict[int, list[int]]:
    """By line, those of these members who have tasks in it."""
    pairs = Assignment.objects.filter(member_id__in=set(members)).values_list(
        "line_id", "member_id"
    )
    found: dict[int, list[int]] = defaultdict(list)
    for line, member in pairs.distinct().order_by("line_id", "member_id"):
        found[line].append(member)
    return dict(found)


def totals(line_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """By line: how many assignments were opened, and how many of them are done."""
    rows = Assignment.objects.filter(line_id__in=line_ids).values_list("line_id")
    opened = dict(rows.annotate(Count("id")))
    done = dict(rows.filter(done_at__isnull=False).annotate(Count("id")))
    return {line: (count, done.get(line, 0)) for line, count in opened.items()}


def doers(line_ids: Sequence[int]) -> dict[int, int]:
    """By line: how many members did at least one task."""
    rows = Assignment.objects.filter(line_id__in=line_ids, done_at__isnull=False)
    return dict(rows.values_list("line_id").annotate(Count("member_id", distinct=True)))


def who_did_a_task(line_ids: Sequence[int]) -> set[tuple[int, int]]:
    """(line, member) of everybody who did at least one task of these lines."""
    rows = Assignment.objects.filter(line_id__in=line_ids, done_at__isnull=False)
    return set(rows.values_list("line_id", "member_id").distinct())


def _stuck(member: int, windows: Collection[Window], now: datetime) -> Stuck:
    stands = [rules.stand(w.closes_at, w.done_at, now) for w in windows]
    since = rules.waiting_since(windows)
    assert since is not None  # noqa: S101  (only the stuck are shown)
    done, open_, missed = (stands.count(s) for s in (Stand.DONE, Stand.OPEN, Stand.MISSED))
    return Stuck(member, since, done, open_, missed)


def _shown(actor: Actor, rows: Sequence[Assignment]) -> list[Mine]:
    now = clock.now()
    of_lines = programme.of_lines(row.line_id for row in rows)
    tasks = {row.pk: of_lines[row.line_id].tasks[row.task] for row in rows}
    references = {
        row.pk: [
            rules.reference(row.pk, earned.kind, row.taken_back)
            for earned in rules.rewards(tasks[row.pk])
        ]
        for row in rows
    }
    days: dict[int, set[str]] = defaultdict(set)
    check_ins = [row for row in rows if row.kind == rules.CHECKIN]
    steps = Step.objects.filter(assignment__in=check_ins).values_list("assignment_id", "subject")
    for assignment, day in steps:
        days[assignment].add(day)
    granted = rewards.by_reference(actor, [name for named in references.values() for name in named])
    return [
        Mine(
            assignment=row,
            task=tasks[row.pk],
            stand=rules.stand(row.closes_at, row.done_at, now),
            counted=rules.shown(row.mode, row.progress),
            target=rules.shown(row.mode, row.bar),
            counted_today=of_lines[row.line_id].local_day(now).isoformat() in days[row.pk],
            earned=rules.rewards(tasks[row.pk]),
            granted=[granted[name] for name in references[row.pk] if name in granted],
            today=_is_todays(row, of_lines[row.line_id], now),
        )
        for row in rows
    ]


def _is_todays(row: Assignment, of: Programme, now: datetime) -> bool:
    """Open now, or opened or done on this local day."""
    if rules.stand(row.closes_at, row.done_at, now) is Stand.OPEN:
        return True
    today = of.local_day(now)
    return today in {of.local_day(moment) for moment in (row.opened_at, row.done_at) if moment}
