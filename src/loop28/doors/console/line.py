"""The page of one line: its head and tabs, its overview, its calendar, its journal."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from loop28.doors import gate
from loop28.doors.console import circles, days, frame, mending, narrowing, roles, sentences, topics
from loop28.front.lines import beats as beat_actions
from loop28.front.lines import queries as lines
from loop28.front.lines import schedule, seats
from loop28.front.lines.queries import Beat, Line
from loop28.insight.metrics import figures, overview, red
from loop28.insight.metrics.figures import Figures
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor
from loop28.kernel.journal import queries as journal
from loop28.middle.members import queries as members
from loop28.ui.text import count, local_stamp, percent


def head(actor: Actor, line: Line, now: datetime, tab: str) -> dict[str, Any]:
    """What the head of every page of a line shows."""
    day = lines.today(line, now)
    tabs = (
        ("line", _("Overview")),
        ("line-calendar", _("Calendar")),
        ("line-members", _("Members")),
        ("line-chat", _("Chat")),
        ("line-invitations", _("Invitations")),
        ("line-packets", _("Red packets")),
        ("line-tasks", _("Tasks")),
        ("line-budget", _("Budget")),
        ("line-changes", _("Changes")),
        ("line-journal", _("Journal")),
    )
    return {
        "line": line,
        "day": day,
        "days_left": 1 - day,
        "stage": figures.stage(line, day),
        "tabs": [(label, reverse(name, args=[line.pk]), name == tab) for name, label in tabs],
        "now": now,
    }


@require_safe
@gate.staff_page()
def show(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """The overview: what is wrong, figures, calendar, funnel, passing, activity.

    htmx asks again for the part that moves; the charts are drawn once.
    """
    line, now = frame.line_or_404(actor, line_id), clock.now()
    (f,) = figures.of_lines(actor, [line], now)
    today, again = lines.today(line, now), schedule.second_calls([line_id]).get(line_id)
    by_tier = _by_tier(actor, line_id, again) if f.called else None
    context = head(actor, line, now, "line") | {
        "f": f,
        "reds": [mending.mend(item, now, actor) for item in red.of_lines([f], now)],
        "days": days.days(line, schedule.calendar(actor, line_id), today, now),
        "funnel": _funnel(line, f),
        "notes": _notes(f, sum(late for *_rest, late in by_tier or ())),
        "called_again": again is not None,
        "by_inviter": _by_inviter(actor, line_id, again) if f.called else None,
        "by_tier": by_tier,
    }
    if frame.is_poll(request):
        return frame.show(request, actor, "console/parts/line_live.html", context, here="lines")
    context |= {"active": _active(f, now), "hours": _hours(actor, line, now)}
    context |= circles.beside_line(actor, line, now)
    return frame.show(request, actor, "console/line.html", context, here="lines")


def _notes(f: Figures, late: int) -> dict[str, str]:
    """What stands below the key figures, and the figures that are not plain numbers.

    ``late`` of those who passed did so at the second call.
    """
    people = reverse("line-members", args=[f.line.pk])
    empty_at, zone = f.foresight.empty_at, f.line.region.zone
    return {
        "gap": _("of %(size)s; %(gap)s free") % {"size": count(f.line.size), "gap": count(f.gap)},
        "active_value": count(f.active_today if f.group_today else None),
        "active": _active_note(f) if f.group_today else "",
        "active_url": f"{reverse('group-people', args=[f.group_today])}?show=active"
        if f.group_today
        else "",
        "pass_value": percent(f.opted_in, f.joined) if f.called else "—",
        "passed": _passed(f, late) if f.called else _("the call was not made yet"),
        "passed_url": f"{people}?show=opted-in" if f.called else "",
        "tasks": _("of %(given)s given") % {"given": count(f.tasks_given)},
        "owners": _("%(orders)s with a first order") % {"orders": count(f.first_orders)},
        "owners_url": f"{people}?show=owners",
        "budget": _("lasts until %(day)s") % {"day": local_stamp(empty_at, zone)}
        if empty_at
        else _("lasts until the end"),
    }


def _active_note(f: Figures) -> str:
    """Of how many, and what the last whole day came to: a young day has seen nobody yet."""
    numbers = {
        "people": count(f.there_today),
        "share": percent(f.active_yesterday, f.there_yesterday),
    }
    if f.there_yesterday:
        return _("of %(people)s in today's group; yesterday %(share)s") % numbers
    return _("of %(people)s in today's group") % numbers


def _passed(f: Figures, late: int) -> str:
    numbers = {
        "passed": count(f.opted_in),
        "joined": count(f.joined),
        "first": count(f.opted_in - late),
        "late": count(late),
    }
    if late:
        return _("%(first)s + %(late)s at the second call, of %(joined)s") % numbers
    return _("%(passed)s of %(joined)s opted in") % numbers


def _funnel(line: Line, f: Figures) -> list[tuple[str, int, str]]:
    found = overview.funnel([f])
    people = reverse("line-members", args=[line.pk])
    return [
        (_("Joined"), found.joined, f"{people}?show=joined"),
        (_("Opted in"), found.opted_in, f"{people}?show=opted-in"),
        (_("Did a task"), found.did_a_task, f"{people}?show=did-a-task"),
        (_("First order"), found.first_orders, f"{people}?show=sold"),
        (_("Shop owner"), found.owners, f"{people}?show=owners"),
    ]


Passing = tuple[str, str, int, int, int]
"""A name, what asks for its people, how many joined, passed, and of these at the second call."""


def _by_inviter(actor: Actor, line_id: int, again: datetime | None) -> list[Passing]:
    rows = seats.passing_by_inviter(actor, line_id)
    late = _late(seats.passing_by_inviter(actor, line_id, again) if again else [])
    names = members.names(inviter for inviter, *_ in rows if inviter)
    alone = str(_("came by themselves"))
    return [
        (names.get(key or 0, alone), f"inviter={key or 'none'}", joined, passed, late.get(key, 0))
        for key, joined, passed in rows
    ]


def _by_tier(actor: Actor, line_id: int, again: datetime | None) -> list[Passing]:
    rows = sorted(seats.passing_by_tier(actor, line_id), key=lambda row: row[0] or 99)
    late = _late(seats.passing_by_tier(actor, line_id, again) if again else [])
    return [
        (narrowing.tier_name(key), f"tier={key or 'none'}", joined, passed, late.get(key, 0))
        for key, joined, passed in rows
    ]


def _late(rows: Sequence[tuple[int | None, int, int]]) -> dict[int | None, int]:
    return {key: passed for key, _joined, passed in rows}


def _active(f: Figures, now: datetime) -> dict[str, Any] | None:
    if f.day < 1:
        return None
    active = figures.active_by_day([f.line], now)[f.line.pk]
    return {
        "labels": [str(day) for day in range(1, f.line.days + 1)],
        "unit": "",
        "series": [{"name": _("Active members"), "values": active}],
    }


def _hours(actor: Actor, line: Line, now: datetime) -> dict[str, Any] | None:
    """Two hours a row, from the first to the last in which people ever write; a column a day."""
    counts = figures.hours(actor, line.pk, now)
    rows = [[day[hour] + day[hour + 1] for day in counts] for hour in range(0, 24, 2)]
    awake = [number for number, row in enumerate(rows) if any(row)]
    if not awake:
        return None
    return {
        "labels": [str(day) for day in range(1, line.days + 1)],
        "unit": "",
        "series": [
            {"name": f"{2 * number:02}–{2 * number + 2:02}", "values": rows[number]}
            for number in range(awake[0], awake[-1] + 1)
        ],
    }


@require_safe
@gate.staff_page()
def calendar(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """The calendar, opened at today, or at day 1 before the start."""
    line, now = frame.line_or_404(actor, line_id), clock.now()
    today = min(max(lines.today(line, now), 1), line.days)
    return _calendar(request, actor, line, today, now)


@require_safe
@gate.staff_page()
def one_day(request: HttpRequest, actor: Actor, line_id: int, day: int) -> HttpResponse:
    """The calendar, opened at a day."""
    line, now = frame.line_or_404(actor, line_id), clock.now()
    if not 1 <= day <= line.days:
        raise Http404
    return _calendar(request, actor, line, day, now)


def _calendar(
    request: HttpRequest, actor: Actor, line: Line, day: int, now: datetime
) -> HttpResponse:
    found = days.days(line, schedule.calendar(actor, line.pk), lines.today(line, now), now)
    context = head(actor, line, now, "line-calendar") | {
        "days": found,
        "chosen": found[day - 1],
        "phases": lines.phases(line.pk),
    }
    return frame.show(request, actor, "console/line_calendar.html", context, here="lines")


@require_POST
@gate.staff_page(*roles.RUNNERS)
def do_beat(request: HttpRequest, actor: Actor, line_id: int, beat_id: int) -> HttpResponse:
    """Send a card that waits for the host's hand."""
    beat = _beat_or_404(actor, line_id, beat_id)
    with frame.told(request, _("«%(beat)s» was sent.") % {"beat": mending.title(beat)}):
        beat_actions.do_by_hand(actor, beat.pk)
    return redirect(mending.day_url(beat))


