"""The leader board of a line: the first ten, and one's own place."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from loop28.doors import gate
from loop28.doors.member import frame
from loop28.front.lines.models import Line
from loop28.front.tasks import board
from loop28.kernel.access import Actor

TOP = 10
ROWS = 30
"""So many are shown where very many share the last of these places."""


@gate.member_page
@require_GET
def show(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """Who did most tasks; for those who are on the board and for its host."""
    try:
        found = board.of_line(actor, line_id)
    except Line.DoesNotExist:
        raise Http404 from None
    top = [one for one in found if one.place <= TOP]
    context = {
        "line_id": line_id,
        "top": top[:ROWS],
        "more": len(top) - len(top[:ROWS]),
        "mine": next((one for one in found if one.member == actor.id), None),
        "people": len(found),
    }
    return frame.page(request, actor, "member/board.html", context, tab="today")
