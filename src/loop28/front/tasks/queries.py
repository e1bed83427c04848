"""What can be known of tasks."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_low

from django.db.models import Case, Count, Q, QuerySet, Value, When

from loop28.front.lines import queries as lines
from loop28.front.lines import seats
from loop28.front.playbooks.schema import TICKED, Task
from loop28.front.rewards import queries as rewards
from loop28.front.rewards.models import Entitlement
from loop28.front.tasks import completion, programme, rules
from loop28.front.tasks.models import Assignment, Step
from loop28.front.tasks.programme import Programme
from loop28.front.tasks.rules import Earned, Stand, Window
from loop28.kernel import clock, sql
from loop28.kernel.access import SYSTEM, Actor, scope


@dataclass(frozen=True, slots=True)
class Mine:
    """A member's assignment as a page shows it.

    ``counted`` of ``target`` is how far it is: days checked in, orders sold, whole yuan; with
    ``counted_today`` a check-in or a streak has this local day already. ``earned`` is what it
    brings, ``granted`` what it has brought, with the state of each reward. ``today`` marks what
    belongs on today's page: open now, or opened or done on this local day.
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

    @property
    def by_day(self) -> bool:
        """Whether something of it counts by the day."""
        return _counts_days(self.assignment)

    @property
    def turn(self) -> int:
        """The how manieth time it is, of a task that comes again."""
        return rules.turn(self.assignment.opening)


@dataclass(frozen=True, slots=True)
class Result:
    """How a task of a line went: of so many opened, how many are done, in review, missed, and
    still open.

    ``nth`` is 1 for the first beat that opens the task, 2 for the next; 0 for what no beat opened.
    ``started`` are those that moved at all, ``stuck`` the open ones of people who need a hand. Half
    of those who did it took no longer than ``took``. ``cost`` are the fen it brought and that were
    not taken back, paid or still held.
    """

    task: Task
    nth: int
    opened: int
    done: int
    in_review: int
    missed: int
    started: int
    stuck: int
    took: timedelta | None
    cost: int

    @property
    def open(self) -> int:
        return self.opened - self.done - self.in_review - self.missed


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


def brought(actor: Actor, assignment_ids: Collection[int]) -> dict[int, list[Entitlement]]:
    """What these assignments have brought, as far as the actor sees them."""
    rows = list(_seen_by(actor).filter(id__in=assignment_ids))
    return _brought(actor, rows, programme.of_lines(row.line_id for row in rows))


def after(mine: Mine) -> list[tuple[Task, Assignment | None]]:
    """What comes after a task, in the order of the playbook; None for what is not open yet."""
    row = mine.assignment
    of = programme.of_lines([row.line_id])[row.line_id]
    keys = of.playbook.next_tasks.get(row.task, ())
    opened = Assignment.objects.filter(
        line_id=row.line_id,
        member_id=row.member_id,
        task__in=keys,
        opening=rules.opened_after(row.opening),
    )
    by_key = {one.task: one for one in opened}
    return [(of.tasks[key], by_key.get(key)) for key in keys]


def results(actor: Actor, line_id: int, reviewing: Collection[int] = ()) -> list[Result]:
    """The tasks of a line as far as they were opened, in the order of its playbook.

    ``reviewing`` are assignments for which a picture waits to be looked at: they began, and are
    neither open nor missed, whatever the time.
    """
    now = clock.now()
    rows = Assignment.objects.filter(line__in=lines.lines(actor).filter(id=line_id))
    by_beat = Case(When(opening__startswith="beat:", then="opening"), default=Value("beat:0"))
    waiting = Q(member_id__in=[one.member for one in stuck(actor, line_id, reviewing)])
    finished = Q(done_at__isnull=False)
    shown = Q(sql.among("id", reviewing), done_at=None)
    counted = rows.values_list("task", by_beat).annotate(
        opened=Count("id"),
        finished=Count("id", filter=finished),
        shown=Count("id", filter=shown),
        late=Count("id", filter=Q(done_at=None, closes_at__lt=now) & ~shown),
        begun=Count("id", filter=finished | Q(progress__gt=0) | shown),
        waiting=Count("id", filter=Q(done_at=None, closes_at__gte=now) & ~shown & waiting),
    )
    tasks = programme.of_lines([line_id])[line_id].tasks if counted else {}
    order = list(tasks)
    took, cost = _spent(rows.values_list("id", "task", by_beat, "opened_at", "done_at"), line_id)
    found = [
        Result(
            tasks[task],
            int(beat.partition(":")[2]),
            *(opened, done, shown_, missed, started, waiting_),
            median_low(took[task, beat]) if took[task, beat] else None,
            cost[task, beat],
        )
        for task, beat, opened, done, shown_, missed, started, waiting_ in counted
    ]
    return sorted(found, key=lambda result: (order.index(result.task.key), result.nth))


