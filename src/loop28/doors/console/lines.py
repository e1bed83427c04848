"""The list of lines, and the one form that opens one."""

from datetime import date, timedelta
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from loop28.back.people import queries as people
from loop28.doors import gate
from loop28.doors.console import barring, choosing, frame, mending, narrowing, roles
from loop28.doors.console.fields import DayField, YuanField
from loop28.front.ladder import hosting
from loop28.front.lines import queries as lines
from loop28.front.lines.queries import Line
from loop28.front.playbooks import queries as playbooks
from loop28.front.playbooks import rules
from loop28.front.playbooks.schema import Playbook
from loop28.insight.metrics import figures, red
from loop28.insight.metrics.figures import Stage
from loop28.kernel import clock, money
from loop28.kernel.access import Actor
from loop28.kernel.text import is_number

PASSING = (10, 35, 60)
"""Shares of people who may pass, for which a page shows what a line will cost."""

STAGES = {
    "": gettext_lazy("All"),
    Stage.GATHERING: gettext_lazy("Gathering"),
    Stage.RUNNING: gettext_lazy("Running"),
    Stage.OVER: gettext_lazy("Over"),
}


@require_safe
@gate.staff_page()
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The lines the actor sees, the latest first, by stage and by what was searched."""
    now = clock.now()
    stage = request.GET.get("stage", "")
    narrowed, behind = narrowing.lines_behind(request, actor, now)
    wanted = frame.searchable(request.GET.get("q", ""))
    found = [
        line
        for line in behind
        if wanted in frame.searchable(f"{line.code} {line.host.name} {line.playbook.name}")
    ]
    page = frame.paged(request, found, frame.LINES)
    shown = figures.of_lines(actor, list(page.object_list), now)
    context = {
        "regions": frame.region_switch(request, actor),
        "page": page,
        "rows": mending.beside(shown, red.of_lines(shown, now)),
        "stages": [(key, label, key == stage) for key, label in STAGES.items()],
        "stage": stage,
        "region": frame.chosen_region(request, actor),
        "q": request.GET.get("q", "")[:60],
        "any": bool(found) or bool(narrowed) or lines.lines(actor).exists(),
        "narrowed": narrowed,
    }
    return frame.show(request, actor, "console/lines.html", context, here="lines")


class OpenLineForm(forms.Form):
    """Everything a line needs. Choices are what the actor may choose from."""

    region = forms.ChoiceField(label=gettext_lazy("Region"))
    playbook = forms.TypedChoiceField(label=gettext_lazy("Playbook"), coerce=int)
    start_day = DayField(label=gettext_lazy("Start day"))
    host = forms.TypedChoiceField(
        label=gettext_lazy("Host"), coerce=int, widget=choosing.HostSelect
    )
    size = forms.IntegerField(
        label=gettext_lazy("Size"),
        min_value=2,
        max_value=500,
        help_text=gettext_lazy("From 2 to 500 people; whoever comes later waits in line."),
    )
    budget = YuanField(
        label=gettext_lazy("Budget in yuan"),
        help_text=gettext_lazy("More can be added at any time."),
    )
    inviters = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Inviting owners"),
        coerce=int,
        required=False,
        widget=choosing.HostChecks,
        help_text=gettext_lazy("Each gets a personal link. The host has one anyway."),
    )

    def __init__(self, actor: Actor, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._choose("region", [(r.pk, r.name) for r in people.regions(actor)])
        self._choose("playbook", [(v.pk, str(v)) for v in playbooks.versions(actor)])
        choosing.offer(
            self,
            actor,
            "host",
            gettext_lazy("Choose a host"),
            barred=partial(
                barring.barred,
                start_day=barring.day_in(self),
                playbook=barring.number_in(self, "playbook"),
            ),
        )
        choosing.offer(self, actor, "inviters")

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page(*roles.RUNNERS)
def open_line(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Open a line in one form; what is refused stands next to its field and nothing is lost."""
    if request.method == "POST":
        form = OpenLineForm(actor, request.POST)
        if form.is_valid():
            with frame.answered_by(form, fen="budget"):
                line = _open(actor, form.cleaned_data)
                messages.success(request, opened(line))
                return redirect("line", line.pk)
    else:
        form = OpenLineForm(actor, initial=proposed(request, actor))
    context = {"form": form, "missing": _missing(form), **_costs(actor, form)}
    status = frame.status_of(form)
    return frame.show(
        request, actor, "console/line_open.html", context, here="lines", status=status
    )


