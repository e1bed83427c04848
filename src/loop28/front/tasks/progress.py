"""How far assignments are, and what crossing the bar brings. Called inside the actions."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from loop28.front.tasks import matching, programme, rules
from loop28.front.tasks.completion import Done, Row, finish, note, undo
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


class Advance(NamedTuple):
    """What contributions moved, not yet saved; which bars and further tiers that reached, not yet
    finished. For an ``unsure`` one something was told, or may have been, after what happened later.
    """

    moved: Collection[Row]
    reached: list[Done]
    unsure: Collection[Row]


def add(contributions: Sequence[Contribution], lines: Mapping[int, Programme]) -> list[Row]:
    """Count these, in their order, and finish what crosses its bar.

    Which assignments are done by that, or were done in another instant than it had seemed. The
    caller is alone, as `intake.receive` is, and saw that each fact is new.
    """
    was_done = {row.pk for row, *_ in contributions if row.done_at}
    moved, reached, unsure = _advance(contributions, lines)
    reached += [
        Done(row, row.evidence, row.done_at) for row in unsure if row.done_at and row.pk in was_done
    ]
    _settle(_as_it_happened(reached, unsure, lines), was_done, lines)
    changed = {one.assignment.pk: one.assignment for one in reached if not one.tier}
    _save(row for row in moved if row.pk not in changed)
    return list(changed.values())


def count(pairs: Iterable[Pair], lines: Mapping[int, Programme]) -> list[Row]:
    """`add` facts to the assignments they count for."""
    return add(_contributions(pairs), lines)


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
    _settle(reached, _done(rows), lines)
    return back


def count_anew(rows: Sequence[Row]) -> None:
    """As `recount`, for windows that are new: what is done stays done."""
    lines = programme.of_lines(row.line_id for row in rows)
    _settle(_from_nothing(rows, lines), _done(rows), lines)


def _from_nothing(rows: Sequence[Row], lines: Mapping[int, Programme]) -> list[Done]:
    """Set the progress of these to what all facts that hold come to; the bars that reaches, each
    fact told as it happened.

    Nothing is finished or undone by this.
    """
    was = {row.pk: row.done_at for row in rows}
    for row in rows:
        row.progress, row.counted_to, row.done_at = 0, None, None
    Step.objects.filter(assignment__in=was).delete()
    happened = sorted(_holding(rows, lines), key=lambda pair: pair[0].at)
    reached = _advance(_contributions(happened), lines).reached
    _save(rows)
    for row in rows:
        row.done_at = was[row.pk]
    return reached


def _settle(
    reached: Sequence[Done], was_done: Collection[int], lines: Mapping[int, Programme]
) -> None:
    """Finish what reached its bar and was not done, and every further tier; what was done before is
    done by what carries it now.
    """
    note([one for one in reached if not one.tier and one.assignment.pk in was_done])
    finish([one for one in reached if one.tier or one.assignment.pk not in was_done], lines)


def _done(rows: Iterable[Row]) -> set[int]:
    return {row.pk for row in rows if row.done_at}


def _carried(row: Row, done: Mapping[int, Done]) -> bool:
    """Whether what carried the completion of this one still does; a streak is carried by its days,
    whatever happened on them.
    """
    if row.pk not in done:
        return False
    return row.mode == rules.STREAK or done[row.pk].evidence == row.evidence


def _advance(contributions: Sequence[Contribution], lines: Mapping[int, Programme]) -> Advance:
    """Count these, in their order.

    A subject that was counted before adds nothing where different subjects are counted: the unique
    key decides.
    """
    new = _new_steps(contributions)
    days = _days(contributions, new)
    reached: list[Done] = []
    touched: dict[int, Row] = {}
    unsure: dict[int, Row] = {}
    for row, subject, proof, amount, at in contributions:
        if row.fact and row.done_at and at < row.done_at:
            unsure[row.pk] = row
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
        crossed = _crossed(row, before, lines)
        reached += [Done(row, proof, at, tier) for tier in crossed]
        if row.fact and before and crossed and not _is_latest(at, row):
            unsure[row.pk] = row
        row.counted_to = max(at, row.counted_to or at)
        if 0 in crossed:
            row.done_at = at
    return Advance(touched.values(), reached, unsure.values())


def _is_latest(at: datetime, row: Row) -> bool:
    """Whether nothing that counted happened later, as far as that was written down."""
    return row.counted_to is not None and at >= row.counted_to


def _crossed(row: Row, before: int, lines: Mapping[int, Programme]) -> list[int]:
    """The bar, as 0, and the further tiers that it passed since its progress was ``before``."""
    bar = [0] if row.done_at is None and row.progress >= row.bar else []
    task = lines[row.line_id].tasks[row.task]
    if not task.reward.tiers:
        return bar
    return [*bar, *range(rules.tier(task, before) + 1, rules.tier(task, row.progress) + 1)]


def _as_it_happened(
    reached: list[Done], unsure: Collection[Row], lines: Mapping[int, Programme]
) -> list[Done]:
    """What is unsure of these by the facts that carry it, had each been told as it happened."""
    told: dict[int, list[Happened]] = defaultdict(list)
    for fact, row in _holding(list(unsure), lines):
        told[row.pk].append(fact)
    return [
        _carried_by(told[one.assignment.pk], one, lines) if one.assignment.pk in told else one
        for one in reached
    ]


def _carried_by(facts: Iterable[Happened], one: Done, lines: Mapping[int, Programme]) -> Done:
    row = one.assignment
    task = lines[row.line_id].tasks[row.task]
    bar = rules.tiers(task)[one.tier - 1][0] if one.tier else row.bar
    fact = rules.crossing(row.mode, bar, facts)
    return one._replace(evidence=fact.key, at=fact.at) if fact else one


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
    changes = [
        {"id": row.pk, "progress": row.progress, "counted_to": row.counted_to} for row in rows
    ]
    sql.update(Assignment, changes)