def _spent(
    rows: Iterable[tuple[int, str, str, datetime, datetime | None]], line_id: int
) -> tuple[dict[tuple[str, str], list[timedelta]], dict[tuple[str, str], int]]:
    """By task and beat: how long each took who did it, and the fen it brought in all."""
    took: dict[tuple[str, str], list[timedelta]] = defaultdict(list)
    of: dict[int, tuple[str, str]] = {}
    for number, task, beat, opened_at, done_at in rows:
        of[number] = (task, beat)
        if done_at is not None:
            took[task, beat].append(done_at - opened_at)
    cost: dict[tuple[str, str], int] = defaultdict(int)
    for reference, fen in rewards.money_of_line(line_id):
        if (which := of.get(rules.assignment_of(reference))) is not None:
            cost[which] += fen
    return took, cost


def stands(
    line_id: int, task: str, nth: int, reviewing: Collection[int] = ()
) -> dict[int, set[str]]:
    """By member: how one task of a line stands with them, as `results` counts it, with «started»
    and «stuck» where they are.

    What a fact opened, and no beat, somebody may have several times.
    """
    now, found = clock.now(), defaultdict[int, set[str]](set)
    rows = Assignment.objects.filter(line_id=line_id, task=task)
    of_beat = Q(opening=f"beat:{nth}")
    rows = rows.filter(of_beat if nth else of_beat | ~Q(opening__startswith="beat:"))
    waiting = {one.member for one in stuck(SYSTEM, line_id, reviewing)}
    columns = ("id", "member_id", "closes_at", "done_at", "progress")
    for number, member, closes_at, done_at, progress in rows.values_list(*columns):
        shown = number in reviewing
        stand = rules.stand(closes_at, done_at, now, in_review=shown)
        found[member].add(stand.value)
        if done_at is not None or progress > 0 or shown:
            found[member].add("started")
        if stand is Stand.OPEN and member in waiting:
            found[member].add("stuck")
    return dict(found)


def stuck(actor: Actor, line_id: int, reviewing: Collection[int] = ()) -> list[Stuck]:
    """Who needs a hand in a line, the longest waiting first; nobody once the line is over.

    What waits for a look at a picture (``reviewing``) was not left undone.
    """
    line = lines.lines(actor).filter(id=line_id, ended_at=None).first()
    if line is None:
        return []
    now = clock.now()
    windows: dict[int, list[Window]] = defaultdict(list)
    rows = Assignment.objects.filter(line_id=line_id, member_id__in=seats.passed(line_id))
    times = rows.values_list("id", "member_id", "opened_at", "closes_at", "done_at")
    for number, member, opened_at, closes_at, done_at in times:
        if number not in reviewing:
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
    """Open assignments of a line that wait for a person's word, those that end soonest first.

    Not of people who left it.
    """
    rows = Assignment.objects.filter(
        line__in=lines.lines(actor).filter(id=line_id),
        member_id__in=seats.seated(line_id),
        done_at=None,
        closes_at__gte=clock.now(),
    )
    of_line = programme.of_lines([line_id]).values()
    pictured = [task.key for of in of_line for task in of.tasks.values() if task.proof]
    by_hand = rows.filter(kind__in=TICKED, fact="").exclude(task__in=pictured)
    return by_hand.select_related("member").order_by("closes_at", "task", "member_id")


