"""What can be done with tasks: give them, complete them, check in, answer, tick, count orders."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from loop28.front.lines import queries as line_queries
from loop28.front.tasks import programme, rules
from loop28.front.tasks.completion import finish, locked, mark_active, refuse_late, undo
from loop28.front.tasks.facts import TasksOpened
from loop28.front.tasks.models import Assignment, Step
from loop28.front.tasks.programme import Programme
from loop28.front.tasks.refusals import NotAQuiz, NotByHand, NothingToCheckIn, OwnTask
from loop28.front.tasks.rules import Opening, Stand
from loop28.kernel import journal, sql
from loop28.kernel.access import Actor, NotAllowed, Role, require


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """What a check-in came to: for how many assignments today counts, and which ones are done."""

    counted: int
    done: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sale:
    """An order that a member sold to somebody else."""

    member: int
    order: int
    paid_at: datetime


@journal.action
def open_tasks(
    actor: Actor, line_id: int, openings: Sequence[Opening], members: Sequence[int]
) -> int:
    """Give tasks of a line's playbook to members, each with its own window from now; how many.

    Who has one already keeps it with its window: the unique key decides. Only the product itself
    gives tasks.
    """
    require(actor)
    now = journal.now()
    tasks = programme.of_lines([line_id])[line_id].tasks
    rows = [
        {
            "line_id": line_id,
            "member_id": member,
            "task": opening.task,
            "kind": tasks[opening.task].kind,
            "nth": opening.nth,
            "opened_at": now,
            "closes_at": now + tasks[opening.task].window,
            "evidence": "",
            "taken_back": 0,
        }
        for member in sorted(set(members))
        for opening in openings
    ]
    new = sql.insert(Assignment, rows, unique=("line", "member", "task", "nth"))
    if new:
        journal.record(TasksOpened(line=line_id, tasks=len(openings), assignments=len(new)))
    return len(new)


@journal.action
def complete(actor: Actor, completions: Sequence[tuple[int, str]]) -> list[bool]:
    """Complete (assignment, evidence) pairs; for each whether this did it, False if done before.

    Rewards are granted in the same transaction. Refuses the whole batch with TaskClosed when one
    is late. For measures and batches of the product itself; people use the verbs below.
    """
    require(actor)
    rows = locked({number for number, _ in completions})
    lines = programme.of_lines(row.line_id for row in rows.values())
    refuse_late(rows.values(), lines)
    return _finish_new(completions, rows, lines)


@journal.action
def check_in(actor: Actor, line_id: int) -> CheckedIn:
    """The acting member checks in: today counts once for each of their open check-in tasks.

    Tapping again the same day answers the same. Refuses with NothingToCheckIn.
    """
    if actor.role is not Role.MEMBER:
        raise NotAllowed
    (answer,) = _check_in([(line_id, actor.id)])
    if not answer.counted:
        raise NothingToCheckIn
    return answer


@journal.action
def check_in_many(actor: Actor, people: Sequence[tuple[int, int]]) -> list[CheckedIn]:
    """`check_in` for (line, member) pairs; one with nothing open is answered with a count of 0."""
    require(actor)
    return _check_in(people)


@journal.action
def answer_quiz(actor: Actor, assignment_id: int, answers: Sequence[int]) -> list[int]:
    """The acting member answers with option numbers from 1; the numbers of the wrong questions.

    An empty list means all right, and the task is done. After a wrong answer one may try again.
    Refuses with NotAQuiz and TaskClosed; raises Assignment.DoesNotExist for somebody else's.
    """
    if actor.role is not Role.MEMBER:
        raise NotAllowed
    if not Assignment.objects.filter(id=assignment_id, member_id=actor.id).exists():
        raise Assignment.DoesNotExist
    (wrong,) = _answer([(assignment_id, answers)])
    return wrong


@journal.action
def answer_quizzes(actor: Actor, sheets: Sequence[tuple[int, Sequence[int]]]) -> list[list[int]]:
    """`answer_quiz` for many (assignment, answers)."""
    require(actor)
    return _answer(sheets)


@journal.action
def tick(actor: Actor, assignment_ids: Sequence[int]) -> list[bool]:
    """Whoever runs the line confirms that members did tasks which only a person can see.

    The line's host, a manager of its region or an administrator. For each whether this did it,
    False if done before. Refuses with NotByHand, OwnTask, TaskClosed, NotAllowed.
    """
    rows = locked(set(assignment_ids))
    for line in sorted({row.line_id for row in rows.values()}):
        line_queries.run_by(actor, line)
    lines = programme.of_lines(row.line_id for row in rows.values())
    for row in rows.values():
        if not rules.by_hand(row.kind):
            raise NotByHand(task=lines[row.line_id].tasks[row.task].name)
        if actor.role is Role.MEMBER and row.member_id == actor.id:
            raise OwnTask
    refuse_late(rows.values(), lines)
    return _finish_new([(number, str(actor)) for number in assignment_ids], rows, lines)


@journal.action
def count_orders(actor: Actor, sales: Sequence[Sale]) -> int:
    """Count sales towards the sellers' first-order tasks, in every line; how many tasks that did.

    A sale counts by when it was paid, so that one reported late is not lost.
    """
    require(actor)
    rows = _of_sellers(sales)
    sold_by = defaultdict(list)
    for sale in sorted(sales, key=lambda sale: (sale.paid_at, sale.order)):
        sold_by[sale.member].append(sale)
    steps = [
        {"assignment_id": row.pk, "subject": _subject(sale.order), "at": sale.paid_at}
        for row in rows
        for sale in sold_by[row.member_id]
        if rules.in_window(row.opened_at, row.closes_at, sale.paid_at)
    ]
    _insert_steps(steps)
    open_ = [row for row in rows if row.done_at is None]
    lines = programme.of_lines(row.line_id for row in open_)
    return len(_cross(open_, _subjects(open_), lines))


@journal.action
def take_back(actor: Actor, orders: Sequence[int]) -> int:
    """Undo what refunded orders had completed, as long as its reward is held; how many tasks.

    The task is open again while its window stands. Sales that are left may complete it at once.
    """
    require(actor)
    gone = {_subject(order) for order in orders}
    rows = _undecided(gone)
    lines = programme.of_lines(row.line_id for row in rows)
    counted = _subjects(rows)
    lost = [
        row
        for row in rows
        if row.done_at and rules.taken_back(counted[row.pk], gone, _target(row, lines))
    ]
    back = {row.pk for row in undo(lost, lines)}
    kept = {row.pk for row in lost} - back  # their reward was settled: the sale stays counted
    left = [row for row in rows if row.pk not in kept]
    Step.objects.filter(assignment_id__in=[row.pk for row in left], subject__in=gone).delete()
    again = [row for row in left if row.pk in back]
    _cross(again, _subjects(again), lines)
    return len(back)


def _finish_new(
    completions: Iterable[tuple[int, str]],
    rows: Mapping[int, Assignment],
    lines: Mapping[int, Programme],
) -> list[bool]:
    """Finish those that are not done; True for each that this did, once."""
    new: dict[int, str] = {}
    answers = []
    for number, evidence in completions:
        fresh = rows[number].done_at is None and number not in new
        answers.append(fresh)
        if fresh:
            new[number] = evidence
    finish([(rows[number], evidence) for number, evidence in new.items()], lines)
    return answers


def _check_in(people: Sequence[tuple[int, int]]) -> list[CheckedIn]:
    now = journal.now()
    rows = _check_ins(people)
    lines = programme.of_lines({row.line_id for row in rows})
    days = {line: of.local_day(now).isoformat() for line, of in lines.items()}
    open_ = [row for row in rows if rules.stand(row.closes_at, row.done_at, now) is Stand.OPEN]
    _insert_steps([{"assignment_id": r.pk, "subject": days[r.line_id], "at": now} for r in open_])
    counted = _subjects(rows)
    done = _cross(open_, counted, lines)
    mark_active([row for row in open_ if row.done_at is None], lines)
    today = Counter(_who(row) for row in rows if days[row.line_id] in counted[row.pk])
    finished = defaultdict(list)
    for row in done:
        finished[_who(row)].append(row.pk)
    return [CheckedIn(today[who], tuple(finished[who])) for who in people]


def _who(row: Assignment) -> tuple[int, int]:
    return row.line_id, row.member_id


def _check_ins(people: Sequence[tuple[int, int]]) -> list[Assignment]:
    """The check-in assignments of these (line, member) pairs, locked."""
    rows = Assignment.objects.select_for_update().filter(
        kind=rules.CHECKIN,
        line_id__in={line for line, _ in people},
        member_id__in={member for _, member in people},
    )
    wanted = set(people)
    return [row for row in rows.order_by("id") if _who(row) in wanted]


def _answer(sheets: Sequence[tuple[int, Sequence[int]]]) -> list[list[int]]:
    rows = locked({number for number, _ in sheets})
    if any(row.kind != rules.QUIZ for row in rows.values()):
        raise NotAQuiz
    lines = programme.of_lines(row.line_id for row in rows.values())
    refuse_late(rows.values(), lines)
    keys = {
        number: [question.answer for question in lines[row.line_id].tasks[row.task].quiz]
        for number, row in rows.items()
    }
    wrong = [rules.wrong(keys[number], answers) for number, answers in sheets]
    right = [number for (number, _), bad in zip(sheets, wrong, strict=True) if not bad]
    _finish_new([(number, "quiz") for number in right], rows, lines)
    return wrong


def _of_sellers(sales: Sequence[Sale]) -> list[Assignment]:
    """The first-order assignments, done or not, that one of these sales may count for; locked."""
    if not sales:
        return []
    rows = Assignment.objects.select_for_update().filter(
        kind=rules.FIRST_ORDER,
        member_id__in={sale.member for sale in sales},
        opened_at__lte=max(sale.paid_at for sale in sales),
        closes_at__gte=min(sale.paid_at for sale in sales),
    )
    return list(rows.order_by("id"))


def _undecided(gone: set[str]) -> list[Assignment]:
    """The assignments that these subjects count for and that may still change, locked."""
    now = journal.now()
    touched = Step.objects.filter(subject__in=gone).values_list("assignment_id", flat=True)
    rows = locked(set(touched)).values()
    return [row for row in rows if row.done_at is None or not rules.final(row.done_at, now)]


def _cross(
    rows: Sequence[Assignment],
    counted: Mapping[int, Sequence[str]],
    lines: Mapping[int, Programme],
) -> list[Assignment]:
    """Finish those of these open assignments whose steps have reached the target; which ones."""
    done = [
        (row, evidence)
        for row in rows
        if (evidence := rules.crossing(counted[row.pk], _target(row, lines)))
    ]
    finish(done, lines)
    return [row for row, _ in done]


def _insert_steps(steps: Sequence[sql.Row]) -> None:
    sql.insert(Step, steps, unique=("assignment", "subject"))


def _subjects(rows: Iterable[Assignment]) -> dict[int, list[str]]:
    """What was counted for each assignment, in the order in which it was."""
    found: dict[int, list[str]] = defaultdict(list)
    steps = Step.objects.filter(assignment_id__in=[row.pk for row in rows]).order_by("id")
    for assignment, subject in steps.values_list("assignment_id", "subject"):
        found[assignment].append(subject)
    return found


def _target(row: Assignment, lines: Mapping[int, Programme]) -> int:
    return lines[row.line_id].tasks[row.task].target


def _subject(order: int) -> str:
    return f"order:{order}"
