"""Everybody who needs a hand, each with a ready word; who was spoken to leaves the list."""

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from loop28.doors import gate
from loop28.doors.cockpit import frame, help_needed
from loop28.front.lines import care
from loop28.front.lines.refusals import NotInLine
from loop28.kernel import clock
from loop28.kernel.access import Actor
from loop28.kernel.text import number_in

ROWS = 30


@gate.member_page
@require_GET
def people(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """All people of a line who need a word today, and the questions that nobody answered."""
    line = frame.line_or_404(actor, line_id)
    needs = help_needed.find(actor, line, clock.now())
    page = Paginator(needs.people, ROWS).get_page(request.GET.get("page"))
    context = {"needs": needs, "page": page, "people": page.object_list}
    return frame.page(request, actor, "cockpit/care.html", line, context, tab="people")


@gate.member_page
@require_POST
def spoken(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """The host had a word with somebody: they rest from the list for some days."""
    frame.line_or_404(actor, line_id)
    try:
        care.note_word(actor, line_id, [number_in(request.POST.get("member"))])
    except NotInLine:
        notes.info(request, _("They have left the line meanwhile."))
    else:
        notes.success(request, _("Noted. They are off the list for three days."))
    return redirect("host-care", line_id)
