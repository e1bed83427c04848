"""What can be done with tasks: give them, complete them, check in, answer, tick."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from loop28.front.lines import queries as line_queries
from loop28.front.tasks import following, giving, programme, rules
from loop28.front.tasks.completion import (
    Done,
    Row,
    finish,
    locked,
    mark_active,
    refuse_absent,
    refuse_late,
    undo,
)
from loop28.front.tasks.giving import Given
from loop28.front.tasks.intake import receive
from loop28.front.tasks.models import Assignment, Happening, Step
from loop28.front.tasks.programme import Programme
from loop28.front.tasks.progress import Contribution, add
from loop28.front.tasks.refusals import (
    NeedsPicture,
    NotAQuiz,
    NotByHand,
    OwnTask,
)
from loop28.front.tasks.rules import Happened, Opening, Stand
from loop28.kernel import journal, sql
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role, require
from loop28.kernel.prepared import prepared


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """What a check-in came to: for how many assignments today counts, and which ones are done."""

    counted: int
    done: tuple[int, ...] = ()


@journal.action
def open_tasks(
    actor: Actor, line_id: int, openings: Sequence[Opening], members: Sequence[int]
) -> int:
    """Give tasks of a line's playbook to members, each with its own window from now; how many.

    Who has one already keeps it with its window: the unique key decides. Only the product itself
    gives tasks.
    """
    require(actor)
    given = [
        Given(m, task, by, journal.now()) for m in sorted(set(members)) for task, by in openings
    ]
    return len(give(actor, line_id, given))


@journal.action
def give(actor: Actor, line_id: int, given: Sequence[Given]) -> list[int]:
    """Give tasks of a line's playbook to members, each at its own time; the new assignments.

    What happened since a task opened counts for it. Only the product itself gives tasks.
    """
    require(actor)
    sql.alone(Happening)
    lines = programme.of_lines([line_id])
    new = giving.write([(line_id, one) for one in given], lines)
    following.follow(giving.look_back(new), lines)
    return new


@journal.action
def complete(
    actor: Actor, completions: Sequence[tuple[int, str]], at: datetime | None = None
) -> list[bool]:
    """Complete (assignment, evidence) pairs; for each whether this did it, False if done before.

    Rewards are granted in the same transaction. Refuses the whole batch with TaskClosed when one
    is late; with ``at``, when the proof was given, whoever took it decided that it came in time.
    Only the product itself completes; people use the verbs below.
    """
    require(actor)
    sql.alone(Happening)
    rows = locked({number for number, _ in completions})
    lines = programme.of_lines(row.line_id for row in rows.values())
    if at is None:
        refuse_late(rows.values(), lines)
    return _finish_new(completions, rows, lines, at or journal.now())


@journal.action
def disprove(actor: Actor, assignment_id: int, evidence: str) -> bool:
    """Undo a completion by this proof, with its rewards; False where something else carries it."""
    require(actor)
    sql.alone(Happening)
    row = locked([assignment_id])[assignment_id]
    if row.evidence != evidence:
        return False
    undo([row], programme.of_lines([row.line_id]))
    return True


@journal.action
def check_in(actor: Actor, people: Sequence[tuple[int, int]]) -> list[CheckedIn]:
    """(Line, member) pairs check in: today counts once for each of their open check-in tasks.

    Again the same day answers the same; one with nothing open is answered with a count of 0. The
    door knows that each of them tapped.
    """
    require(actor)
    sql.alone(Happening)
    now = journal.now()
    rows = _check_ins(people)
    lines = programme.of_lines({row.line_id for row in rows})
    days = {line: of.local_day(now).isoformat() for line, of in lines.items()}
    open_ = [row for row in rows if rules.stand(row.closes_at, row.done_at, now) is Stand.OPEN]
    done = add(
        [Contribution(row, days[row.line_id], days[row.line_id], 0, now) for row in open_], lines
    )
    mark_active([row for row in open_ if row.done_at is None], lines)
    following.follow(done, lines)
    receive(
        SYSTEM, [_checked_in(who, days[who[0]]) for who in sorted({_who(row) for row in open_})]
    )
    counted = _subjects(rows)
    today = Counter(_who(row) for row in rows if days[row.line_id] in counted[row.pk])
    finished = defaultdict(list)
    for row in done:
        finished[_who(row)].append(row.pk)
    return [CheckedIn(today[who], tuple(finished[who])) for who in people]


@journal.action
def answer_quiz(actor: Actor, assignment_id: int, answers: Sequence[int]) -> list[int]:
    """The acting member answers with option numbers from 1; the numbers of the wrong questions.

    An empty list means all right, and the task is done. After a wrong answer one may try again.
    Refuses with NotAQuiz, NotInLine and TaskClosed; raises Assignment.DoesNotExist for somebody
    else's.
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
    False if done before. Refuses with NotByHand, NeedsPicture, OwnTask, TaskClosed, NotAllowed.
    """
    sql.alone(Happening)
    rows = locked(set(assignment_ids))
    for line in sorted({row.line_id for row in rows.values()}):
        line_queries.run_by(actor, line)
    lines = programme.of_lines(row.line_id for row in rows.values())
    for row in rows.values():
        task = lines[row.line_id].tasks[row.task]
        if not rules.by_hand(row.kind, row.fact):
            raise NotByHand(task=task.name)
        if task.proof:
            raise NeedsPicture(task=task.name)
        if actor.role is Role.MEMBER and row.member_id == actor.id:
            raise OwnTask
    refuse_late(rows.values(), lines)
    ticked = [(number, str(actor)) for number in assignment_ids]
    return _finish_new(ticked, rows, lines, journal.now())


def _finish_new(
    completions: Iterable[tuple[int, str]],
    rows: Mapping[int, Assignment],
    lines: Mapping[int, Programme],
    at: datetime,
) -> list[bool]:
    """Finish those that are not done, as of then; True for each that this did, once."""
    new: dict[int, str] = {}
    answers = []
    for number, evidence in completions:
        fresh = rows[number].done_at is None and number not in new
        answers.append(fresh)
        if fresh:
            new[number] = evidence
    finish([Done(rows[number], evidence, at) for number, evidence in new.items()], lines)
    following.follow([rows[number] for number in new], lines)
    return answers


def _checked_in(who: tuple[int, int], day: str) -> Happened:
    """A day's check-in as a fact, for the tasks that count it besides those it is made for."""
    line, member = who
    key = f"checkin:{line}:{member}:{day}"
    return Happened(key, member, rules.CHECKIN, journal.now(), f"day:{day}", line=line)