@require_POST
@gate.staff_page(*roles.RUNNERS)
def beat_again(request: HttpRequest, actor: Actor, line_id: int, beat_id: int) -> HttpResponse:
    """Have a beat that failed done once more."""
    beat = _beat_or_404(actor, line_id, beat_id)
    beat_title = mending.title(beat)
    with frame.told(request, _("«%(beat)s» was tried again.") % {"beat": beat_title}):
        beat_actions.try_again(actor, beat.pk)
    return redirect(mending.day_url(beat))


@require_POST
@gate.staff_page(*roles.RUNNERS)
def fire_line(request: HttpRequest, actor: Actor, line_id: int, day: int) -> HttpResponse:
    """Do what is overdue now, from the page of a day."""
    frame.line_or_404(actor, line_id)
    with frame.told(request, _("What was due is done.")):
        beat_actions.fire_due(SYSTEM)
    return redirect("line-day", line_id, day)


def _beat_or_404(actor: Actor, line_id: int, beat_id: int) -> Beat:
    frame.line_or_404(actor, line_id)
    found = [beat for beat in schedule.beats([beat_id]) if beat.line_id == line_id]
    if not found:
        raise Http404
    return found[0]


@require_safe
@gate.staff_page()
def story(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """The journal of a line in sentences, the newest first."""
    line, now = frame.line_or_404(actor, line_id), clock.now()
    topic = request.GET.get("topic", "")
    kinds = topics.kinds_of(topic)
    page = frame.paged(request, journal.of_line(line_id, kinds))
    context = head(actor, line, now, "line-journal") | {
        "page": page,
        "entries": sentences.read(line, list(page.object_list)),
        "topics": [(key, label, key == topic) for key, label in topics.TOPICS.items()],
    }
    return frame.show(request, actor, "console/line_journal.html", context, here="lines")
