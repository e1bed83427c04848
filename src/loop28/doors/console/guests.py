"""Guests and their dates: who speaks, on which days they are free, when they are booked."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from loop28.doors import gate
from loop28.doors.console import frame, roles, sentences, topics
from loop28.doors.console.event_form import HourField
from loop28.doors.console.fields import DayField, KeyField, ReasonForm
from loop28.kernel import clock
from loop28.kernel.access import Actor, require
from loop28.kernel.journal import queries as journal
from loop28.middle.content import actions, queries
from loop28.middle.content.models import NOTE_LIMIT


class _GuestForm(forms.Form):
    guest = forms.TypedChoiceField(label=gettext_lazy("Guest"), coerce=int)

    def __init__(self, actor: Actor, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["guest"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(guest.pk, guest.name) for guest in queries.guests(actor)]


class BookingForm(_GuestForm):
    """Some hours of a guest."""

    day = DayField(label=gettext_lazy("Date"))
    starts = HourField(label=gettext_lazy("Begins"))
    ends = HourField(label=gettext_lazy("Ends"))
    note = forms.CharField(
        label=gettext_lazy("What for"),
        max_length=NOTE_LIMIT,
        help_text=gettext_lazy("For example the line and the talk."),
    )
    key = KeyField()


class FreeForm(_GuestForm):
    """Days on which a guest can be booked."""

    first = DayField(label=gettext_lazy("First free day"))
    last = DayField(label=gettext_lazy("Last free day"))


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page()
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All guests with what is ahead of them; a POST books one, or notes free days."""
    booking, free = BookingForm(actor), FreeForm(actor)
    if request.method == "POST":
        require(actor, *roles.PUBLISHERS)
        if "first" in request.POST:
            free = FreeForm(actor, request.POST)
            done = free.is_valid() and _freed(actor, free)
        else:
            booking = BookingForm(actor, request.POST)
            done = booking.is_valid() and _booked(actor, booking)
        if done:
            return redirect("guests")
    now = clock.now()
    today = clock.local_day(now, ZoneInfo(settings.TIME_ZONE))
    guests = queries.guests(actor).prefetch_related("free", "versions__talk")
    context = {
        "rows": [
            (
                guest,
                sorted({version.talk.topic for version in guest.versions.all()}),
                [free for free in guest.free.all() if free.last_day >= today],
            )
            for guest in guests
        ],
        "bookings": list(queries.bookings(actor, now)),
        "booking_form": booking,
        "free_form": free,
        "entries": sentences.read(None, list(journal.about(topics.GUEST_KINDS)[:10])),
        "reason_form": ReasonForm(),
        "may_write": actor.role in roles.PUBLISHERS,
    }
    status = 422 if booking.errors or free.errors else 200
    return frame.show(request, actor, "console/guests.html", context, here="guests", status=status)


def _booked(actor: Actor, form: BookingForm) -> bool:
    wish = form.cleaned_data
    with frame.answered_by(form):
        starts, ends = _at(wish["day"], wish["starts"]), _at(wish["day"], wish["ends"])
        zone = settings.TIME_ZONE
        actions.book(actor, wish["guest"], starts, ends, wish["note"], key=wish["key"], zone=zone)
    return not form.errors


def _freed(actor: Actor, form: FreeForm) -> bool:
    wish = form.cleaned_data
    with frame.answered_by(form):
        actions.name_free_days(actor, wish["guest"], wish["first"], wish["last"])
    return not form.errors


def _at(day: date, hour: time) -> datetime:
    return clock.at_local(day, hour.hour, hour.minute, ZoneInfo(settings.TIME_ZONE))


@require_POST
@gate.staff_page(*roles.PUBLISHERS)
def release(request: HttpRequest, actor: Actor, booking_id: int) -> HttpResponse:
    """Call a booking off."""
    with frame.told(request, _("The booking is called off.")):
        actions.release(actor, booking_id, request.POST.get("reason", ""))
    return redirect("guests")
