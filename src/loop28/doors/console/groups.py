"""All groups people live in: which need a hand, how each one is, and the page of one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from loop28.doors import gate
from loop28.doors.console import circles as standing
from loop28.doors.console import frame
from loop28.front.circles import queries as circles
from loop28.front.clubs import queries as clubs
from loop28.front.groups import answers
from loop28.front.groups import queries as groups
from loop28.front.groups.models import GroupKind
from loop28.front.lines import queries as lines
from loop28.front.playbooks import queries as playbooks
from loop28.insight.metrics import hands, health
from loop28.insight.metrics.hands import Need
from loop28.insight.metrics.health import Health
from loop28.kernel import clock
from loop28.kernel.access import Actor
from loop28.middle.members import queries as members
from loop28.ui.text import local_stamp

SILENT_DAYS = 7
"""From so many days without a sign somebody is on the list of silent members."""

SILENT_SHOWN = 60
LINKED_SHOWN = 8
TALK_SHOWN = 1500
"""Newest messages in which is looked for who answers whom."""

KINDS = {
    "": gettext_lazy("All"),
    **{kind.value: kind.label for kind in GroupKind if kind != GroupKind.OWN},
}
"""Those whose health is watched; members' own have a page of their own."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a group needs a hand, in words, and the one button that mends it."""

    words: str
    button: str
    url: str


@require_safe
@gate.staff_page()
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The groups that need a hand, all groups with their figures, and the map of their days."""
    now, region = clock.now(), frame.chosen_region(request, actor)
    everybody = health.living(actor, now, region)
    kind = request.GET.get("kind", "")
    found = [one for one in everybody if kind in {"", one.group.kind}]
    page = frame.paged(request, found)
    context = {
        "regions": frame.region_switch(request, actor),
        "region": region,
        "in_need": [(one, causes(one, now)) for one in everybody if one.needs],
        "page": page,
        "kinds": [(key, label, key == kind) for key, label in KINDS.items()],
        "kind": kind,
        "heat": _heat(list(page.object_list)),
        "any": bool(everybody),
        "rhythms": playbooks.weekly_versions(actor).exists(),
    }
    return frame.show(request, actor, "console/groups.html", context, here="groups-health")


def causes(of: Health, now: datetime) -> list[Cause]:
    """Each need of a group in words, with where it is mended."""
    return [_CAUSES[need](of, now) for need in of.needs]


def _questions(of: Health, now: datetime) -> Cause:
    waiting = [at for at in of.vitals.asked if now - at >= hands.QUESTION_WAITS]
    words = ngettext(
        "%(count)s question has waited for an answer since %(at)s.",
        "%(count)s questions have waited for an answer, the first since %(at)s.",
        len(waiting),
    ) % {"count": len(waiting), "at": local_stamp(min(waiting), of.group.zone)}
    button = _("Read and answer") if of.circle else _("Read the questions")
    return Cause(words, button, f"{_page(of)}#questions")


def _host(of: Health, now: datetime) -> Cause:
    spoke = of.vitals.host_spoke_at
    if spoke is None:
        words = _("The host has not said a word yet.")
    else:
        at = local_stamp(spoke, of.group.zone)
        words = _("The host has said nothing since %(at)s.") % {"at": at}
    if of.circle is not None:
        return Cause(words, _("Speak or change the host"), f"{_page(of)}#host")
    return Cause(words, _("Open the line"), _line(of))


def _fell(of: Health, now: datetime) -> Cause:
    words = _("Activity fell by half: %(this)s in the last seven days, %(before)s before.") % {
        "this": of.vitals.this_week,
        "before": of.vitals.week_before,
    }
    if of.circle is not None:
        return Cause(words, _("Ask something"), f"{_page(of)}#say")
    return Cause(words, _("Open the calendar"), reverse("line-calendar", args=[_line_id(of)]))


def _left(of: Health, now: datetime) -> Cause:
    words = ngettext(
        "%(left)s person left in seven days; %(people)s are in it.",
        "%(left)s people left in seven days; %(people)s are in it.",
        of.vitals.left,
    ) % {"left": of.vitals.left, "people": of.vitals.people}
    if of.circle is not None:
        return Cause(words, _("Invite people"), f"{_page(of)}#invite")
    page = reverse("line-members", args=[_line_id(of)])
    return Cause(words, _("See who left"), f"{page}?show=left")


_CAUSES = {
    Need.QUESTIONS: _questions,
    Need.HOST: _host,
    Need.FELL: _fell,
    Need.LEFT: _left,
}


def _page(of: Health) -> str:
    return reverse("group-health", args=[of.group.pk])


def _line_id(of: Health) -> int:
    """The line of a group that is no standing one."""
    if of.line is None:
        raise ValueError(f"group {of.group.pk} belongs to nothing")
    return of.line.pk


def _line(of: Health) -> str:
    return reverse("line", args=[_line_id(of)])


def _heat(of: Sequence[Health]) -> dict[str, Any]:
    days = of[0].days if of else ()
    return {
        "labels": [_short(day) for day in days],
        "unit": "",
        "series": [{"name": one.group.name, "values": list(one.vitals.active)} for one in of],
    }


def _short(day: date) -> str:
    return f"{day.month}/{day.day}"


@require_safe
@gate.staff_page()
def show(request: HttpRequest, actor: Actor, group_id: int) -> HttpResponse:
    """One group: what it needs, its days and hours, who is silent, who answers whom, questions."""
    group = groups.groups(actor).select_related("host", "region").filter(pk=group_id).first()
    if group is None:
        raise Http404
    now = clock.now()
    phase, circle = lines.phase_of(group_id), circles.of_group(group_id)
    of = health.of_group(group, phase.line if phase else None, circle, now)
    today = clock.local_day(now, ZoneInfo(group.zone))
    quiet = groups.silent(group_id, today - timedelta(days=SILENT_DAYS))
    # Of a silent host the causes speak.
    silent = [one for one in quiet if one.member_id != group.host_id]
    context = {
        "h": of,
        "group": group,
        "phase": phase,
        "circle": circle,
        "causes": causes(of, now) if phase or circle else [],
        "club": clubs.of_groups([group_id]).get(group_id),
        "now": now,
        "active": _active(of),
        "hours": _hours(of),
        "silent": silent[:SILENT_SHOWN],
        "silent_count": len(silent),
        "silent_days": SILENT_DAYS,
        "linked": _linked(group_id),
        "questions": of.questions[::-1],
        "names": members.names([q.member_id for q in of.questions if q.member_id]),
    }
    if circle is not None:
        context |= standing.around(actor, circle, now)
    return frame.show(request, actor, "console/group.html", context, here="groups-health")


@require_safe
@gate.staff_page()
def own_groups(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The groups that members built: whose, how many are in, what was taught there."""
    found = clubs.clubs(actor)
    if region := frame.chosen_region(request, actor):
        found = found.filter(line__region=region)
    page = frame.paged(request, found)
    shown = list(page.object_list)
    people = groups.head_counts([club.group_id for club in shown])
    taught = clubs.taught([club.pk for club in shown])
    context = {
        "regions": frame.region_switch(request, actor),
        "page": page,
        "rows": [
            (club, people.get(club.group_id, 0), *taught.get(club.pk, (0, 0))) for club in shown
        ],
    }
    return frame.show(request, actor, "console/own_groups.html", context, here="own-groups-all")