def waiting_for(fact: str, members: Collection[int]) -> set[int]:
    """Which of these members have a task that facts of this kind move, whether open or not."""
    rows = Assignment.objects.filter(member_id__in=members, fact=fact)
    return set(rows.values_list("member_id", flat=True))


def done(line_id: int, members: Collection[int], kind: str = "") -> dict[int, int]:
    """How many tasks of a line each of these members did; who did none is left out.

    All tasks, or only those of a kind. Those that a machine's facts moved are not among them: a
    level must not hang on what we cannot see, which might be what somebody spent.
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


def opened_by_level(line_ids: Sequence[int]) -> dict[tuple[int, str], int]:
    """By line and task: for how many members it has opened with a level."""
    rows = Assignment.objects.filter(line_id__in=line_ids, opening__startswith=rules.LEVEL)
    counted = rows.values_list("line_id", "task").annotate(Count("id"))
    return {(line, task): count for line, task, count in counted}


def doers(line_ids: Sequence[int]) -> dict[int, int]:
    """By line: how many members did at least one task."""
    rows = Assignment.objects.filter(line_id__in=line_ids, done_at__isnull=False)
    return dict(rows.values_list("line_id").annotate(Count("member_id", distinct=True)))


def who_did_a_task(line_ids: Sequence[int]) -> set[tuple[int, int]]:
    """(line, member) of everybody who did at least one task of these lines."""
    rows = Assignment.objects.filter(line_id__in=line_ids, done_at__isnull=False)
    return set(rows.values_list("line_id", "member_id").distinct())


def rewarded_for(
    members: Iterable[int], kinds: Collection[str], facts: Collection[str]
) -> list[str]:
    """References of what these members earned by tasks of these kinds, or moved by these facts."""
    rows = Assignment.objects.filter(sql.among("member", members), done_at__isnull=False)
    rows = rows.filter(Q(kind__in=kinds) | Q(fact__in=facts))
    return [
        rules.reference(number, kind, taken_back)
        for number, taken_back in rows.values_list("id", "taken_back")
        for kind in ("money", "points")
    ]


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
    days: dict[int, set[str]] = defaultdict(set)
    by_day = [row for row in rows if _counts_days(row)]
    steps = Step.objects.filter(assignment__in=by_day).values_list("assignment_id", "subject")
    for assignment, day in steps:
        days[assignment].add(day)
    granted = _brought(actor, rows, of_lines)
    return [
        Mine(
            assignment=row,
            task=tasks[row.pk],
            stand=rules.stand(row.closes_at, row.done_at, now),
            counted=rules.shown(row.mode, row.progress),
            target=rules.shown(row.mode, row.bar),
            counted_today=of_lines[row.line_id].local_day(now).isoformat() in days[row.pk],
            earned=rules.rewards(tasks[row.pk]),
            granted=granted[row.pk],
            today=_is_todays(row, of_lines[row.line_id], now),
        )
        for row in rows
    ]


def _brought(
    actor: Actor, rows: Sequence[Assignment], of_lines: Mapping[int, Programme]
) -> dict[int, list[Entitlement]]:
    named = {
        row.pk: completion.references(row, of_lines[row.line_id].tasks[row.task]) for row in rows
    }
    granted = rewards.by_reference(actor, [name for names in named.values() for name in names])
    return {pk: [granted[name] for name in names if name in granted] for pk, names in named.items()}


def _counts_days(row: Assignment) -> bool:
    return row.kind == rules.CHECKIN or row.mode == rules.STREAK


def _is_todays(row: Assignment, of: Programme, now: datetime) -> bool:
    """Open now, or opened or done on this local day."""
    if rules.stand(row.closes_at, row.done_at, now) is Stand.OPEN:
        return True
    today = of.local_day(now)
    return today in {of.local_day(moment) for moment in (row.opened_at, row.done_at) if moment}
