"""Two records of one person: who may be one, what would move, and the merge."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from loop28.back.finance import queries as finance
from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.doors import gate
from loop28.doors.console import frame
from loop28.front.circles import queries as circles
from loop28.front.events import queries as events
from loop28.front.groups import queries as groups
from loop28.front.ladder import queries as ladder
from loop28.front.ladder.models import Level
from loop28.front.lines import queries as lines
from loop28.front.lines import seats
from loop28.front.packets import queries as packets
from loop28.front.rewards import queries as rewards
from loop28.front.tasks import queries as tasks
from loop28.kernel import journal
from loop28.kernel.access import Actor, Role
from loop28.kernel.refusals import Refusal
from loop28.kernel.text import number_in
from loop28.middle.members import merging, queries
from loop28.middle.members.models import Member
from loop28.middle.orders import queries as orders

Count = Callable[[Actor, int], int]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two records, with what tells whether they are one person."""

    person: Member
    level: str
    tags: list[Any]
    ids: list[str]
    lines: list[str]
    agreed: bool


@dataclass(frozen=True, slots=True)
class Row:
    """How much of something each record has, and what the one that stays has afterwards."""

    key: str
    label: str | Promise
    kept: int
    lost: int
    after: int


_HELD: dict[str, tuple[str | Promise, Count]] = {
    "lines": (gettext_lazy("Lines joined"), lambda actor, id_: len(seats.of_member(actor, id_))),
    "hosted": (
        gettext_lazy("Lines hosted"),
        lambda actor, id_: lines.lines(actor).filter(host=id_).count(),
    ),
    "groups": (
        gettext_lazy("In groups now"),
        lambda actor, id_: groups.groups(Actor(Role.MEMBER, id_)).count(),
    ),
    "messages": (
        gettext_lazy("Messages written"),
        lambda actor, id_: sum(groups.written_by([id_]).values()),
    ),
    "tasks": (
        pgettext_lazy("merge", "Tasks done"),
        lambda actor, id_: tasks.done_in_all(queries.records(id_)),
    ),
    "packets": (
        gettext_lazy("Red packets opened"),
        lambda actor, id_: len(packets.of_member(actor, id_)),
    ),
    "rewards": (
        pgettext_lazy("merge", "Rewards"),
        lambda actor, id_: rewards.of_member(actor, id_).count(),
    ),
    "wallet": (
        pgettext_lazy("merge", "Wallet"),
        lambda actor, id_: ledger.balance(actor, accounts.wallet(id_)),
    ),
    "points": (
        pgettext_lazy("merge", "Points"),
        lambda actor, id_: ledger.balance(actor, accounts.wallet(id_, "points")),
    ),
    "payouts": (pgettext_lazy("merge", "Payouts"), lambda actor, id_: len(finance.payouts_of(id_))),
    "orders": (gettext_lazy("Orders sold"), lambda actor, id_: orders.of_members([id_]).count()),
    "steps": (gettext_lazy("Steps up"), lambda actor, id_: ladder.of_member(actor, id_).count()),
    "circles": (
        gettext_lazy("Invitations into standing groups"),
        lambda actor, id_: circles.invites_of(id_),
    ),
    "events": (gettext_lazy("Event sign-ups"), lambda actor, id_: events.sign_ups_of(id_)),
}


@require_safe
@gate.staff_page(Role.ADMINISTRATOR)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who came in with a file and is called like somebody else. Two numbers are compared, too."""
    one, other = number_in(request.GET.get("one")), number_in(request.GET.get("other"))
    if one and other:
        return redirect("merge", one, other)
    page = frame.paged(request, merging.suggestions(actor))
    known = seats.known({member.pk for pair in page.object_list for member in pair})
    pairs = [_kept_first(one, other, known) for one, other in page.object_list]
    context = {"page": page, "pairs": pairs}
    return frame.show(request, actor, "console/doubles.html", context, here="members")


def _kept_first(one: Member, other: Member, known: set[int]) -> tuple[Member, Member]:
    """The record that lines know is the one to keep: its links are those that are in use."""
    return (other, one) if other.pk in known and one.pk not in known else (one, other)


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page(Role.ADMINISTRATOR)
def merge(request: HttpRequest, actor: Actor, kept_id: int, lost_id: int) -> HttpResponse:
    """Both side by side, the one that stays on the left, and what a merge would come to."""
    kept, lost = _side(actor, kept_id), _side(actor, lost_id)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with frame.answered_by(form):
            merging.merge(actor, kept_id, lost_id)
            messages.success(request, _("The two records are one person now."))
            return redirect("member", kept_id)
    context = {"kept": kept, "lost": lost, "form": form} | _trial(actor, kept_id, lost_id)
    return frame.show(
        request,
        actor,
        "console/merge.html",
        context,
        here="members",
        status=frame.status_of(form),
    )


def _trial(actor: Actor, kept_id: int, lost_id: int) -> dict[str, Any]:
    """What a merge would come to: it is done, looked at and rolled back; or why it cannot be."""
    kept, lost = _holdings(actor, kept_id), _holdings(actor, lost_id)
    try:
        after = journal.undone(_merged, actor, kept_id, lost_id)
    except Refusal as no:
        return {"no": no}
    rows = [Row(k, label, kept[k], lost[k], after[k]) for k, (label, _count) in _HELD.items()]
    return {"rows": [row for row in rows if row.kept or row.lost or row.after]}


def _merged(actor: Actor, kept_id: int, lost_id: int) -> dict[str, int]:
    merging.merge(actor, kept_id, lost_id)
    return _holdings(actor, kept_id)


def _holdings(actor: Actor, member_id: int) -> dict[str, int]:
    return {key: count(actor, member_id) for key, (_label, count) in _HELD.items()}


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
        bool(queries.consenting([member_id])),
    )
