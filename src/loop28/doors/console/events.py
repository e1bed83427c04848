"""A region's offline events: plan them, see who comes, look back at them."""

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from loop28.back.people import queries as people
from loop28.back.people.models import Region
from loop28.doors import gate
from loop28.doors.console import frame, roles, sentences, topics
from loop28.doors.console.event_form import EventForm, filled_from
from loop28.doors.console.fields import ReasonForm
from loop28.front.events import actions, queries, rules
from loop28.front.events.models import Event, SignUp, SignUpState
from loop28.front.events.rules import Stage
from loop28.front.lines import queries as lines
from loop28.front.lines import seats
from loop28.kernel import clock, pictures
from loop28.kernel.access import Actor
from loop28.kernel.journal import queries as journal
from loop28.kernel.text import number_in
from loop28.middle.members import queries as members

STAGES = {
    "": gettext_lazy("Coming"),
    "over": pgettext_lazy("event", "Over"),
    "cancelled": pgettext_lazy("event", "Cancelled"),
}
STATES = {
    "": gettext_lazy("All"),
    SignUpState.GOING: SignUpState.GOING.label,
    SignUpState.WAITING: SignUpState.WAITING.label,
    "came": gettext_lazy("came"),
    "absent": gettext_lazy("did not come"),
    SignUpState.BACK: SignUpState.BACK.label,
}


@require_safe
@gate.staff_page()
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The events the actor sees: those that come, those that are over, those called off."""
    now, stage = clock.now(), request.GET.get("stage", "")
    region = frame.chosen_region(request, actor)
    rows = queries.events(actor)
    if region is not None:
        rows = rows.filter(region=region)
    shown = rows.filter(cancelled_at__isnull=stage != "cancelled")
    if stage == "over":
        shown = shown.filter(ends_at__lte=now).order_by("-starts_at", "-id")
    elif stage == "cancelled":
        shown = shown.order_by("-starts_at", "-id")
    else:
        shown = shown.filter(ends_at__gt=now).order_by("starts_at", "id")
    page = frame.paged(request, shown)
    counts = queries.counts([event.pk for event in page.object_list])
    context = {
        "regions": frame.region_switch(request, actor),
        "region": region,
        "stages": [(key, label, key == stage) for key, label in STAGES.items()],
        "page": page,
        "rows": [(event, _stage(event, now), counts[event.pk]) for event in page.object_list],
        "any": bool(page.object_list) or rows.exists(),
    }
    return frame.show(request, actor, "console/events.html", context, here="events")


def _stage(event: Event, now: Any) -> Stage:
    return rules.stage(event.starts_at, event.ends_at, event.cancelled_at is not None, now)


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page(*roles.RUNNERS)
def plan(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Announce an event. Who sees several regions says first for which."""
    region = _region(request, actor)
    if region is None:
        context: dict[str, Any] = {"choice": people.regions(actor)}
        return frame.show(request, actor, "console/event_region.html", context, here="events")
    if request.method == "POST":
        form = EventForm(actor, region, request.POST)
        if form.is_valid():
            with frame.answered_by(form):
                said, key = form.announcement(), form.cleaned_data["key"]
                event = actions.plan(actor, region.pk, said, key=key)
                messages.success(request, _("«%(event)s» is announced.") % {"event": event})
                return redirect("event", event.pk)
    else:
        form = EventForm(actor, region)
    return _form_page(request, actor, form, {"region": region})


def _region(request: HttpRequest, actor: Actor) -> Region | None:
    """The region an event is planned for: the actor's own, or the one they chose."""
    wanted = number_in(request.POST.get("region") or request.GET.get("region"))
    return people.region(actor, actor.region or wanted)


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page(*roles.RUNNERS)
def edit(request: HttpRequest, actor: Actor, event_id: int) -> HttpResponse:
    """Announce an event anew; who has a place keeps it."""
    event = _event_or_404(actor, event_id)
    if request.method == "POST":
        form = EventForm(actor, event.region, request.POST)
        if form.is_valid():
            with frame.answered_by(form):
                actions.change(actor, event.pk, form.announcement())
                messages.success(request, _("The changes are announced."))
                return redirect("event", event.pk)
    else:
        form = EventForm(actor, event.region, initial=filled_from(event))
    return _form_page(request, actor, form, {"event": event, "region": event.region})


