"""The offer of the next line: to whom, when, and with what; what became of it."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from loop28.back.people import queries as people
from loop28.back.people.models import Region
from loop28.doors import gate
from loop28.doors.console import frame, lines, roles
from loop28.doors.console.fields import DayField, YuanField
from loop28.front.ladder import offers, pool, queries
from loop28.front.ladder.models import Offer
from loop28.front.playbooks import queries as playbooks
from loop28.kernel import clock
from loop28.kernel.access import Actor, NotAllowed
from loop28.kernel.refusals import Refusal


class OfferForm(forms.Form):
    """What is offered. Choices are what the actor may choose from."""

    region = forms.TypedChoiceField(label=gettext_lazy("Region"), coerce=int)
    playbook = forms.TypedChoiceField(label=gettext_lazy("Playbook"), coerce=int)
    start_day = DayField(label=gettext_lazy("Start day"))
    answer_by = DayField(
        label=gettext_lazy("Answer by"),
        help_text=gettext_lazy("Until the end of this day; then the offer lapses."),
    )
    size = forms.IntegerField(label=gettext_lazy("Size"), min_value=2, max_value=500)
    budget = YuanField(label=gettext_lazy("Budget in yuan"))

    def __init__(self, actor: Actor, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["region"].choices = [(r.pk, r.name) for r in people.regions(actor)]  # type: ignore[attr-defined]
        self.fields["playbook"].choices = [(v.pk, str(v)) for v in playbooks.versions(actor)]  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page(*roles.RUNNERS)
def offer(request: HttpRequest, actor: Actor, member_id: int) -> HttpResponse:
    """Offer somebody of the pool the next line."""
    host = pool.host(actor, member_id)
    if host is None:
        raise Http404
    if request.method == "POST":
        form = OfferForm(actor, request.POST)
        if form.is_valid():
            with frame.answered_by(form, fen="budget"):
                _offer(actor, member_id, form.cleaned_data)
                done = _("The offer is on the phone of %(name)s.")
                messages.success(request, done % {"name": host.name})
                return redirect("host", member_id)
    else:
        form = OfferForm(actor, initial=_proposed(request, actor))
    return frame.show(
        request,
        actor,
        "console/offer.html",
        {"form": form, "host": host},
        here="hosts",
        status=frame.status_of(form),
    )


def _offer(actor: Actor, host: int, wish: dict[str, Any]) -> Offer:
    region = people.region(actor, wish["region"])
    if region is None:
        raise NotAllowed(field="region")
    return offers.offer(
        actor,
        host=host,
        region=region.pk,
        playbook=wish["playbook"],
        start_day=wish["start_day"],
        size=wish["size"],
        budget_fen=wish["budget"],
        answer_by=_end_of_day(wish["answer_by"], region),
    )


def _end_of_day(day: Any, region: Region) -> datetime:
    return clock.at_local(day + timedelta(days=1), 0, 0, ZoneInfo(region.zone))


def _proposed(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """What the form for opening a line proposes, and half of the time until then for an answer."""
    plan = lines.proposed(request, actor)
    if not plan:
        return {}
    today = timezone.localdate(clock.now())
    start = plan["start_day"] + timedelta(days=7)
    return plan | {"start_day": start, "answer_by": today + (start - today) / 2}


@require_POST
@gate.staff_page(*roles.RUNNERS)
def withdraw(request: HttpRequest, actor: Actor, offer_id: int) -> HttpResponse:
    """Take an offer back, with a reason."""
    found = _or_404(actor, offer_id)
    with frame.told(request, _("The offer was withdrawn.")):
        offers.withdraw(actor, offer_id, request.POST.get("reason", ""))
    return redirect("host", found.host_id)


@require_POST
@gate.staff_page(*roles.RUNNERS)
def open_accepted(request: HttpRequest, actor: Actor, offer_id: int) -> HttpResponse:
    """Open the line a host accepted, in one tap; what is refused is said on the host's page."""
    found = _or_404(actor, offer_id)
    try:
        line = offers.open_accepted(actor, offer_id)
    except NotAllowed:
        raise
    except Refusal as no:
        messages.error(request, str(no))
        return redirect("host", found.host_id)
    messages.success(request, lines.opened(line))
    return redirect("line", line.pk)


def _or_404(actor: Actor, offer_id: int) -> Offer:
    found = queries.offers(actor).filter(id=offer_id).first()
    if found is None:
        raise Http404
    return found