def _who(row: Row) -> tuple[int, int]:
    return row.line_id, row.member_id


@prepared
def _check_ins(people: Sequence[tuple[int, int]]) -> QuerySet[Assignment]:
    """The check-in assignments of these (line, member) pairs, locked."""
    members = sql.Agreeing(("line_id", "member_id"), people)
    rows = Assignment.objects.filter(members, kind=rules.CHECKIN)
    return rows.select_for_update().order_by("id")


def _answer(sheets: Sequence[tuple[int, Sequence[int]]]) -> list[list[int]]:
    sql.alone(Happening)
    rows = locked({number for number, _ in sheets})
    if any(row.kind != rules.QUIZ for row in rows.values()):
        raise NotAQuiz
    refuse_absent(rows.values())
    lines = programme.of_lines(row.line_id for row in rows.values())
    refuse_late(rows.values(), lines)
    keys = {
        number: [question.answer for question in lines[row.line_id].tasks[row.task].quiz]
        for number, row in rows.items()
    }
    wrong = [rules.wrong(keys[number], answers) for number, answers in sheets]
    right = [number for (number, _), bad in zip(sheets, wrong, strict=True) if not bad]
    _finish_new([(number, "quiz") for number in right], rows, lines, journal.now())
    return wrong


def _subjects(rows: Iterable[Assignment]) -> dict[int, set[str]]:
    """The days that were counted for each check-in."""
    found: dict[int, set[str]] = defaultdict(set)
    for assignment, subject in _steps([row.pk for row in rows]):
        found[assignment].add(subject)
    return found


@prepared
def _steps(assignments: Collection[int]) -> QuerySet[Step, tuple[int, str]]:
    steps = Step.objects.filter(sql.among("assignment", assignments))
    return steps.values_list("assignment_id", "subject")
