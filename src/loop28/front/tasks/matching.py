"""Which facts count for which assignments: the database joins them, by member, kind and window."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import F, Func, Q, QuerySet

from loop28.front.tasks import rules
from loop28.front.tasks.completion import Row
from loop28.front.tasks.models import Assignment, Happening
from loop28.front.tasks.programme import Programme
from loop28.front.tasks.rules import Assigned, Happened
from loop28.kernel import sql
from loop28.kernel.prepared import prepared

Pair = tuple[Happened, Row]

_OF_ASSIGNMENT = [f"moved__{name.removesuffix('_id')}" for name in Assigned.__slots__]


def moved_by(facts: Mapping[int, Happened]) -> list[Pair]:
    """The assignments in whose window these facts, by number, happened, in the facts' order."""
    if not facts:
        return []
    rows: dict[int, Assigned] = {}
    places = {number: place for place, number in enumerate(facts)}
    pairs = []
    for number, pk, *rest in _moved_by(facts):
        row = rows.get(pk) or rows.setdefault(pk, Assigned(pk, *rest))
        pairs.append((places[number], pk, facts[number], row))
    return [(fact, row) for _place, _pk, fact, row in sorted(pairs, key=_by_place)]


@prepared
def _moved_by(facts: Iterable[int]) -> QuerySet[Happening, tuple[Any, ...]]:
    return _in_window(sql.among("id", facts)).values_list("id", *_OF_ASSIGNMENT)


def holding_for(rows: Iterable[Row]) -> list[Pair]:
    """All facts in the windows of these assignments that were not taken back, as they were told.

    What completed the same task of a record that was merged away counts there, and not twice.
    """
    by_number = {row.pk: row for row in rows}
    if not by_number:
        return []
    found = _in_window(sql.among("moved__id", by_number), taken_back_at=None).order_by("id")
    pairs = [
        (Happened(*values), by_number[number])
        for number, *values in found.values_list("moved__id", *Happened._fields)
    ]
    counted = _by_twins({row.member_id for row in by_number.values()})
    return [(fact, row) for fact, row in pairs if (fact.key, *_task(row)) not in counted]


def _by_twins(members: Collection[int]) -> set[tuple[str, int, str, str]]:
    """What completed tasks of records that were merged into these: facts, each with its task."""
    of = Assignment.objects.filter(sql.among("member__merged_into", members))
    done = of.exclude(evidence="").values_list("evidence", "line_id", "task", "opening")
    return set(done)


def _task(row: Row) -> tuple[int, str, str]:
    return row.line_id, row.task, row.opening


def left_behind(facts: Collection[Happened]) -> QuerySet[Assignment]:
    """What these facts completed for records that were merged away since.

    Of a task that both had done each kept its own, but the facts went to the record that is left
    (`merging.hand_over`). Of several facts only the last one is known to have completed it.
    """
    members, keys = {fact.member_id for fact in facts}, [fact.key for fact in facts]
    rows = Assignment.objects.filter(member__merged_into__in=members, evidence__in=keys)
    return rows.order_by("id")


def fitting(pairs: Iterable[Pair], lines: Mapping[int, Programme]) -> list[Pair]:
    """Those of these whose fact has the fields that the task asks for, as the task counts them."""
    return [
        (rules.by_day(fact, lines[row.line_id].zone) if row.mode == rules.STREAK else fact, row)
        for fact, row in pairs
        if rules.fits(lines[row.line_id].tasks[row.task].measure, fact.fields)
    ]


def _in_window(only: Func, **more: None) -> QuerySet[Happening]:
    """Each fact once with each assignment of its member that its kind moves and its time is in.

    Both ends of a window count. A fact that names a line counts in that one alone.
    """
    here = Q(line=None) | Q(line=F("moved__line"))
    window = Q(moved__opened_at__lte=F("at"), moved__closes_at__gte=F("at"))
    return Happening.objects.filter(only, here, window, **more)


def _by_place(pair: tuple[int, int, Happened, Row]) -> tuple[int, int]:
    return pair[:2]
