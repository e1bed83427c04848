"""The people of a line: find one, see how they do, tick what they did, let them in."""

from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from loop28.back.people.models import Tier
from loop28.doors import gate
from loop28.doors.cockpit import frame, help_needed
from loop28.doors.member import chat
from loop28.doors.member.guide import did_key
from loop28.doors.member.joining import invitation_link
from loop28.front.groups import queries as groups
from loop28.front.lines import actions as line_actions
from loop28.front.lines import queries as lines
from loop28.front.lines import schedule, seats
from loop28.front.lines.models import Enrollment, EnrollmentState, Line
from loop28.front.playbooks import queries as playbooks
from loop28.front.tasks import actions as task_actions
from loop28.front.tasks import queries as tasks
from loop28.front.tasks.models import Assignment
from loop28.kernel import clock
from loop28.kernel.access import Actor, NotAllowed
from loop28.kernel.refusals import Refusal
from loop28.kernel.text import number_in
from loop28.middle.members import queries as members

ROWS = 30


class Row(NamedTuple):
    """A person of the line: silent for so many days, tasks done, whether they are through."""

    seat: Enrollment
    silent: int
    done: int
    through: bool


class ToTick(NamedTuple):
    """An open task that waits for the host's word, and whether the member said it is done."""

    assignment: Assignment
    task: str
    said: bool


