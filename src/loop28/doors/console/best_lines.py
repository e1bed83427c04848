"""What the best lines did differently, in sentences with their numbers."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from loop28.doors import gate
from loop28.doors.console import frame
from loop28.front.lines import queries as lines
from loop28.front.playbooks import queries as playbooks
from loop28.insight.metrics import differences
from loop28.insight.metrics.differences import Comparison, Difference, Habit, Side, Watched
from loop28.kernel.access import Actor

SENTENCES: dict[Habit, str | Promise] = {
    Habit.SUPERVISOR: gettext_lazy(
        "Hosted by a supervisor: %(best)s of the best lines, %(rest)s of the others."
    ),
    Habit.INVITERS: gettext_lazy(
        "Owners who brought people: %(best)s a line in the best, %(rest)s in the others."
    ),
    Habit.JOINED: gettext_lazy(
        "People who joined: %(best)s a line in the best, %(rest)s in the others."
    ),
    Habit.EVENING: gettext_lazy(
        "Messages between 18 and 23 o'clock in the warm-up: %(best)s %% in the best lines, "
        "%(rest)s %% in the others."
    ),
    Habit.WROTE: gettext_lazy(
        "Messages the host wrote in person in the warm-up: %(best)s a line in the best, "
        "%(rest)s in the others."
    ),
    Habit.GATHERED: gettext_lazy(
        "Days from the opening to the start: %(best)s in the best lines, %(rest)s in the others."
    ),
    Habit.SKIPPED: gettext_lazy(
        "Beats that were skipped: %(best)s a line in the best, %(rest)s in the others."
    ),
    Habit.ADDED: gettext_lazy(
        "Beats added to the playbook: %(best)s a line in the best, %(rest)s in the others."
    ),
}


@require_safe
@gate.staff_page()
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The best third of a version's lines beside the rest; the version most lines run on first."""
    published = list(playbooks.versions(actor))
    counts = lines.count_by_playbook(actor, [version.pk for version in published])
    versions = sorted((v for v in published if v.pk in counts), key=lambda v: -counts[v.pk])
    wanted = request.GET.get("playbook", "")
    chosen = next((v for v in versions if str(v.pk) == wanted), next(iter(versions), None))
    found = differences.of_playbook(actor, chosen.pk) if chosen else None
    context = {
        "chosen": chosen,
        "versions": [(v, counts[v.pk], v == chosen) for v in versions],
        "found": found,
        "sides": [(_("The best"), found.best), (_("The others"), found.rest)] if found else [],
        "rates": [_rates(side) for side in (found.best, found.rest)] if found else [],
        "standing_out": [_said(d, found) for d in found.differences if d.stands_out]
        if found
        else [],
        "alike": [_said(d, found) for d in found.differences if not d.stands_out] if found else [],
        "watched": len(Habit),
        "enough": differences.ENOUGH,
    }
    return frame.show(request, actor, "console/best_lines.html", context, here="league")


def _rates(side: Sequence[Watched]) -> str:
    """From the lowest pass rate to the highest."""
    rates = sorted({round(100 * one.rate) for one in side}) or [0]
    return f"{'–'.join(map(str, sorted({rates[0], rates[-1]})))} %"


def _said(difference: Difference, found: Comparison) -> tuple[str, str]:
    """The difference, and how often it comes about by chance."""
    if difference.habit is Habit.SUPERVISOR:
        best = _of(difference.best, found.best)
        rest = _of(difference.rest, found.rest)
    else:
        best, rest = _spread(difference.best), _spread(difference.rest)
    said = str(SENTENCES[difference.habit]) % {"best": best, "rest": rest}
    if difference.by_chance == 1:  # no gap at all: there is nothing to wonder about
        return said, ""
    chance = _("As far apart by chance alone: %(cases)s of 100 times.")
    return said, chance % {"cases": max(1, round(100 * difference.by_chance))}


def _spread(side: Side) -> str:
    """The average, and from where to where the lines lie."""
    if side.least == side.most:
        return f"{side.average:.0f}" if side.average == round(side.average) else _short(side)
    return f"{_short(side)} ({side.least:.0f}–{side.most:.0f})"


def _short(side: Side) -> str:
    return f"{side.average:.1f}"


def _of(side: Side, lines_: Sequence[Watched]) -> str:
    words = {"count": round(side.average * len(lines_)), "lines": len(lines_)}
    return _("%(count)s of %(lines)s") % words
