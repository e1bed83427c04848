"""The people behind the numbers of a group: who is in it, active, silent, gone, invited."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from loop28.doors import gate
from loop28.doors.console import frame
from loop28.doors.console.groups import SILENT_DAYS
from loop28.front.circles import queries as circles
from loop28.front.groups import queries as groups
from loop28.front.groups.queries import Group
from loop28.insight.metrics.hands import WEEK_DAYS
from loop28.insight.metrics.health import WEEK
from loop28.kernel import clock
from loop28.kernel.access import Actor
from loop28.middle.members import queries as members

KINDS: dict[str, str | Promise] = {
    "": gettext_lazy("In the group"),
    "active": gettext_lazy("Active today"),
    "yesterday": gettext_lazy("Active yesterday"),
    "week": gettext_lazy("Activity of seven days"),
    "silent": gettext_lazy("Silent members"),
    "left": gettext_lazy("Left in seven days"),
}
CIRCLE_KINDS: dict[str, str | Promise] = {
    "invited": gettext_lazy("Invited"),
    "yes": gettext_lazy("Said yes"),
    "no": gettext_lazy("Said no"),
    "open": gettext_lazy("No answer yet"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody a number of a group counts, with the whole days of the last seven they did something
    on and the last day of all.
    """

    member: int
    name: str
    days: int
    last: date | None


@require_safe
@gate.staff_page()
def show(request: HttpRequest, actor: Actor, group_id: int) -> HttpResponse:
    """The people of one number of a group; nonsense asks for who is in it."""
    group = groups.groups(actor).select_related("region", "host").filter(pk=group_id).first()
    if group is None:
        raise Http404
    now = clock.now()
    today = clock.local_day(now, ZoneInfo(group.zone))
    circle = circles.of_group(group_id)
    kinds = KINDS | (CIRCLE_KINDS if circle else {})
    wanted = request.GET.get("show", "")
    kind = wanted if wanted in kinds else ""
    week = groups.days_active({group_id: (today - WEEK, today - timedelta(days=1))})
    days = {member: count for (_group, member), count in week.items()}
    found = _who(group, kind, now, today, days)
    page = frame.paged(request, found)
    context = {
        "group": group,
        "page": page,
        "rows": _people(group_id, list(page.object_list), days),
        "kinds": [(key, label, key == kind) for key, label in kinds.items()],
        "total": sum(days.values()) if kind == "week" else len(found),
        "week_days": WEEK_DAYS,
        "counts_days": kind == "week",
    }
    return frame.show(request, actor, "console/group_people.html", context, here="groups-health")


def _who(group: Group, kind: str, now: datetime, today: date, days: Mapping[int, int]) -> list[int]:
    if kind in CIRCLE_KINDS:
        return circles.asked(group.pk, "" if kind == "invited" else kind)
    found: dict[str, Callable[[], list[int]]] = {
        "": lambda: groups.inside(group.pk),
        "active": lambda: groups.who_was_active(group.pk, today),
        "yesterday": lambda: groups.who_was_active(group.pk, today - timedelta(days=1)),
        "week": lambda: sorted(days, key=lambda member: (-days[member], member)),
        "silent": lambda: [
            one.member_id
            for one in groups.silent(group.pk, today - timedelta(days=SILENT_DAYS))
            if one.member_id != group.host_id
        ],
        "left": lambda: groups.who_left(group.pk, now - WEEK),
    }
    return found[kind]()


def _people(group_id: int, shown: list[int], days: Mapping[int, int]) -> list[Person]:
    names, last = members.names(shown), groups.last_active([group_id], shown)
    return [Person(m, names.get(m, ""), days.get(m, 0), last.get(m)) for m in shown]
