"""All lines by day on one page: who is where in the programme, and what is coming."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from loop28.doors import gate
from loop28.doors.console import frame
from loop28.front.lines import queries as lines
from loop28.front.lines import schedule
from loop28.front.lines.queries import Line, Phase
from loop28.front.playbooks import queries as playbooks
from loop28.kernel import clock
from loop28.kernel.access import Actor
from loop28.ui.text import local_day

WEEK = timedelta(days=7)
DAYS = 35
"""From last Monday on: nearly a whole line back and a whole line ahead of today."""


@dataclass(frozen=True, slots=True)
class Column:
    """A date of the page."""

    day: date
    today: bool
    past: bool

    @property
    def weekday(self) -> str:
        """Short: the Chinese names all begin with the word for week."""
        return date_format(self.day, "D").removeprefix("星期")


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of one line: how it looks, what stands in it, what it says aloud, where it leads."""

    look: str
    text: str = ""
    words: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands out in a line's days: its calls, its push, and where something went wrong."""

    calls: set[int]
    push: int | None
    trouble: set[int]


@require_safe
@gate.staff_page()
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Lines by days, five weeks at a time; a day of a line leads to its beats."""
    now = clock.now()
    today = timezone.localdate(now)
    region = frame.chosen_region(request, actor)
    first = _first(request, today)
    columns = [Column(day, day == today, day < clock.monday(today)) for day in _days(first)]
    found = _lines(actor, region, first)
    context = {
        "regions": frame.region_switch(request, actor),
        "region": region,
        "columns": columns,
        "rows": _rows(found, columns, now),
        "earlier": (first - WEEK).isoformat(),
        "later": (first + WEEK).isoformat(),
        "moved": first != clock.monday(today) - WEEK,
        "first": first,
        "last": columns[-1].day,
    }
    return frame.show(request, actor, "console/lines_calendar.html", context, here="lines-calendar")


def _first(request: HttpRequest, today: date) -> date:
    """The Monday of the week that ``?from=`` names; nonsense names last week's."""
    try:
        wanted = date.fromisoformat(request.GET.get("from", ""))
    except ValueError:
        wanted = today - WEEK
    return clock.monday(wanted if 2000 <= wanted.year <= 2200 else today - WEEK)


def _days(first: date) -> list[date]:
    return [first + timedelta(days=n) for n in range(DAYS)]


def _lines(actor: Actor, region: int | None, first: date) -> list[Line]:
    """The lines of which a day may be on the page, by region and start day."""
    rows = lines.lines(actor).filter(start_day__lt=first + timedelta(days=DAYS))
    rows = rows.filter(Q(ended_at=None) | Q(ended_at__date__gte=first))
    if region is not None:
        rows = rows.filter(region=region)
    ordered = rows.order_by("region_id", "start_day", "id")
    return [line for line in ordered if line.start_day + timedelta(days=line.days) > first]


def _rows(
    found: Sequence[Line], columns: Sequence[Column], now: datetime
) -> list[tuple[Line, list[Cell]]]:
    ids = [line.pk for line in found]
    phases, marks = lines.phases_by_line(ids), _marks(found, now)
    return [
        (line, [_cell(line, column, phases[line.pk], marks[line.pk]) for column in columns])
        for line in found
    ]


def _marks(found: Sequence[Line], now: datetime) -> dict[int, Marks]:
    """The push begins on the day on which a task of a first order opens."""
    ids = [line.pk for line in found]
    selling = {line.pk: _selling(line.playbook_id) for line in found}
    calls: dict[int, set[int]] = defaultdict(set)
    pushes: dict[int, list[int]] = defaultdict(list)
    for beat in schedule.calls_and_tasks(ids):
        if beat.kind == "call":
            calls[beat.line_id].add(beat.day)
        elif selling[beat.line_id] & set(beat.payload["tasks"]):
            pushes[beat.line_id].append(beat.day)
    late = schedule.late([line.pk for line in found if line.ended_at is None], now)
    return {
        number: Marks(
            calls[number], min(pushes[number], default=None), {b.day for b in late.get(number, [])}
        )
        for number in ids
    }


def _selling(playbook: int) -> set[str]:
    return {task.key for task in playbooks.playbook(playbook).tasks if task.kind == "first_order"}


def _cell(line: Line, column: Column, phases: Sequence[Phase], marks: Marks) -> Cell:
    number = (column.day - line.start_day).days + 1
    around = f"{' today' if column.today else ''}{' past-week' if column.past else ''}"
    if number < 1:
        return Cell(f"gathers{around}" if column.day >= _day(line, line.opened_at) else around)
    if number > line.days or (line.stopped_at and column.day > _day(line, line.stopped_at)):
        return Cell(around)
    phase = next(p for p in phases if p.first_day <= number <= p.last_day)
    look, text, words = f"phase-{min(phase.number, 3)}", str(number), [phase.name]
    if marks.push is not None and number >= marks.push:
        look, words = "push", [*words, _("push")]
    if number in marks.calls:
        look, text = "call", pgettext("in a calendar", "Call")
        words = [*words, _("call to opt in")]
    if number in marks.trouble:
        look, words = f"{look} trouble", [*words, _("to mend")]
    said = _("%(line)s, day %(day)s, %(date)s: %(what)s") % {
        "line": line.code,
        "day": number,
        "date": local_day(column.day),
        "what": ", ".join(words),
    }
    return Cell(f"{look}{around}", text, said, f"{_calendar_of(line)}/{number}")


def _day(line: Line, moment: datetime) -> date:
    return clock.local_day(moment, ZoneInfo(line.region.zone))


def _calendar_of(line: Line) -> str:
    return reverse("line-calendar", args=[line.pk])
