"""How far assignments are, and what crossing the bar brings. Called inside the actions."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from loop28.front.tasks import matching, programme, rules
from loop28.front.tasks.completion import Done, Row, finish, undo
from loop28.front.tasks.matching import Pair
from loop28.front.tasks.models import Assignment, MakeUp, Step
from loop28.front.tasks.programme import Programme
from loop28.front.tasks.rules import Happened
from loop28.kernel import sql


class Contribution(NamedTuple):
    """What one fact, or one day of check-in, adds to one assignment; ``proof`` names it."""

    assignment: Row
    subject: str
    proof: str
    amount: int
    at: datetime


def add(contributions: Sequence[Contribution], lines: Mapping[int, Programme]) -> list[Row]:
    """Count these, in their order, and finish what crosses its bar; which assignments that are.

    The caller is alone, as `intake.receive` is, and saw that each fact is new.
    """
    moved, done = _advance(contributions, lines)
    finish(done, lines)
    new = {one.assignment.pk: one.assignment for one in done if not one.tier}
    _save(row for row in moved if row.pk not in new)
    return list(new.values())


def count(pairs: Iterable[Pair], lines: Mapping[int, Programme]) -> None:
    """`add` facts to the assignments they count for."""
    add(_contributions(pairs), lines)


def _contributions(pairs: Iterable[Pair]) -> list[Contribution]:
    return [Contribution(row, fact.what, fact.key, fact.amount, fact.at) for fact, row in pairs]


def made_up(row: Row, day: date, at: datetime) -> Happened:
    """A day that a make-up card fills, as a fact of the time at which it was played."""
    return Happened(f"makeup:{row.pk}:{day}", row.member_id, row.fact, at, day.isoformat())


def recount(rows: Sequence[Row]) -> list[Row]:
    """Count these from nothing over all facts that hold; the completions that this took back.

    For what is rare: a fact that was taken back. A completion stands as long as the same fact
    carries it, and every tier that it reached. If not, it is a new one, with a hold of its own, and
    what was paid for the old one is set against it. The caller is alone.
    """
    lines = programme.of_lines(row.line_id for row in rows)
    was = {row.pk: row.progress for row in rows}
    reached = _from_nothing(rows, lines)
    done = {one.assignment.pk: one for one in reached if not one.tier}
    back = []
    for row in rows:
        task = lines[row.line_id].tasks[row.task]
        fell = rules.tier(task, row.progress) < rules.tier(task, was[row.pk])
        if row.done_at and (fell or not _carried(row, done)):
            back.append(row)
    undo(back, lines)
    _finish_open(rows, reached, lines)
    return back


def count_anew(rows: Sequence[Row]) -> None:
    """As `recount`, for windows that are new: what is done stays done."""
    lines = programme.of_lines(row.line_id for row in rows)
    _finish_open(rows, _from_nothing(rows, lines), lines)


def crossed_at(rows: Sequence[Row], lines: Mapping[int, Programme]) -> dict[int, datetime]:
    """By assignment that is done, when: the instant in which what happened reached its bar.

    That is not always what they keep: the facts may have been told in another order. Left out is
    what stays done though its facts no longer reach the bar.
    """
    counted: dict[int, list[Happened]] = defaultdict(list)
    moved = [row for row in rows if row.fact]
    for fact, row in _holding(moved, lines):
        counted[row.pk].append(fact)
    found = {row.pk: rules.crossed_at(row.mode, row.bar, counted[row.pk]) for row in moved}
    found |= {row.pk: row.done_at for row in rows if not row.fact}
    return {number: at for number, at in found.items() if at}


def _from_nothing(rows: Sequence[Row], lines: Mapping[int, Programme]) -> list[Done]:
    """Set the progress of these to what all facts that hold come to; the bars that reaches.

    Nothing is finished or undone by this.
    """
    was = {row.pk: row.done_at for row in rows}
    for row in rows:
        row.progress, row.done_at = 0, None
    Step.objects.filter(assignment__in=was).delete()
    _moved, reached = _advance(_contributions(_holding(rows, lines)), lines)
    _save(rows)
    for row in rows:
        row.done_at = was[row.pk]
    return reached


def _finish_open(
    rows: Iterable[Row], reached: Iterable[Done], lines: Mapping[int, Programme]
) -> None:
    """Finish what reached its bar and is not done, and every further tier."""
    open_ = {row.pk for row in rows if row.done_at is None}
    finish([one for one in reached if one.tier or one.assignment.pk in open_], lines)


def _carried(row: Row, done: Mapping[int, Done]) -> bool:
    """Whether what carried the completion of this one still does; a streak is carried by its days,
    whatever happened on them.
    """
    if row.pk not in done:
        return False
    return row.mode == rules.STREAK or done[row.pk].evidence == row.evidence


def _advance(
    contributions: Sequence[Contribution], lines: Mapping[int, Programme]
) -> tuple[Collection[Row], list[Done]]:
    """Count these, in their order; what that moved, not yet saved, and what crosses its bar or a
    further tier by it, not yet finished.

    A subject that was counted before adds nothing where different subjects are counted: the unique
    key decides.
    """
    new = _new_steps(contributions)
    days = _days(contributions, new)
    done: list[Done] = []
    touched: dict[int, Row] = {}
    for row, subject, proof, amount, at in contributions:
        if row.mode in rules.BY_SUBJECT:
            if (row.pk, subject) not in new:
                continue
            new.remove((row.pk, subject))
        if row.mode == rules.STREAK:
            days[row.pk].add(subject)
            amount = rules.run(days[row.pk], subject)
        before = row.progress
        row.progress = rules.moved(row.mode, before, amount)
        touched[row.pk] = row
        if row.done_at is None and row.progress >= row.bar:
            row.done_at = at
            done.append(Done(row, proof, at))
        task = lines[row.line_id].tasks[row.task]
        if task.reward.tiers:
            above = range(rules.tier(task, before) + 1, rules.tier(task, row.progress) + 1)
            done += [Done(row, proof, at, tier) for tier in above]
    return touched.values(), done


def _new_steps(contributions: Iterable[Contribution]) -> set[tuple[int, str]]:
    """The subjects among these that were not counted before, written down as counted now."""
    steps = [
        {"assignment_id": row.pk, "subject": subject, "at": at}
        for row, subject, _proof, _amount, at in contributions
        if row.mode in rules.BY_SUBJECT
    ]
    columns = ("assignment", "subject")
    return {
        (pk, subject) for pk, subject in sql.insert(Step, steps, unique=columns, returning=columns)
    }


def _days(
    contributions: Iterable[Contribution], new: Collection[tuple[int, str]]
) -> dict[int, set[str]]:
    """By assignment that counts a streak: the days that were counted before these came."""
    streaks = {row.pk for row, *_ in contributions if row.mode == rules.STREAK}
    found: dict[int, set[str]] = {number: set() for number in streaks}
    if streaks:
        steps = Step.objects.filter(sql.among("assignment", streaks))
        for number, day in steps.values_list("assignment_id", "subject"):
            if (number, day) not in new:
                found[number].add(day)
    return found


def _holding(rows: Sequence[Row], lines: Mapping[int, Programme]) -> list[Pair]:
    """All that counts for these: facts that hold, and then the cards that were played."""
    return matching.fitting(matching.holding_for(rows), lines) + _made_up(rows)


def _made_up(rows: Iterable[Row]) -> list[Pair]:
    """The days of these streaks that make-up cards fill, as facts of the time they were played."""
    streaks = {row.pk: row for row in rows if row.mode == rules.STREAK}
    if not streaks:
        return []
    played = MakeUp.objects.filter(sql.among("assignment", streaks)).order_by("id")
    return [
        (made_up(row, card.day, card.at), row)
        for card in played
        if (row := streaks[card.assignment_id])
    ]


def _save(rows: Iterable[Row]) -> None:
    sql.update(Assignment, [{"id": row.pk, "progress": row.progress} for row in rows])
