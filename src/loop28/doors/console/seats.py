"""The people of a line: who has a seat, who passed, who brought whom."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from loop28.back.people.models import Tier
from loop28.doors import gate
from loop28.doors.console import circles, frame, line, narrowing, roles
from loop28.doors.member.joining import invitation_link
from loop28.front.evidence import queries as evidence
from loop28.front.ladder import queries as ladder
from loop28.front.ladder.models import Level
from loop28.front.lines import actions, schedule
from loop28.front.lines import queries as lines
from loop28.front.lines import seats as line_seats
from loop28.front.lines.models import Enrollment, EnrollmentState, OptIn, Via
from loop28.front.lines.queries import Line
from loop28.front.playbooks import queries as playbooks
from loop28.front.tasks import queries as tasks
from loop28.insight.metrics import figures
from loop28.kernel import clock
from loop28.kernel.access import Actor
from loop28.kernel.text import is_number
from loop28.middle.members import queries as members
from loop28.middle.orders import queries as orders


@dataclass(frozen=True, slots=True)
class Seat:
    """A person of a line as the members table shows them."""

    enrollment: Enrollment
    opt_in: OptIn | None
    tasks: int
    orders: int
    level: str
    made: Collection[str]
    """What this line made them: levels, and ``graduate``."""
    again: bool
    """They said yes at the second call."""

    @property
    def name(self) -> str:
        return self.enrollment.member.name

    @property
    def seated(self) -> bool:
        return self.enrollment.state == EnrollmentState.JOINED

    @property
    def passed(self) -> bool:
        return self.seated and self.opt_in is not None

    @property
    def joined(self) -> bool:
        return self.enrollment.joined_at is not None

    @property
    def tier(self) -> str:
        return str(Tier(self.enrollment.tier).label) if self.enrollment.tier else ""

    @property
    def via(self) -> str:
        return str(Via(self.opt_in.via).label) if self.opt_in else ""


SHOWN: dict[str, tuple[str | Promise, Callable[[Seat], bool]]] = {
    "": (gettext_lazy("In the line"), lambda seat: seat.seated),
    "all": (gettext_lazy("All"), lambda seat: True),
    "joined": (gettext_lazy("Ever joined"), lambda seat: seat.joined),
    "waiting": (
        gettext_lazy("Waiting"),
        lambda seat: seat.enrollment.state == EnrollmentState.WAITING,
    ),
    "left": (gettext_lazy("Left"), lambda seat: seat.enrollment.state == EnrollmentState.LEFT),
    "opted-in": (gettext_lazy("Opted in"), lambda seat: seat.opt_in is not None),
    "not-opted-in": (
        gettext_lazy("Not opted in"),
        lambda seat: seat.seated and seat.opt_in is None,
    ),
    "did-a-task": (gettext_lazy("Did a task"), lambda seat: seat.tasks > 0),
    "sold": (gettext_lazy("Sold something"), lambda seat: seat.passed and seat.orders > 0),
    "graduates": (gettext_lazy("Graduates"), lambda seat: "graduate" in seat.made),
    "owners": (gettext_lazy("Shop owners"), lambda seat: "owner" in seat.made),
    "second-call": (gettext_lazy("At the second call"), lambda seat: seat.again),
}


STOOD: dict[str, str | Promise] = {
    "done": gettext_lazy("Done"),
    "open": pgettext_lazy("tasks", "Open"),
    "in-review": pgettext_lazy("tasks", "Waiting for review"),
    "missed": gettext_lazy("Missed"),
    "started": pgettext_lazy("tasks", "Started"),
    "stuck": pgettext_lazy("tasks", "Stuck"),
}


@require_safe
@gate.staff_page()
def show(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """Everybody who ever asked for a seat, by state and by name."""
    of, now = frame.line_or_404(actor, line_id), clock.now()
    shown = request.GET.get("show", "")
    _label, wanted = SHOWN.get(shown, SHOWN[""])
    narrowed, everybody = _narrowed(request, of, seats(actor, of))
    name = frame.searchable(request.GET.get("q", ""))
    found = [seat for seat in everybody if wanted(seat) and name in frame.searchable(seat.name)]
    context = line.head(actor, of, now, "line-members") | {
        "page": frame.paged(request, found),
        "shown": [
            (key, label, key == shown, sum(map(matches, everybody)))
            for key, (label, matches) in SHOWN.items()
        ],
        "show": shown,
        "narrowed": narrowed,
        "q": request.GET.get("q", "")[:60],
        "may_let_in": _may_let_in(actor, of),
        "anybody": bool(everybody) or bool(narrowed),
        "screened": bool(schedule.called([line_id])) and lines.phases(line_id)[0].closed_at,
        **(circles.beside_line(actor, of, now) if shown == "not-opted-in" else {}),
    }
    return frame.show(request, actor, "console/line_members.html", context, here="lines")


def _narrowed(
    request: HttpRequest, of: Line, everybody: Sequence[Seat]
) -> tuple[list[narrowing.Word], list[Seat]]:
    """The words and the people of a number elsewhere: of an inviter, a city tier, a task."""
    words: list[narrowing.Word] = []
    found = list(everybody)
    inviter = request.GET.get("inviter", "")
    if is_number(inviter) or inviter == narrowing.UNKNOWN:
        known = int(inviter) if inviter != narrowing.UNKNOWN else None
        found = [seat for seat in found if seat.enrollment.inviter_id == known]
        names = members.names([known] if known else [])
        words.append(("inviter", inviter, names.get(known or 0, str(_("came by themselves")))))
    tier, asked = narrowing.tier_in(request)
    if asked:
        found = [seat for seat in found if seat.enrollment.tier == tier]
        words.append(("tier", request.GET["tier"], narrowing.tier_name(tier)))
    task, nth, stood = (request.GET.get(name, "") for name in ("task", "nth", "stood"))
    if task and is_number(nth):
        stands = tasks.stands(of.pk, task, int(nth), evidence.in_review_of(of.pk))
        wanted = {stood} if stood in STOOD else set(STOOD)
        found = [seat for seat in found if stands.get(seat.enrollment.member_id, set()) & wanted]
        titles = {one.key: one.name for one in playbooks.playbook(of.playbook_id).tasks}
        title = titles.get(task, task)
        words.append(("task", task, f"{title} · {STOOD[stood]}" if stood in STOOD else title))
    return words, found


def _may_let_in(actor: Actor, of: Line) -> bool:
    """Before the call nobody is late for it, and after the line there is nowhere to go."""
    return actor.role in roles.RUNNERS and of.ended_at is None and bool(schedule.called([of.pk]))


def seats(actor: Actor, of: Line) -> list[Seat]:
    """The people of a line with what they did, in a constant number of statements."""
    rows = list(line_seats.enrollments(actor, of.pk))
    ids = [row.member_id for row in rows]
    chosen = {opt_in.member_id: opt_in for opt_in in line_seats.opt_ins(actor, of.pk)}
    done = tasks.done(of.pk, ids)
    sold = orders.counting(ids, *figures.span(of))
    levels = ladder.level(ids)
    made: dict[int, set[str]] = defaultdict(set)
    for level in Level.values:
        for _line, member in ladder.made_of([of.pk], level):
            made[member].add(level)
    for _line, member in ladder.graduates_of([of.pk]):
        made[member].add("graduate")
    again = schedule.second_calls([of.pk]).get(of.pk)
    return [
        Seat(
            row,
            chosen.get(row.member_id),
            done.get(row.member_id, 0),
            sold.get(row.member_id, 0),
            str(Level(levels[row.member_id]).label) if row.member_id in levels else "",
            made[row.member_id],
            again is not None and row.member_id in chosen and chosen[row.member_id].at >= again,
        )
        for row in rows
    ]


@require_POST
@gate.staff_page(*roles.RUNNERS)
def let_in(request: HttpRequest, actor: Actor, line_id: int, member_id: int) -> HttpResponse:
    """Let a member into the next group by hand."""
    frame.line_or_404(actor, line_id)
    if not line_seats.seated(line_id, [member_id]):
        raise Http404
    with frame.told(request, _("They are in the next group now.")):
        actions.let_in(actor, line_id, [member_id])
    return redirect(f"{reverse('line-members', args=[line_id])}?{request.POST.get('back', '')}")


@dataclass(frozen=True, slots=True)
class Invited:
    """What one inviting owner brought: people by state, and how many of them passed."""

    number: int
    member: int
    inviter: str
    is_host: bool
    link: str
    joined: int
    waiting: int
    passed: int

    @property
    def id_text(self) -> str:
        return str(self.number)


@require_safe
@gate.staff_page()
def invitations(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """The gap to the line's size, who brought how many, and the personal links."""
    of, now = frame.line_or_404(actor, line_id), clock.now()
    (f,) = figures.of_lines(actor, [of], now)
    context = line.head(actor, of, now, "line-invitations") | {
        "f": f,
        "gap": ngettext("%(count)s free seat", "%(count)s free seats", f.gap) % {"count": f.gap},
        "rows": _invited(actor, of),
        "closed": lines.phases(line_id)[0].closed_at is not None,
        "may_hand_out": actor.role in roles.RUNNERS,
    }
    return frame.show(request, actor, "console/line_invitations.html", context, here="lines")


