"""A task: what to do, how far one is, the one tap or the answers that do it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from loop28.doors import gate
from loop28.doors.member import chat, frame, guide
from loop28.doors.member.looked_at import rewards_frozen
from loop28.doors.member.rewards import CAPS, points_words
from loop28.front.clubs import queries as clubs
from loop28.front.evidence import actions as proving
from loop28.front.evidence import queries as evidence
from loop28.front.evidence.models import State
from loop28.front.lines import seats
from loop28.front.playbooks import queries as playbooks
from loop28.front.playbooks.schema import Question
from loop28.front.rewards.models import Entitlement, RewardKind, RewardState
from loop28.front.tasks import actions as task_actions
from loop28.front.tasks import queries as tasks
from loop28.front.tasks import rules, streaks
from loop28.front.tasks.actions import CheckedIn
from loop28.front.tasks.models import Assignment
from loop28.front.tasks.queries import Mine
from loop28.front.tasks.refusals import NotAMissedDay, NothingToCheckIn
from loop28.front.tasks.rules import Stand
from loop28.kernel import clock, pictures
from loop28.kernel.access import SYSTEM, Actor
from loop28.kernel.gather import Gate
from loop28.kernel.text import number_in
from loop28.ui.text import local_day, yuan


@gate.member_page
@require_http_methods(["GET", "POST"])
def task(request: HttpRequest, actor: Actor, assignment_id: int) -> HttpResponse:
    """One task with all one needs to do it; a quiz is answered by POST."""
    mine = mine_or_404(actor, assignment_id)
    given: list[int] = []
    wrong: list[int] = []
    if request.method == "POST":
        given = _answers(request, mine.task.quiz)
        wrong = task_actions.answer_quiz(actor, assignment_id, given)
        if not wrong:
            _tell(request, tasks.brought(actor, [assignment_id]))
            return redirect("task", assignment_id)
    line = mine.assignment.line
    context: dict[str, Any] = {
        "mine": mine,
        "line": line,
        "now": clock.now(),
        "questions": _questions(mine.task.quiz, given, wrong),
        "wrong": wrong,
        "hot_product": playbooks.playbook(line.playbook_id).hot_product,
        "after": tasks.after(mine),
        "streaks": streaks.running([mine]),
        "by_hand": rules.by_hand(mine.task.kind, mine.assignment.fact),
        "told": bool(guide.told(actor, [mine])),
        "group": chat.farthest(actor, line.pk),
        "own_group": clubs.of_member(line.pk, actor.id),
        "reviewing": evidence.in_review([assignment_id]),
        "frozen": rewards_frozen(actor),
    }
    if mine.task.proof:
        context |= _pictures(mine)
    return frame.page(request, actor, "member/task.html", context, status=422 if wrong else 200)


def _pictures(mine: Mine) -> dict[str, Any]:
    """The pictures that were sent for a task, and until when another one can be."""
    sent = evidence.sent_for(mine.assignment.pk)
    until = proving.until(mine.assignment, sent[0] if sent else None)
    waits = bool(sent) and sent[0].state == State.WAITING
    may_send = mine.stand is not Stand.DONE and not waits and clock.now() <= until
    limits = {"megabytes": pictures.MEGABYTES}
    return {"sent": sent, "until": until, "may_send": may_send, "limits": limits}


def _check_in(
    people: Sequence[tuple[int, int]],
) -> list[tuple[CheckedIn, dict[int, list[Entitlement]]]]:
    """Those who tapped check in together; with each answer what it brought.

    For whoever is not in the line it counts nothing.
    """
    inside = sorted(seats.not_left(people))
    answers = dict(zip(inside, task_actions.check_in(SYSTEM, inside), strict=True))
    brought = tasks.brought(SYSTEM, [n for answer in answers.values() for n in answer.done])
    nothing = CheckedIn(0)
    return [
        (answer, {number: brought[number] for number in answer.done})
        for answer in (answers.get(who, nothing) for who in people)
    ]


# A whole line checks in within the minute it is reminded: those who come together share a commit.
_desk = Gate(_check_in)


@gate.member_page
@require_POST
def check_in(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """One tap a day, for every check-in task that is open."""
    answer, brought = _desk.pass_through((line_id, actor.id))
    if not answer.counted:
        seats.seat(actor, line_id)
        raise NothingToCheckIn
    if brought:
        _tell(request, brought)
    else:
        notes.success(request, _("Today counts. Come back tomorrow for the next one."))
    return guide.back(request, f"{reverse('today')}?line={line_id}", line_id)


@gate.member_page
@require_POST
def tell_host(request: HttpRequest, actor: Actor, assignment_id: int) -> HttpResponse:
    """Say in the group that a task is done which only a person can see; said once."""
    mine = mine_or_404(actor, assignment_id)
    group = chat.farthest(actor, mine.assignment.line_id)
    if group and guide.ticked(mine) and mine.stand is Stand.OPEN:
        words = _("Done: %(task)s ✅") % {"task": mine.task.name}
        chat.say_in(actor, group, words, guide.did_key(assignment_id))
        notes.success(request, _("Your host has been told, and will tick it."))
    return guide.back(request, reverse("task", args=[assignment_id]), mine.assignment.line_id)


@gate.member_page
@require_POST
def make_up(request: HttpRequest, actor: Actor, assignment_id: int) -> HttpResponse:
    """One tap plays a make-up card for a missed day of a streak."""
    mine = mine_or_404(actor, assignment_id)
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
    except ValueError:
        raise NotAMissedDay(field="day") from None
    streaks.make_up(actor, assignment_id, day)
    notes.success(request, _("%(day)s counts now.") % {"day": local_day(day)})
    if mine.stand is Stand.OPEN and tasks.one(actor, assignment_id).stand is Stand.DONE:
        _tell(request, tasks.brought(actor, [assignment_id]))
    return guide.back(request, reverse("task", args=[assignment_id]), mine.assignment.line_id)


def reward_words(reward: Entitlement) -> str:
    """What a reward that has just been granted means for its member."""
    what = {"reward": _named(reward)}
    match reward.kind, reward.state:
        case _, RewardState.CAPPED:
            return str(CAPS[reward.capped_by])
        case _, RewardState.HELD:
            return _("Set aside for you, in case of a refund or re-audit: %(reward)s") % what
        case _, RewardState.UNFUNDED:
            return _("Yours as soon as the line has money again: %(reward)s") % what
        case RewardKind.MONEY, RewardState.SETTLED:
            return _("%(reward)s in your wallet") % what
    return what["reward"]


def _named(reward: Entitlement) -> str:
    match reward.kind:
        case RewardKind.MONEY:
            return f"+{yuan(reward.amount)}"
        case RewardKind.POINTS:
            return points_words(reward.amount, signed=True)
        case RewardKind.COUPON:
            return _("Coupon “%(title)s”") % {"title": reward.title}
        case RewardKind.BADGE:
            return _("Badge “%(title)s”") % {"title": reward.title}
    return _("Course “%(title)s”") % {"title": reward.title}


def _tell(request: HttpRequest, brought: Mapping[int, Iterable[Entitlement]]) -> None:
    """Say of each task that has just been finished what it brought."""
    for rewards in brought.values():
        news = " · ".join(map(reward_words, rewards))
        notes.success(request, _("Done! %(news)s") % {"news": news} if news else _("Done!"))


def mine_or_404(actor: Actor, assignment_id: int) -> Mine:
    """One's own task; a host sees others' tasks in the cockpit, not here."""
    try:
        mine = tasks.one(actor, assignment_id)
    except Assignment.DoesNotExist:
        raise Http404 from None
    if mine.assignment.member_id != actor.id:
        raise Http404
    return mine


def _answers(request: HttpRequest, quiz: Sequence[Question]) -> list[int]:
    return [number_in(request.POST.get(f"q{n}")) for n in range(1, len(quiz) + 1)]


def _questions(
    quiz: Sequence[Question], given: Sequence[int], wrong: Sequence[int]
) -> list[dict[str, Any]]:
    return [
        {
            "number": n,
            "ask": question.ask,
            "options": list(enumerate(question.options, start=1)),
            "chosen": given[n - 1] if given else 0,
            "wrong": n in wrong,
        }
        for n, question in enumerate(quiz, start=1)
    ]