@gate.member_page
@require_GET
def people(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """Everybody with a seat, by name or number, or only those who have fallen silent."""
    line = frame.line_or_404(actor, line_id)
    today = clock.local_day(clock.now(), ZoneInfo(line.region.zone))
    quiet = {one.member: one.days for one in help_needed.silent(actor, line, today)}
    rows = seats.enrollments(actor, line_id).filter(state=EnrollmentState.JOINED)
    if request.GET.get("show") == "silent":
        rows = rows.filter(member_id__in=list(quiet))
    query = request.GET.get("q", "").strip()[:40]
    if query:
        rows = rows.filter(_is(query))
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    ids = [seat.member_id for seat in page]
    done = tasks.done(line_id, ids)
    through = set(seats.opt_ins(actor, line_id).values_list("member_id", flat=True))
    context = {
        "page": page,
        "rows": [
            Row(s, quiet.get(s.member_id, 0), done.get(s.member_id, 0), s.member_id in through)
            for s in page
        ],
        "groups": [phase.group_id for phase in lines.phases(line_id)],
        "q": query,
        "show": request.GET.get("show", ""),
        "silent": len(quiet),
        "called": schedule.call_of(line_id) is not None,
        "counts": seats.head_counts([line_id])[line_id],
    }
    return frame.page(request, actor, "cockpit/people.html", line, context, tab="people")


@gate.member_page
@require_http_methods(["GET", "POST"])
def tick(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """Tick tasks that only a person can see, many at once."""
    line = frame.line_or_404(actor, line_id)
    waiting = tasks.to_tick(actor, line_id)
    if request.method == "POST":
        chosen = {number_in(value) for value in request.POST.getlist("assignment")}
        _tick(request, actor, [a.pk for a in waiting if a.pk in chosen])
        return redirect("host-tick", line_id)
    query = request.GET.get("q", "").strip()[:40]
    if query:
        waiting = waiting.filter(_is(query))
    page = Paginator(waiting, ROWS).get_page(request.GET.get("page"))
    context = {"page": page, "rows": _to_tick(line, list(page)), "q": query}
    return frame.page(request, actor, "cockpit/tick.html", line, context, tab="tick")


@gate.member_page
@require_http_methods(["GET", "POST"])
def call(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """How the call was answered, by inviter and city tier; and the hand that lets people in."""
    line = frame.line_or_404(actor, line_id)
    if request.method == "POST":
        chosen = [number_in(value) for value in request.POST.getlist("member")]
        _let_in(request, actor, line_id, [m for m in chosen if m])
        return redirect("host-call", line_id)
    by_inviter = seats.passing_by_inviter(actor, line_id)
    names = members.names([inviter for inviter, *_counts in by_inviter if inviter])
    query = request.GET.get("q", "").strip()[:40]
    context: dict[str, Any] = {
        "called": schedule.call_of(line_id),
        "again": _answered_again(actor, line_id),
        "counts": seats.head_counts([line_id])[line_id],
        "by_inviter": [
            (names.get(inviter or 0, _("without an invitation")), joined, passed)
            for inviter, joined, passed in by_inviter
        ],
        "by_tier": [
            (Tier(tier).label if tier else _("no city given"), joined, passed)
            for tier, joined, passed in seats.passing_by_tier(actor, line_id)
        ],
        "q": query,
        "page": Paginator(_outside(actor, line_id, query), ROWS).get_page(request.GET.get("page")),
    }
    return frame.page(request, actor, "cockpit/call.html", line, context, tab="people")


@gate.member_page
@require_GET
def invitations(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """How many seats are still to be filled, the host's own code, and who brought how many."""
    line = frame.line_or_404(actor, line_id)
    found = seats.invitations(actor, line_id)
    brought = seats.brought(found)
    own = next((i for i in found if i.inviter_id == line.host_id), None)
    counts = seats.head_counts([line_id])[line_id]
    context = {
        "link": invitation_link(own) if own else "",
        "counts": counts,
        "gap": max(0, line.size - counts["seated"]),
        "open": lines.phases(line_id)[0].closed_at is None,
        "rows": sorted(((i, brought[i.pk]) for i in found), key=lambda row: -row[1]),
    }
    return frame.page(request, actor, "cockpit/invitations.html", line, context, tab="people")


def _answered_again(actor: Actor, line_id: int) -> int | None:
    """How many answered the second call; None where there was none."""
    since = schedule.second_calls([line_id]).get(line_id)
    return seats.opt_ins(actor, line_id).filter(at__gte=since).count() if since else None


def _is(query: str) -> Q:
    """Members whose name holds the words, or whose number they are."""
    return Q(member__name__icontains=query) | Q(member_id=number_in(query))


def _outside(actor: Actor, line_id: int, query: str) -> QuerySet[Enrollment]:
    """Who has a seat and did not answer the call."""
    inside = seats.opt_ins(actor, line_id).order_by().values("member_id")
    rows = seats.enrollments(actor, line_id).filter(state=EnrollmentState.JOINED)
    rows = rows.exclude(member_id__in=inside)
    return rows.filter(_is(query)) if query else rows


def _to_tick(line: Line, waiting: list[Assignment]) -> list[ToTick]:
    titles = {task.key: task.name for task in playbooks.playbook(line.playbook_id).tasks}
    keys = {a.pk: chat.external_id(a.member_id, did_key(a.pk)) for a in waiting}
    said = groups.known(chat.PLATFORM, list(keys.values()))
    rows = [ToTick(a, titles[a.task], keys[a.pk] in said) for a in waiting]
    return sorted(rows, key=lambda row: not row.said)


def _tick(request: HttpRequest, actor: Actor, chosen: list[int]) -> None:
    if not chosen:
        notes.info(request, _("Nothing was ticked: choose somebody first."))
        return
    try:
        ticked = sum(task_actions.tick(actor, chosen))
    except NotAllowed:
        raise
    except Refusal as no:
        notes.error(request, str(no))
        return
    words = ngettext(
        "%(count)s task ticked; the reward is on its way.",
        "%(count)s tasks ticked; the rewards are on their way.",
        ticked,
    )
    notes.success(request, words % {"count": ticked})


def _let_in(request: HttpRequest, actor: Actor, line_id: int, chosen: list[int]) -> None:
    came = len(line_actions.let_in(actor, line_id, chosen)) if chosen else 0
    words = ngettext("%(count)s person let in.", "%(count)s people let in.", came)
    notes.success(request, words % {"count": came})
