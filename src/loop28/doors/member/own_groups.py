"""A group of one's own: open it, see who is in, invite by link and poster, teach lessons in it."""

from typing import Any

from django import forms
from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from loop28.doors import gate
from loop28.doors.console.frame import answered_by
from loop28.doors.member import frame, shared
from loop28.front.clubs import actions, queries
from loop28.front.clubs.models import Club, Lesson
from loop28.front.groups import queries as groups
from loop28.front.lines import lessons
from loop28.front.lines import queries as lines
from loop28.front.referrals import queries as referrals
from loop28.front.referrals import sharing
from loop28.front.referrals.models import Link, Target
from loop28.front.tasks import queries as tasks
from loop28.front.tasks import rules
from loop28.kernel import clock, journal
from loop28.kernel.access import Actor
from loop28.kernel.refusals import Refusal
from loop28.kernel.text import number_in
from loop28.middle.members import queries as members

SHOWN = 60
"""People of the group on its page, the latest first; all of them are counted."""

COUNTED = {"build_group", "teach_lesson"}


class OpenForm(forms.Form):
    """What the group shall be called."""

    name = forms.CharField(
        label=gettext_lazy("What is your group called?"),
        max_length=actions.NAME_LIMIT,
        help_text=gettext_lazy("What people talk about in it: “Cooking for two”, “Third floor”."),
    )


@journal.action
def _open(actor: Actor, line_id: int, name: str) -> Club:
    """The group with its link, so that the first person can be asked at once."""
    club = actions.open_club(actor, line_id, name)
    sharing.share(actor, line_id, Target.GROUP, str(club.pk))
    return club


@gate.member_page
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One's own groups, and the form to open one in each line where there is none."""
    chosen = number_in(request.POST.get("line"))
    form = OpenForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with answered_by(form):
            club = _open(actor, chosen, form.cleaned_data["name"])
            return redirect("own-group", club.pk)
    mine = list(queries.clubs(actor))
    people = groups.head_counts([club.group_id for club in mine])
    open_in = lines.codes(queries.may_open(actor))
    context = {
        "mine": [(club, people.get(club.group_id, 0)) for club in mine],
        "open_in": [
            (line, code, form if line == chosen else OpenForm()) for line, code in open_in.items()
        ],
        "form": form,
    }
    status = 422 if form.errors else 200
    return frame.page(
        request, actor, "member/own_groups.html", context, tab="groups", status=status
    )


@gate.member_page
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, actor: Actor, club_id: int) -> HttpResponse:
    """One's own group: how many are in, its link and poster, what is taught; a POST makes the
    link where there is none.
    """
    club = _own(actor, club_id)
    if request.method == "POST":
        sharing.share(actor, club.line_id, Target.GROUP, str(club.pk))
        return redirect("own-group", club_id)
    inside = groups.inside(club.group_id)
    others = [member for member in inside if member != actor.id][::-1]
    names = members.names(others[:SHOWN])
    context: dict[str, Any] = {
        "club": club,
        "people": len(inside),
        "others": [(member, names[member]) for member in others[:SHOWN]],
        "more": max(0, len(others) - SHOWN),
        "tasks": _tasks(actor, club.line_id),
        "offers": queries.to_teach(club, clock.now()),
        "link": _link(actor, club),
    }
    if context["link"]:
        context["address"] = shared.address(context["link"])
    return frame.page(request, actor, "member/own_group.html", context, tab="groups")


@gate.member_page
@require_POST
def teach(request: HttpRequest, actor: Actor, club_id: int) -> HttpResponse:
    """Post a lesson into the group with one tap."""
    club = _own(actor, club_id)
    try:
        actions.teach(actor, club_id, request.POST.get("talk", ""))
        notes.success(request, _("The lesson is in your group. Now ask people what they think."))
    except Refusal as no:
        notes.error(request, str(no))
        return redirect("own-group", club_id)
    return redirect("group", club.group_id)


@gate.member_page
@require_http_methods(["GET", "POST"])
def lesson(request: HttpRequest, actor: Actor, lesson_id: int) -> HttpResponse:
    """A lesson in full with its question; a POST answers it."""
    try:
        found = queries.lesson(actor, lesson_id)
    except Lesson.DoesNotExist:
        raise Http404 from None
    talk = lessons.lesson(found.club.line, found.talk)
    if talk is None:
        raise Http404
    if request.method == "POST":
        try:
            actions.answer(actor, lesson_id, number_in(request.POST.get("choice")))
        except Refusal as no:
            notes.error(request, str(no))
        return redirect("lesson", lesson_id)
    given = queries.own_answer(actor, lesson_id)
    chosen = queries.chosen(lesson_id)
    context = {
        "lesson": found,
        "talk": talk,
        "given": given,
        "mine": found.club.owner_id == actor.id,
        "choices": [
            (number, reply.answer, chosen.get(number, 0))
            for number, reply in enumerate(talk.replies, start=1)
        ],
        "reply": talk.replies[given.choice - 1].reply if given else "",
        "answers": sum(chosen.values()),
    }
    return frame.page(request, actor, "member/lesson.html", context)


def _own(actor: Actor, club_id: int) -> Club:
    try:
        return queries.own(actor, club_id)
    except Club.DoesNotExist:
        raise Http404 from None


def _link(actor: Actor, club: Club) -> Link | None:
    """The link into the group that was put nowhere in particular."""
    rows = referrals.links(actor).filter(promoter=actor.id, line=club.line_id)
    return rows.filter(target=Target.GROUP, talk=str(club.pk), place="").first()


def _tasks(actor: Actor, line_id: int) -> list[tasks.Mine]:
    """What counts here: the open tasks to build a group and to teach, and those that are done."""
    mine = tasks.of_member(actor, actor.id, line_id)
    return [
        one
        for one in mine
        if one.task.kind in COUNTED and one.stand is not rules.Stand.MISSED and one.assignment.fact
    ]
