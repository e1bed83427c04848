"""The people behind a number that was counted over several lines."""

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from loop28.back.people.models import Tier
from loop28.doors import gate
from loop28.doors.console import frame, narrowing
from loop28.front.lines import seats
from loop28.front.lines.models import Enrollment
from loop28.insight.metrics import behind
from loop28.insight.metrics.behind import Who
from loop28.kernel import clock
from loop28.kernel.access import Actor

WHO: dict[Who, str | Promise] = {
    Who.SEATED: gettext_lazy("In the line"),
    Who.WAITING: gettext_lazy("Waiting"),
    Who.JOINED: gettext_lazy("Ever joined"),
    Who.OPTED_IN: gettext_lazy("Opted in"),
    Who.OPTED_IN_WEEK: gettext_lazy("Opted in this week"),
    Who.DID_A_TASK: gettext_lazy("Did a task"),
    Who.SOLD: gettext_lazy("Sold something"),
    Who.GRADUATES: gettext_lazy("Graduates"),
    Who.OWNERS: gettext_lazy("Shop owners"),
    Who.SUPERVISORS: gettext_lazy("Supervisors"),
}


@require_safe
@gate.staff_page()
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The people of the lines an address asks for, of one city tier if it does."""
    now, wanted = clock.now(), request.GET.get("show", "")
    who = Who(wanted) if wanted in set(Who) else Who.SEATED
    words, of = narrowing.lines_behind(request, actor, now)
    counted = behind.people(of, who, now)
    rows = seats.in_lines([line.pk for line in of])
    tier, asked = narrowing.tier_in(request)
    if asked:
        rows = rows.filter(tier=tier)
        said = _("people from: %(tier)s") % {"tier": narrowing.tier_name(tier)}
        words.append(("tier", request.GET["tier"], said))
    ids = [
        number
        for number, line, member in rows.values_list("id", "line_id", "member_id")
        if (line, member) in counted
    ]
    page = frame.paged(request, ids)
    shown = seats.in_lines([line.pk for line in of]).filter(id__in=page.object_list)
    context = {
        "regions": frame.region_switch(request, actor),
        "page": page,
        "rows": [(row, _tier(row)) for row in shown.select_related("member", "line", "inviter")],
        "who": [(key.value, label, key is who) for key, label in WHO.items()],
        "show": who.value,
        "narrowed": words,
        "lines_count": len(of),
    }
    return frame.show(request, actor, "console/line_people.html", context, here="lines")


def _tier(row: Enrollment) -> str:
    return str(Tier(row.tier).label) if row.tier else ""