def _open(actor: Actor, wish: dict[str, Any]) -> Line:
    return hosting.open_line(
        actor,
        region=int(wish["region"]),
        playbook=wish["playbook"],
        start_day=wish["start_day"],
        host=wish["host"],
        size=wish["size"],
        budget_fen=wish["budget"],
        inviters=wish["inviters"],
    )


def opened(line: Line) -> str:
    """What to say when a line was opened."""
    return _("Line %(code)s is open. Give the invitation links to those who bring people.") % {
        "code": line.code
    }


def proposed(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """The newest playbook with what it plans; a playbook's page may have chosen another."""
    versions = playbooks.versions(actor)
    wanted = request.GET.get("playbook", "")
    chosen = versions.filter(pk=int(wanted)).first() if is_number(wanted) else None
    chosen = chosen or versions.first()
    if chosen is None:
        return {}
    plan = playbooks.playbook(chosen.pk)
    return {
        "region": frame.chosen_region(request, actor),
        "playbook": chosen.pk,
        "start_day": _next_monday(),
        "size": plan.size,
        "budget": money.yuan(plan.budget),
    }


def _next_monday() -> date:
    """A day to begin with: the first day of the coming week."""
    today = timezone.localdate(clock.now())
    return today + timedelta(days=7 - today.weekday())


def _missing(form: OpenLineForm) -> list[str]:
    """What must be there before a line can be opened: names of fields without a choice."""
    needed = ("region", "playbook", "host")
    return [name for name in needed if not [c for c in form.fields[name].choices if c[0]]]  # type: ignore[attr-defined]


@require_safe
@gate.staff_page(*roles.RUNNERS)
def open_costs(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The panel beside the form, for the playbook and size that are chosen just now (htmx).

    A size or budget that is still the one planned by the playbook before moves on with the choice.
    """
    form = OpenLineForm(actor, request.GET)
    context = _costs(actor, form)
    plan: Playbook | None = context["plan"]
    if plan and request.GET.get("planned", "") not in {"", context["planned"]}:
        before = request.GET["planned"].split("-", 1)
        typed = [request.GET.get("size", ""), request.GET.get("budget", "")]
        if typed == before:
            form = OpenLineForm(actor, initial=_plan_values(plan))
            context = _costs(actor, form, plan) | {"moved": form}
    return render(request, "console/parts/open_costs.html", context)


def _plan_values(plan: Playbook) -> dict[str, Any]:
    return {"size": plan.size, "budget": money.yuan(plan.budget)}


def _costs(actor: Actor, form: OpenLineForm, plan: Playbook | None = None) -> dict[str, Any]:
    """What a line of the chosen playbook costs at 10, 35 and 60 %, and whether the budget lasts."""
    plan = plan or _plan(form)
    if plan is None:
        return {"plan": None}
    size, budget = _number(form, "size") or plan.size, _fen(form)
    costs = [
        (percent, rules.cost(plan.model_copy(update={"size": size}), percent))
        for percent in PASSING
    ]
    return {
        "plan": plan,
        "planned": f"{plan.size}-{money.yuan(plan.budget)}",
        "costs": [(percent, cost, budget >= cost.total_fen) for percent, cost in costs],
        "budget_fen": budget,
        "size": size,
    }


def _plan(form: OpenLineForm) -> Playbook | None:
    chosen = str(form["playbook"].value() or "")
    known = {str(key) for key, _label in form.fields["playbook"].choices}  # type: ignore[attr-defined]
    return playbooks.playbook(int(chosen)) if chosen in known and chosen else None


def _number(form: OpenLineForm, name: str) -> int | None:
    typed = str(form[name].value() or "")
    return min(int(typed), 500) if is_number(typed) else None


def _fen(form: OpenLineForm) -> int:
    try:
        return int(YuanField(required=False).clean(form["budget"].value() or "") or 0)
    except forms.ValidationError:
        return 0
