"""The rewards of a line one by one, and how far its caps are used up."""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from loop28.doors import gate
from loop28.doors.console import frame, line
from loop28.front.lines.queries import Line
from loop28.front.playbooks import queries as playbooks
from loop28.front.rewards import queries as rewards
from loop28.front.rewards.models import RewardState
from loop28.kernel import clock
from loop28.kernel.access import Actor

SHOWN = {
    "": gettext_lazy("All"),
    RewardState.SETTLED: gettext_lazy("Paid"),
    RewardState.HELD: gettext_lazy("Held"),
    RewardState.UNFUNDED: gettext_lazy("Waiting for money"),
    RewardState.CAPPED: gettext_lazy("Over a cap"),
    RewardState.VOID: gettext_lazy("Taken back in time"),
    RewardState.REVERSED: gettext_lazy("Taken back after it was paid"),
}
TONES = {"settled": "good", "unfunded": "warn", "capped": "warn", "reversed": "bad"}


class Used(NamedTuple):
    """A cap of a line in words; fen, or places where ``counts`` says so."""

    words: str
    used: int
    most: int
    counts: bool


@require_safe
@gate.staff_page()
def show(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """Who was granted what, where it stands and why, the newest first."""
    of = frame.line_or_404(actor, line_id)
    state = request.GET.get("state", "")
    state = state if state in SHOWN else ""
    rows = rewards.of_line(actor, line_id)
    if state:
        rows = rows.filter(state=state)
    if request.GET.get("kind") == "money":
        rows = rows.filter(kind="money")
    context = line.head(actor, of, clock.now(), "line-budget") | {
        "page": frame.paged(request, rows),
        "state": state,
        "kind": request.GET.get("kind", ""),
        "states": [(key, label, key == state) for key, label in SHOWN.items()],
        "tones": TONES,
    }
    return frame.show(request, actor, "console/line_rewards.html", context, here="lines")


def caps(actor: Actor, of: Line) -> list[Used]:
    """How far the caps of a line as a whole are used; one that nothing counted yet is left out."""
    names = {task.key: task.name for task in playbooks.playbook(of.playbook_id).tasks}
    found = []
    for cap in rewards.caps(actor, of.pk):
        kind, _colon, key = cap.name.partition(":")
        words = {
            "line": _("All rewards of the line"),
            "budget": _("Part «%(part)s» of the budget") % {"part": key},
            "task": _("Money for «%(task)s»") % {"task": names.get(key, key)},
            "first": _("Places of «%(task)s»") % {"task": names.get(key, key)},
        }
        if kind in words:
            found.append(Used(words[kind], cap.used, cap.most, kind == "first"))
    return found