def _form_page(
    request: HttpRequest, actor: Actor, form: EventForm, around: dict[str, Any]
) -> HttpResponse:
    status = frame.status_of(form)
    context = around | {"form": form}
    return frame.show(
        request, actor, "console/event_form.html", context, here="events", status=status
    )


@require_safe
@gate.staff_page()
def show(request: HttpRequest, actor: Actor, event_id: int) -> HttpResponse:
    """One event: places, people by line and by city, photos, what happened."""
    event, now = _event_or_404(actor, event_id), clock.now()
    by_line = queries.counts_by_line(event.pk)
    codes = lines.codes(line for line, _counts in by_line)
    state = request.GET.get("state", "")
    entries = journal.about(topics.EVENT_KINDS, event=event.pk)
    context = {
        "event": event,
        "stage": _stage(event, now),
        "doors_open": rules.doors_open(event.starts_at, event.ends_at, now),
        "counts": queries.counts([event.pk])[event.pk],
        "invited": _invited(event),
        "cities": list(event.cities.order_by("tier", "id")),
        "by_line": [(line, codes.get(line, f"#{line}"), counts) for line, counts in by_line],
        "by_city": queries.counts_by_city(event.pk),
        "page": frame.paged(request, _people(request, actor, event, state)),
        "codes": codes,
        "states": [(key, label, key == state) for key, label in STATES.items()],
        "photos": list(queries.photos([event.pk])),
        "limits": {"megabytes": pictures.MEGABYTES, "most": actions.PICTURES_AT_ONCE},
        "entries": sentences.read(None, list(entries[:20])),
        "reason_form": ReasonForm(),
    }
    return frame.show(request, actor, "console/event.html", context, here="events")


def _invited(event: Event) -> int:
    """How many people see the invitation."""
    here = members.reachable().filter(city__in=event.cities.all())
    seat = seats.in_region(event.region_id).filter(member=OuterRef("pk"))
    return here.filter(Exists(seat)).count()


def _people(request: HttpRequest, actor: Actor, event: Event, state: str) -> QuerySet[SignUp]:
    """The rows behind the number that was clicked."""
    rows = queries.sign_ups(actor, event.pk)
    if state == "came":
        rows = rows.filter(came_at__isnull=False)
    elif state == "absent":
        rows = rows.filter(state=SignUpState.GOING, came_at=None)
    elif state in SignUpState.values:
        rows = rows.filter(state=state)
    line, city = number_in(request.GET.get("line")), request.GET.get("city", "")
    if line:
        rows = rows.filter(line=line)
    return rows.filter(city__name=city.replace("\0", "")) if city else rows


@require_POST
@gate.staff_page(*roles.RUNNERS)
def cancel(request: HttpRequest, actor: Actor, event_id: int) -> HttpResponse:
    """Call an event off; everybody who signed up reads why."""
    event = _event_or_404(actor, event_id)
    with frame.told(request, _("The event is cancelled, and whoever signed up sees why.")):
        actions.cancel(actor, event.pk, request.POST.get("reason", ""))
    return redirect("event", event.pk)


@require_POST
@gate.staff_page(*roles.RUNNERS)
def remove_photo(request: HttpRequest, actor: Actor, event_id: int, photo_id: int) -> HttpResponse:
    """Take a photo away."""
    event = _event_or_404(actor, event_id)
    with frame.told(request, _("The photo is gone.")):
        actions.remove_photo(actor, event.pk, photo_id)
    return redirect("event", event.pk)


def _event_or_404(actor: Actor, event_id: int) -> Event:
    event = queries.events(actor).filter(pk=event_id).first()
    if event is None:
        raise Http404
    return event
