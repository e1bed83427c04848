"""A draft played by synthetic people, beside the last real line of the same playbook."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from loop28.doors import gate
from loop28.doors.console import frame, roles
from loop28.front.playbooks import queries as playbooks
from loop28.front.playbooks import rehearsals as actions
from loop28.front.playbooks.models import Draft, Rehearsal, RehearsalState
from loop28.front.playbooks.refusals import OnlyLinesAreRehearsed, PlaybookHasMistakes
from loop28.front.playbooks.rehearsals import Why
from loop28.insight.metrics.rehearsed import Range, Ranges, Share, last_real, ranges
from loop28.kernel.access import Actor, require
from loop28.ui.text import DASH, count, percent, yuan

WHYS: dict[str, str | Promise] = {
    Why.TIME: gettext_lazy("It took too long and was ended. Try again when less is going on."),
    Why.BROKEN: gettext_lazy("The line could not be played to its end. The log says why."),
}


class Row(NamedTuple):
    """A figure as text: the range of what was played, and the real line's; empty without one."""

    label: str
    low: str
    middle: str
    high: str
    real: str


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page(*roles.DRAFT_READERS)
def show(request: HttpRequest, actor: Actor, draft_id: int) -> HttpResponse:
    """Ask for a rehearsal of a draft as it is saved; see how far it is and what came of it."""
    draft = playbooks.draft(actor, draft_id)
    if request.method == "POST":
        require(actor, *roles.PUBLISHERS)
        try:
            actions.ask(actor, draft_id)
        except (PlaybookHasMistakes, OnlyLinesAreRehearsed) as no:
            messages.error(request, str(no))
        return redirect("draft-rehearsal", draft_id)
    played = playbooks.rehearsal(actor, draft)
    context = {"draft": draft, "played": played, "may_write": actor.role in roles.PUBLISHERS}
    context |= _told(actor, draft, played) if played else {}
    if frame.is_poll(request):
        return render(request, "console/parts/rehearsal.html", context)
    return frame.show(request, actor, "console/draft_rehearsal.html", context, here="playbooks")


def _told(actor: Actor, draft: Draft, played: Rehearsal) -> dict[str, Any]:
    told: dict[str, Any] = {
        "outdated": played.digest != actions.digest(draft.text),
        "waits": played.state in {RehearsalState.ASKED, RehearsalState.RUNNING},
        "failed": WHYS.get(played.why, ""),
        "count": len(played.reports),
        "of": actions.SEEDS,
    }
    if played.state == RehearsalState.DONE:
        versions = playbooks.versions_of(actor, played.key)
        real = last_real(actor, [version.pk for version in versions])
        told |= {"real": real, "rows": _rows(ranges(played.reports, real))}
    return told


def _rows(found: Ranges) -> list[Row]:
    return [
        _row(_("Joined"), found.joined, lambda share: count(share.part)),
        _row(_("Pass rate"), found.passed, _percent),
        _row(_("Tasks done by each who passed"), found.tasks, _tenths),
        _row(_("Shop owners among those who joined"), found.owners, _percent),
        _row(_("Spent for each who joined"), found.spent, lambda share: yuan(share.each)),
    ]


def _row(label: str, of: Range, write: Callable[[Share], str]) -> Row:
    real = write(of.real) if of.real else ""
    return Row(label, write(of.low), write(of.middle), write(of.high), real)


def _percent(share: Share) -> str:
    return percent(share.part, share.whole)


def _tenths(share: Share) -> str:
    """``3.5``, rounded down."""
    if not share.whole:
        return DASH
    return "{}.{}".format(*divmod(share.part * 10 // share.whole, 10))