def _invited(actor: Actor, of: Line) -> list[Invited]:
    counts = {
        number: (joined, passed)
        for number, joined, passed in line_seats.passing_by_inviter(actor, of.pk)
    }
    waiting: dict[int | None, int] = {}
    for row in line_seats.enrollments(actor, of.pk).filter(state=EnrollmentState.WAITING):
        waiting[row.inviter_id] = waiting.get(row.inviter_id, 0) + 1
    found = []
    for invitation in line_seats.invitations(actor, of.pk):
        invitation.line = of
        joined, passed = counts.get(invitation.inviter_id, (0, 0))
        found.append(
            Invited(
                number=invitation.pk,
                member=invitation.inviter_id,
                inviter=invitation.inviter.name,
                is_host=invitation.inviter_id == of.host_id,
                link=invitation_link(invitation),
                joined=joined,
                waiting=waiting.get(invitation.inviter_id, 0),
                passed=passed,
            )
        )
    return sorted(found, key=lambda row: (-row.joined, row.number))


@require_safe
@gate.staff_page(*roles.RUNNERS)
def poster(request: HttpRequest, actor: Actor, line_id: int, invitation_id: int) -> HttpResponse:
    """One personal invitation with its code, to be shown, printed or sent."""
    of, now = frame.line_or_404(actor, line_id), clock.now()
    found = [row for row in line_seats.invitations(actor, line_id) if row.pk == invitation_id]
    if not found:
        raise Http404
    found[0].line = of
    context = line.head(actor, of, now, "line-invitations") | {
        "invitation": found[0],
        "link": invitation_link(found[0]),
    }
    return frame.show(request, actor, "console/line_poster.html", context, here="lines")
