"""What tasks keep about a person: what they did, and what machines told of them."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from loop28.front.tasks import rules
from loop28.front.tasks.models import Assignment, Happening, Step
from loop28.front.tasks.programme import of_lines
from loop28.kernel import journal, sql
from loop28.kernel.access import Actor, require
from loop28.kernel.amounts import amount
from loop28.kernel.privacy import (
    AMOUNT,
    DONE,
    KIND,
    LINE,
    TASK,
    TEXT,
    UNTIL,
    WHAT,
    WHEN,
    Row,
    Topic,
)

_ERASED = "erased:"


def about(actor: Actor, members: Collection[int]) -> list[Topic]:
    """Their tasks, and what machines of the company told; what we saw ourselves is where it was."""
    given = Assignment.objects.filter(member__in=members).select_related("line").order_by("id")
    lines = of_lines({row.line_id for row in given})
    rows: list[Row] = [
        [
            row.line.code,
            lines[row.line_id].tasks[row.task].name,
            row.opened_at,
            row.closes_at,
            row.done_at,
        ]
        for row in given
    ]
    told = Happening.objects.filter(member__in=members).exclude(kind__in=rules.OURS)
    facts: list[Row] = [
        [
            row.at,
            row.kind,
            row.subject,
            amount(row.amount),
            ", ".join(f"{name}: {value}" for name, value in (row.fields or {}).items()),
        ]
        for row in told.order_by("at", "id")
    ]
    return [
        Topic("tasks", _("Tasks"), [LINE, TASK, WHEN, UNTIL, DONE], rows),
        Topic(
            "facts", _("What systems of the company told"), [WHEN, KIND, WHAT, AMOUNT, TEXT], facts
        ),
    ]


@journal.action
def erase(actor: Actor, members: Collection[int]) -> None:
    """What machines told of these people keeps its kind, amount and time, and no word of theirs.

    A machine's own name for a fact and for its subject may say who it is about. What was different
    stays different, so that what was counted can be counted again.
    """
    require(actor)
    sql.alone(Happening)
    told = Happening.objects.filter(member__in=members).exclude(kind__in=rules.OURS)
    left = told.exclude(key__startswith=_ERASED).order_by("id")
    facts = list(left.values_list("id", "key", "subject"))
    keys = {key: f"{_ERASED}{number}" for number, key, _subject in facts}
    subjects: dict[str, str] = {}
    for _number, key, subject in facts:
        subjects.setdefault(subject or key, keys[key])
    rows = [
        {"id": number, "key": keys[key], "subject": subjects[subject or key], "fields": None}
        for number, key, subject in facts
    ]
    sql.update(Happening, rows)
    _rename(Step.objects.filter(assignment__member__in=members), "subject", subjects)
    _rename(Assignment.objects.filter(member__in=members), "evidence", keys)


def _rename(rows: QuerySet[Any], field: str, names: Mapping[str, str]) -> None:
    found = rows.filter(**{f"{field}__in": list(names)}).values_list("id", field)
    sql.update(rows.model, [{"id": number, field: names[name]} for number, name in found])