def _active(of: Health) -> dict[str, Any]:
    return {
        "labels": [_short(day) for day in of.days],
        "unit": "",
        "series": [{"name": _("Active members"), "values": list(of.vitals.active)}],
    }


def _hours(of: Health) -> dict[str, Any] | None:
    """Two hours a row, a column a day; nothing where nobody wrote."""
    counts = groups.by_hour([of.group.pk], of.days[0])
    if not counts:
        return None
    rows: dict[int, list[int]] = {}
    for (_group, day, hour), messages in counts.items():
        row = rows.setdefault(hour // 2, [0] * len(of.days))
        if day in of.days:
            row[of.days.index(day)] += messages
    nothing = [0] * len(of.days)
    return {
        "labels": [_short(day) for day in of.days],
        "unit": "",
        "series": [
            {"name": f"{2 * n:02}–{2 * n + 2:02}", "values": rows.get(n, nothing)}
            for n in range(min(rows), max(rows) + 1)
        ],
    }


@dataclass(frozen=True, slots=True)
class Linked:
    """Somebody who talks with many: how often they answered, were answered, and mostly by whom."""

    member: int
    name: str
    answered: int
    was_answered: int
    mostly: str


def _linked(group_id: int) -> list[Linked]:
    """The most connected people of a group, by the rule of `answers.who_answers_whom`."""
    pairs = answers.who_answers_whom(groups.newest([group_id], TALK_SHOWN)[group_id])
    people = answers.most_connected(pairs, LINKED_SHOWN)
    names = members.names({member for pair in pairs for member in pair})
    found = []
    for person in people:
        given = {asked: n for (who, asked), n in pairs.items() if who == person}
        got = {who: n for (who, asked), n in pairs.items() if asked == person}
        ties = {m: given.get(m, 0) + got.get(m, 0) for m in given | got}
        closest = max(sorted(ties), key=lambda m: ties[m])
        found.append(
            Linked(
                person,
                names.get(person, ""),
                sum(given.values()),
                sum(got.values()),
                names.get(closest, ""),
            )
        )
    return found
