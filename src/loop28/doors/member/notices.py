"""What the house told somebody, and whether it may go on doing so."""

from itertools import groupby

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from loop28.doors import gate
from loop28.doors.member import frame
from loop28.front.groups import notices as notice_actions
from loop28.front.groups import queries as groups
from loop28.kernel.access import Actor

ROWS = 30


@gate.member_page
@require_http_methods(["GET", "POST"])
def notices(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What came in one message stands in one card; a POST stops the messages or lets them come."""
    if request.method == "POST":
        _choose(request, actor)
        return redirect("notices")
    page = Paginator(groups.own_notices(actor), ROWS).get_page(request.GET.get("page"))
    rows = list(page)
    unread = {row.pk for row in rows if row.read_at is None}
    if unread:
        notice_actions.read_all(actor)
    context = {
        "page": page,
        "cards": [(at, list(of)) for at, of in groupby(rows, key=lambda row: row.sent_at)],
        "unread": unread,
        "stopped": bool(groups.stopped([actor.id])),
    }
    return frame.page(request, actor, "member/notices.html", context, tab="me")


def _choose(request: HttpRequest, actor: Actor) -> None:
    if "stop" in request.POST:
        last = groups.groups(actor).order_by("-id").first()
        notice_actions.stop(actor, [actor.id], last.pk if last else None)
        notes.success(request, _("You get no more messages from us."))
    elif "resume" in request.POST:
        notice_actions.resume(actor)
        notes.success(request, _("You get messages from us again."))
