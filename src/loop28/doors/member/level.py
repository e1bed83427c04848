"""My level: what decided, what is still missing, and the appeal when I see it otherwise."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from loop28.doors import gate, levels
from loop28.doors.member import frame
from loop28.doors.member.today import level_words
from loop28.front.ladder import appeals, queries, rules, standing
from loop28.front.ladder.models import Level
from loop28.front.lines import seats
from loop28.front.lines.models import EnrollmentState, Line
from loop28.front.playbooks import queries as playbooks
from loop28.front.rewards.models import Entitlement, RewardKind, RewardState
from loop28.front.tasks import queries as tasks
from loop28.kernel.access import Actor, NotAllowed
from loop28.kernel.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Ahead:
    """The next level in a running line: the numbers so far, each beside what is needed."""

    line: Line
    level: str
    numbers: list[levels.Toward]


HONOURS = (RewardKind.BADGE, RewardKind.COURSE)


@dataclass(frozen=True, slots=True)
class Honour:
    """A badge or a course somebody earned: for which task, in which line."""

    reward: Entitlement
    task: str
    line: str


class AppealForm(forms.Form):
    """Why somebody sees it otherwise."""

    text = forms.CharField(
        label=gettext_lazy("How do you see it?"),
        max_length=appeals.TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@gate.member_page
@require_GET
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """My level, the way to the next, every decision with its numbers, my appeals."""
    context = {
        "level": level_words(actor.id),
        "ahead": _ahead(actor),
        "steps": queries.of_member(actor, actor.id).filter(member=actor.id),
        "contestable": appeals.contestable(actor),
        "honours": _honours(actor),
        "appeals": queries.appeals(actor),
        "form": AppealForm(auto_id=False),
    }
    return frame.page(request, actor, "member/level.html", context, tab="me")


@gate.member_page
@require_POST
def appeal(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Say that I see a decision otherwise."""
    try:
        appeals.appeal(actor, request.POST.get("decision", ""), request.POST.get("text", ""))
    except NotAllowed:
        raise
    except Refusal as no:
        notes.error(request, str(no))
    else:
        notes.success(request, _("Sent. Somebody else looks at it and answers here."))
    return redirect("my-level")


def _honours(actor: Actor) -> list[Honour]:
    """Badges and courses, the latest first, each with the task that brought it."""
    found = [
        Honour(one, mine.task.name, seat.line.code)
        for seat in seats.own(actor)
        for mine in tasks.of_member(actor, actor.id, seat.line_id)
        for one in mine.granted
        if one.kind in HONOURS and one.state == RewardState.SETTLED
    ]
    return sorted(found, key=lambda honour: honour.reward.granted_at, reverse=True)


def _ahead(actor: Actor) -> list[Ahead]:
    """The next level in each running line whose screening the member passed."""
    level = rules.above(queries.level([actor.id]).get(actor.id))
    if level is None:
        return []
    running = seats.own(actor).filter(state=EnrollmentState.JOINED, line__ended_at=None)
    return [
        _in_line(actor, seat.line, level)
        for seat in running
        if actor.id in seats.passed_among([seat.line_id], [actor.id])[seat.line_id]
    ]


def _in_line(actor: Actor, line: Line, level: str) -> Ahead:
    threshold = rules.threshold(playbooks.playbook(line.playbook_id).promotion, level)
    did = standing.numbers(line, [actor.id])[actor.id]
    return Ahead(line, str(Level(level).label), levels.toward(rules.record(threshold, did)))
