"""The next task, large, with the one tap that does it or leads to where it is done."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from loop28.doors.member import chat
from loop28.front.tasks import guidance, rules
from loop28.front.tasks.queries import Mine
from loop28.front.tasks.rules import Stand
from loop28.kernel.access import Actor


class Step(NamedTuple):
    """What to do next: the words on its button and where it leads; ``taps`` when that does it."""

    mine: Mine
    label: str
    url: str
    taps: bool


def next_step(actor: Actor, mine: Sequence[Mine], reviewing: Collection[int]) -> Step | None:
    """The best next one of a member's tasks; None when nothing is left to do now."""
    found = guidance.next_up(mine, {*reviewing, *told(actor, mine)})
    return _step(found) if found else None


def told(actor: Actor, mine: Iterable[Mine]) -> set[int]:
    """Of which of these, that only a person sees, the member has said that they are done."""
    keys = {
        did_key(one.assignment.pk): one.assignment.pk
        for one in mine
        if one.stand is Stand.OPEN and ticked(one)
    }
    return {keys[key] for key in chat.said(actor, keys)} if keys else set()


def ticked(mine: Mine) -> bool:
    """Whether the host ticks it, on the member's word and without a picture."""
    return rules.by_hand(mine.task.kind, mine.assignment.fact) and not mine.task.proof


def did_key(assignment_id: int) -> str:
    """The key of the message by which a member says that they did a task."""
    return f"did-{assignment_id}"


def back(request: HttpRequest, page: str, line_id: int) -> HttpResponse:
    """To where the tap came from: the way, or the page that is named."""
    on_the_way = request.POST.get("from") == "path"
    return redirect(f"{reverse('path')}?line={line_id}" if on_the_way else page)


def _step(mine: Mine) -> Step:
    task, number = mine.task, mine.assignment.pk
    page = reverse("task", args=[number])
    match task.kind:
        case rules.CHECKIN:
            tap = reverse("check-in", args=[mine.assignment.line_id])
            return Step(mine, _("Check in"), tap, taps=True)
        case rules.QUIZ:
            return Step(mine, _("To the questions"), page, taps=False)
        case "lock_fans" | "link_clicks":
            return Step(mine, _("To my links"), reverse("share"), taps=False)
        case "build_group" | "teach_lesson" if mine.assignment.fact:
            return Step(mine, _("To my group"), reverse("own-groups"), taps=False)
        case _other if ticked(mine):
            return Step(mine, _("I have done it"), reverse("task-tell", args=[number]), taps=True)
        case _other if task.proof:
            return Step(mine, _("Send a picture"), f"{page}#proof", taps=False)
    return Step(mine, _("How to do it"), page, taps=False)
