"""The form of an offline event: a day and hours as clocks show them in its region."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from loop28.back.people import queries as people
from loop28.back.people.models import Region
from loop28.doors.console import choosing
from loop28.doors.console.fields import DayField, KeyField
from loop28.front.events.actions import Announcement
from loop28.front.events.models import (
    ABOUT_LIMIT,
    MOST_PLACES,
    PLACE_LIMIT,
    TITLE_LIMIT,
    Event,
)
from loop28.kernel import clock
from loop28.kernel.access import Actor


class HourField(forms.TimeField):
    """A time of day from the browser's own picker."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        super().__init__(input_formats=["%H:%M"], widget=widget, **options)


class EventForm(forms.Form):
    """Everything that is said of an event of one region."""

    title = forms.CharField(label=_("Title"), max_length=TITLE_LIMIT)
    day = DayField(label=_("Date"))
    starts = HourField(label=_("Begins"))
    ends = HourField(label=_("Ends"), help_text=_("An earlier hour is one of the next day."))
    city = forms.TypedChoiceField(label=_("City"), coerce=int)
    place = forms.CharField(
        label=_("Place"), max_length=PLACE_LIMIT, help_text=_("Street and house, as a map finds it")
    )
    places = forms.IntegerField(
        label=_("Number of places"),
        min_value=1,
        max_value=MOST_PLACES,
        help_text=_("Whoever comes later is on the waiting list."),
    )
    host = forms.TypedChoiceField(
        label=_("Host in charge"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Checks people in on the spot, beside the staff of the region."),
        widget=choosing.HostSelect,
    )
    about = forms.CharField(
        label=_("What it is about"),
        max_length=ABOUT_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    cities = forms.TypedMultipleChoiceField(
        label=_("Invited cities"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Members of these cities who are in a line of the region see the invitation."),
    )
    key = KeyField()

    def __init__(self, actor: Actor, region: Region, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.zone = ZoneInfo(region.zone)
        found: list[tuple[Any, Any]] = [
            (city.pk, city.name) for city in people.cities(actor, region.pk)
        ]
        self._choose("city", found)
        self._choose("cities", found)
        choosing.offer(self, actor, "host", _("nobody"))

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def announcement(self) -> Announcement:
        """What was filled in, with its hours as instants."""
        wish = dict(self.cleaned_data)
        day, starts, ends = wish.pop("day"), wish.pop("starts"), wish.pop("ends")
        wish.pop("key")
        wish["starts_at"] = self._at(day, starts)
        wish["ends_at"] = self._at(day if ends > starts else day + timedelta(days=1), ends)
        return Announcement(**wish)

    def _at(self, day: Any, hour: time) -> datetime:
        return clock.at_local(day, hour.hour, hour.minute, self.zone)


def filled_from(event: Event) -> dict[str, Any]:
    """What the form of an event begins with when it is to be changed."""
    zone = ZoneInfo(event.region.zone)
    starts, ends = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    return {
        "title": event.title,
        "day": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
        "city": event.city_id,
        "place": event.place,
        "places": event.places,
        "host": event.host_id or "",
        "about": event.about,
        "cities": list(event.cities.values_list("id", flat=True)),
        "key": event.key,
    }
