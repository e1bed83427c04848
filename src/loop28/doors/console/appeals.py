"""Appeals against decisions about levels: read beside the numbers, answered by a second person."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from loop28.doors import gate
from loop28.doors.console import frame, roles
from loop28.front.ladder import appeals, queries
from loop28.front.ladder.models import Appeal, AppealState
from loop28.kernel.access import Actor, require

STATES: dict[str, str | Promise] = {
    "": gettext_lazy("To answer"),
    "answered": pgettext_lazy("appeal", "Answered"),
}


class AnswerForm(forms.Form):
    """What is answered, in words the member reads."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            ("uphold", gettext_lazy("Uphold it: they get the level")),
            ("reject", gettext_lazy("Leave the decision as it is")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Answer"),
        max_length=appeals.ANSWER_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("The member reads it on their phone."),
    )


@require_safe
@gate.staff_page()
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What waits for an answer, the oldest first; what was answered, the latest first."""
    state = "answered" if request.GET.get("state") == "answered" else ""
    region = frame.chosen_region(request, actor)
    context = {
        "regions": frame.region_switch(request, actor),
        "page": frame.paged(request, _in_state(actor, state, region)),
        "state": state,
        "states": [
            (key, label, key == state, _in_state(actor, key, region).count())
            for key, label in STATES.items()
        ],
    }
    return frame.show(request, actor, "console/appeals.html", context, here="appeals")


def _in_state(actor: Actor, state: str, region: int | None) -> Any:
    if state == "answered":
        rows = queries.appeals(actor, region).exclude(state=AppealState.OPEN)
        return rows.order_by("-decided_at", "-id")
    return queries.open_appeals(actor, region).order_by("id")


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page()
def show(request: HttpRequest, actor: Actor, appeal_id: int) -> HttpResponse:
    """One appeal beside the decision it is about; a POST answers it."""
    if request.method == "POST":
        require(actor, *roles.RUNNERS)
    found = queries.appeals(actor).filter(pk=appeal_id).first()
    if found is None:
        raise Http404
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data
        with frame.answered_by(form):
            appeals.answer(actor, found.pk, said["answer"] == "uphold", said["reason"])
            messages.success(request, _("Answered. The member reads it on their phone."))
            return redirect("appeals")
    context = {
        "appeal": found,
        "form": form,
        "may_answer": _may_answer(actor, found),
        "decided_it": found.first_decider == actor.id and actor.role in roles.RUNNERS,
    }
    status = frame.status_of(form)
    return frame.show(request, actor, "console/appeal.html", context, here="appeals", status=status)


def _may_answer(actor: Actor, found: Appeal) -> bool:
    open_ = found.state == AppealState.OPEN
    return actor.role in roles.RUNNERS and open_ and found.first_decider != actor.id
