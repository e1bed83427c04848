"""Two records of one person: who may be one, side by side, and the merge."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from loop28.doors import gate
from loop28.doors.console import frame
from loop28.front.ladder import queries as ladder
from loop28.front.ladder.models import Level
from loop28.front.lines import queries as lines
from loop28.front.lines import seats
from loop28.kernel.access import Actor, Role
from loop28.middle.members import merging, queries
from loop28.middle.members.models import Member
from loop28.middle.orders import queries as orders


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two records, with what tells whether they are one person."""

    person: Member
    level: str
    tags: list[Any]
    ids: list[str]
    lines: list[str]
    orders: int
    agreed: bool


@require_safe
@gate.staff_page(Role.ADMINISTRATOR)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who came in with a file and is called like somebody else. Two numbers are compared, too."""
    one, other = _number(request, "one"), _number(request, "other")
    if one and other:
        return redirect("merge", one, other)
    page = frame.paged(request, merging.suggestions(actor))
    known = seats.known({member.pk for pair in page.object_list for member in pair})
    pairs = [_kept_first(one, other, known) for one, other in page.object_list]
    context = {"page": page, "pairs": pairs}
    return frame.show(request, actor, "console/doubles.html", context, here="members")


def _number(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _kept_first(one: Member, other: Member, known: set[int]) -> tuple[Member, Member]:
    """The record that lines know is the one to keep."""
    return (other, one) if other.pk in known and one.pk not in known else (one, other)


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page(Role.ADMINISTRATOR)
def merge(request: HttpRequest, actor: Actor, kept_id: int, lost_id: int) -> HttpResponse:
    """Both side by side, the one that stays on the left."""
    kept, lost = _side(actor, kept_id), _side(actor, lost_id)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with frame.answered_by(form):
            merging.merge(actor, kept_id, lost_id)
            messages.success(request, _("The two records are one person now."))
            return redirect("member", kept_id)
    context = {"kept": kept, "lost": lost, "form": form}
    return frame.show(
        request,
        actor,
        "console/merge.html",
        context,
        here="members",
        status=frame.status_of(form),
    )


def _side(actor: Actor, member_id: int) -> Side:
    person = queries.get(actor, member_id)
    if person is None:
        raise Http404
    levels = ladder.level([member_id])
    hosted = lines.lines(actor).filter(host=member_id).values_list("code", flat=True)
    return Side(
        person,
        str(Level(levels[member_id]).label) if levels else "",
        queries.tags_of([member_id]).get(member_id, []),
        sorted(queries.identities([member_id]).get(member_id, set())),
        [*(seat.line.code for seat in seats.of_member(actor, member_id)), *hosted],
        orders.of_members([member_id]).count(),
        bool(queries.consenting([member_id])),
    )
