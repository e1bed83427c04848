"""People who did not pass, with a personal word that is ready for the host to send."""

from typing import NamedTuple

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from loop28.doors import gate
from loop28.doors.cockpit import frame
from loop28.doors.member.joining import invitation_link
from loop28.front.lines import seats, winning_back
from loop28.front.lines.models import Line, WinBack
from loop28.front.playbooks import queries as playbooks
from loop28.kernel.access import Actor
from loop28.kernel.text import number_in
from loop28.middle.members import queries as members
from loop28.ui.text import local_day


class Letter(NamedTuple):
    """Somebody to write to, and the words."""

    row: WinBack
    words: str


@gate.member_page
@require_http_methods(["GET", "POST"])
def win_back(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """Whom to write to, with which words; sent ones are ticked off, and who came back shows."""
    line = frame.line_or_404(actor, line_id)
    rows = list(winning_back.asked(actor, line_id))
    if request.method == "POST":
        chosen = number_in(request.POST.get("asked"))
        if chosen not in {row.pk for row in rows}:
            raise Http404
        winning_back.mark_sent(actor, chosen)
        notes.success(request, _("Noted as sent."))
        return redirect("host-win-back", line_id)
    context = {
        "letters": _letters(actor, line, rows),
        "sent": [row for row in rows if row.sent_at],
        "came": sum(row.came for row in rows),
        "asked": len(rows),
    }
    return frame.page(request, actor, "cockpit/win_back.html", line, context, tab="people")


def _letters(actor: Actor, line: Line, rows: list[WinBack]) -> list[Letter]:
    """What is still to be sent: to people whose consent stands, into lines that take people in."""
    willing = members.consenting(row.member_id for row in rows)
    links = {i.line_id: invitation_link(i) for i in seats.invitations_of(actor)}
    unsent = [
        row
        for row in rows
        if not row.sent_at and not row.came and row.member_id in willing and row.into_id in links
    ]
    with translation.override(playbooks.playbook(line.playbook_id).language):
        return [Letter(row, _words(row, links[row.into_id])) for row in unsent]


def _words(row: WinBack, link: str) -> str:
    return _(
        "Hello %(name)s, we met in my group some weeks ago. You had no time then, and that is fine."
        " On %(day)s the next line begins, at your own pace and at no cost. If you would like to"
        " give it a try, come in here: %(link)s. If not, no harm done."
    ) % {"name": row.member.name, "day": local_day(row.into.start_day), "link": link}
