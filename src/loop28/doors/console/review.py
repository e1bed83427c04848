"""The review desk: pictures that prove tasks, one after the other, and what is decided."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from loop28.back.compliance.rules import FOUR_EYES_ABOVE
from loop28.doors import gate
from loop28.doors.console import frame, roles
from loop28.front.evidence import actions, queries
from loop28.front.evidence.models import WORDS_LIMIT, Decision, Look, Proof, Why
from loop28.front.evidence.refusals import LookedAtAlready, ReasonMissing
from loop28.front.playbooks import queries as playbooks
from loop28.front.playbooks.schema import Task
from loop28.kernel.access import Actor

STATES: dict[str, str | Promise] = {
    "": gettext_lazy("To look at"),
    "decided": gettext_lazy("Decided"),
}
EARLIER = 12
"""Pictures of the same member that are shown beside one."""


class DecisionForm(forms.Form):
    """What was decided at which look; a no comes with a reason, ready or in words."""

    look = forms.ChoiceField(choices=Look.choices, widget=forms.HiddenInput)
    decision = forms.ChoiceField(choices=Decision.choices, widget=forms.HiddenInput)
    why = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=Why.choices,
        widget=forms.RadioSelect,
        error_messages={"required": ReasonMissing.message},
    )
    words = forms.CharField(
        label=gettext_lazy("In your words"),
        help_text=gettext_lazy("The member reads it together with the reason."),
        max_length=WORDS_LIMIT,
        required=False,
    )

    def __init__(self, said: QueryDict | None) -> None:
        super().__init__(said)
        if said and said.get("decision") == Decision.APPROVED:
            self.fields["why"].required = False


@require_safe
@gate.staff_page(*roles.REVIEWERS)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What waits for the actor's look, the oldest first; what was decided, the latest first."""
    state = "decided" if request.GET.get("state") == "decided" else ""
    region = frame.chosen_region(request, actor)
    rows = {"": queries.queue(actor, region), "decided": queries.decided(actor, region)}
    page = frame.paged(request, rows[state])
    context = {
        "regions": frame.region_switch(request, actor),
        "page": page,
        "rows": [(proof, _task(proof)) for proof in page.object_list],
        "blind": queries.blind(actor, page.object_list),
        "state": state,
        "states": [(key, label, key == state, rows[key].count()) for key, label in STATES.items()],
        "left": queries.left_to_others(actor, region),
        "search": _search(region),
    }
    return frame.show(request, actor, "console/review.html", context, here="review")


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page(*roles.REVIEWERS)
def proof(request: HttpRequest, actor: Actor, proof_id: int) -> HttpResponse:
    """One picture with all that helps to decide; a POST decides, and shows the next one."""
    found = queries.proofs(actor).filter(pk=proof_id).first()
    if found is None:
        raise Http404
    region = frame.chosen_region(request, actor)
    before, after = queries.beside(actor, found, region)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _decided(request, actor, found, form):
        there = after or before
        address = reverse("review-proof", args=[there.pk]) if there else reverse("review")
        return redirect(address + _search(region))
    task, twins, earlier = _task(found), queries.duplicates(actor, found), _earlier(actor, found)
    blind = queries.blind(actor, [found, *twins.seen, *(one for one, _its in earlier)])
    context = {
        "proof": found,
        "blind": blind,
        "task": task,
        "much": task.reward.money_at_most > FOUR_EYES_ABOVE,
        "reviews": []
        if found.pk in blind
        else list(found.reviews.select_related("by").order_by("id")),
        "twins": twins,
        "earlier": earlier,
        "may_decide": queries.queue(actor).filter(pk=found.pk).exists(),
        "before": before,
        "after": after,
        "waiting": queries.queue(actor, region).count(),
        "form": form,
        "search": _search(region),
    }
    status = frame.status_of(form)
    return frame.show(
        request, actor, "console/review_proof.html", context, here="review", status=status
    )


def _decided(request: HttpRequest, actor: Actor, found: Proof, form: DecisionForm) -> bool:
    """Whether it is decided now, by this form or meanwhile by somebody else."""
    said = form.cleaned_data
    with frame.answered_by(form):
        try:
            done = actions.decide(actor, found.pk, **said)
        except LookedAtAlready as no:
            messages.info(request, str(no))
        else:
            messages.success(request, _words(done, said["decision"]))
        return True
    return False


def _words(done: Proof, decision: str) -> str:
    if decision == Decision.REJECTED:
        return _("Turned down. The member reads why.")
    if done.look == Look.SECOND:
        return _("Approved. It counts once somebody else has approved it, too.")
    return _("Approved. The task is done.")


def _earlier(actor: Actor, of: Proof) -> list[tuple[Proof, Task]]:
    return [(one, _task(one)) for one in queries.history(actor, of)[:EARLIER]]


def _task(of: Proof) -> Task:
    tasks = playbooks.playbook(of.assignment.line.playbook_id).tasks
    return next(task for task in tasks if task.key == of.assignment.task)


def _search(region: int | None) -> str:
    """The chosen region goes along from one picture to the next."""
    return f"?region={region}" if region else ""
