"""The fraud desk: what the watch holds until a person decides; the chains and their colours."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from loop28.back.compliance import queries as compliance
from loop28.back.compliance.models import Decision, Freeze, Strength
from loop28.back.finance import queries as finance
from loop28.doors import gate
from loop28.doors.console import frame, noticed, roles
from loop28.doors.console.fields import ReasonForm
from loop28.front.rewards import queries as rewards
from loop28.front.rewards.models import RewardKind
from loop28.front.watch import actions, queries
from loop28.kernel import clock
from loop28.kernel.access import Actor, require
from loop28.middle.members import queries as members

STATES: dict[str, str | Promise] = {
    "": gettext_lazy("To decide"),
    "frozen": gettext_lazy("Stay frozen"),
    "decided": gettext_lazy("Decided"),
}


@dataclass(frozen=True, slots=True)
class Case:
    """A freeze in words: whose, what was noticed, how much money waits because of it in fen."""

    freeze: Freeze
    name: str
    title: str
    found: str
    fen: int


class DecisionForm(ReasonForm):
    """What becomes of a freeze, and why; the member reads it."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        widget=forms.RadioSelect,
        choices=[
            (Decision.RELEASED, pgettext_lazy("freeze", "Release: it is all right")),
            (Decision.UPHELD, pgettext_lazy("freeze", "Uphold: it is not")),
        ],
    )
    field_order = ("decision", "reason")

    def __init__(self, *args: Any, freeze: Freeze, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].help_text = _("The member reads it in their wallet.")
        if freeze.decision == Decision.UPHELD:
            choices: Any = self.fields["decision"]
            choices.choices = choices.choices[:1]


@require_safe
@gate.staff_page(*roles.BOOK_READERS)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What waits for a decision, the oldest first; what stays frozen; what was decided."""
    asked = request.GET.get("state", "")
    state = asked if asked in STATES else ""
    page = frame.paged(request, _in_state(actor, state))
    context = {
        "page": page,
        "cases": _cases(list(page.object_list)),
        "state": state,
        "states": [
            (key, label, key == state, _in_state(actor, key).count())
            for key, label in STATES.items()
        ],
        "night": _last_night(),
    }
    return frame.show(request, actor, "console/fraud.html", context, here="fraud")


def _in_state(actor: Actor, state: str) -> QuerySet[Freeze]:
    rows = compliance.freezes(actor)
    if state == "frozen":
        return rows.filter(decision=Decision.UPHELD, ended_at=None)
    if state == "decided":
        return rows.filter(ended_at__isnull=False).order_by("-decided_at", "-id")
    return rows.filter(decision=Decision.NOT)


def _cases(rows: Sequence[Freeze]) -> list[Case]:
    names = members.names(row.member for row in rows)
    held = dict.fromkeys(names, 0)
    for reward in rewards.frozen(names, clock.now()).filter(kind=RewardKind.MONEY):
        held[reward.member_id] += reward.amount
    asked = finance.waiting(names)
    return [
        Case(
            row,
            names.get(row.member, str(row.member)),
            noticed.title(row.why),
            noticed.found(row.why, row.numbers),
            (held if row.strength == Strength.HOLD else asked).get(row.member, 0)
            if row.ended_at is None
            else 0,
        )
        for row in rows
    ]


def _last_night() -> dict[str, Any]:
    night = queries.last_night()
    if night is None:
        return {}
    return {"at": night.at, "words": noticed.went_round(night.frozen, night.amber, night.red)}


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page(*roles.BOOK_READERS)
def case(request: HttpRequest, actor: Actor, freeze_id: int) -> HttpResponse:
    """One case with everything one has to know of it; a POST decides."""
    if request.method == "POST":
        require(actor, *roles.PAYERS)
    freeze = compliance.freezes(actor).filter(pk=freeze_id).first()
    if freeze is None:
        raise Http404
    form = DecisionForm(request.POST if request.method == "POST" else None, freeze=freeze)
    if form.is_valid():
        said, taken = form.cleaned_data, request.POST.getlist("taken")
        with frame.answered_by(form):
            actions.decide(actor, freeze.pk, said["decision"], said["reason"], taken)
            messages.success(request, _("Decided. The member reads it in their wallet."))
            return redirect("fraud")
    (shown,) = _cases([freeze])
    holds = freeze.strength == Strength.HOLD and freeze.ended_at is None
    others = compliance.freezes(actor).filter(member=freeze.member).exclude(pk=freeze.pk)
    context = {
        "case": shown,
        "freeze": freeze,
        "rule": noticed.rule(freeze.why),
        "held": rewards.frozen([freeze.member], clock.now()) if holds else [],
        "holds": holds,
        "payouts": [] if holds else finance.payouts_of(freeze.member)[:10],
        "others": _cases(list(others)),
        "taken": request.POST.getlist("taken") if request.method == "POST" else None,
        "form": form,
        "may_decide": actor.role in roles.PAYERS and freeze.ended_at is None,
    }
    status = frame.status_of(form)
    return frame.show(
        request, actor, "console/fraud_case.html", context, here="fraud", status=status
    )


@require_safe
@gate.staff_page(*roles.BOOK_READERS)
def structure(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Chains of people who are paid for bringing, as the last night measured them."""
    page = frame.paged(request, queries.coloured(actor))
    context = {
        "page": page,
        "frozen": compliance.frozen(Strength.PAYOUT),
        "rule": noticed.rule("structure"),
        "night": _last_night(),
    }
    return frame.show(request, actor, "console/structure.html", context, here="structure")
