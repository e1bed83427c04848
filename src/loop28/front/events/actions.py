"""What can be done about an event: plan, change, cancel, sign up, give back, check in, photos.

Whatever touches places holds the event's row, so that a place given back and a person who comes
at the same moment meet: one after the other, and the place is not lost between them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from loop28.back.people import queries as people
from loop28.front.events import facts, queries, refusals, rules
from loop28.front.events.models import (
    ABOUT_LIMIT,
    MOST_PLACES,
    PLACE_LIMIT,
    REASON_LIMIT,
    TITLE_LIMIT,
    Event,
    Photo,
    SignUp,
    SignUpState,
)
from loop28.front.events.rules import Stage
from loop28.kernel import journal, sql
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role, require
from loop28.kernel.pictures import Picture
from loop28.kernel.text import clean, clean_line
from loop28.middle.members import queries as members

PICTURES_AT_ONCE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What is said of an event. ``city`` is where it is, ``cities`` are those that are invited;
    ``host`` is the member in charge beside the staff.
    """

    title: str
    city: int
    place: str
    about: str
    starts_at: datetime
    ends_at: datetime
    places: int
    cities: Collection[int]
    host: int | None = None


@journal.action
def plan(actor: Actor, region_id: int, said: Announcement, *, key: UUID) -> Event:
    """Announce an event; the same ``key`` again is the same event.

    Refuses with NotAllowed, EventInThePast, DurationWrong, PlacesOutOfRange, CityElsewhere,
    NoCityInvited, or for a text.
    """
    require(actor, *queries.RUNNERS)
    region = people.region(actor, region_id)
    if region is None:
        raise NotAllowed(field="region")
    if said.starts_at <= journal.now():
        raise refusals.EventInThePast(field="starts")
    row = _checked(said, region.pk)
    once = {"key": key, "region": region.pk, "taken": 0, "reason": "", "cancelled_at": None}
    by = {"planned_at": journal.now(), "planned_by": actor.id or None}
    if sql.insert(Event, [row | once | by], unique=["key"]):
        event = Event.objects.get(key=key)
        event.cities.set(said.cities)
        journal.record(facts.EventPlanned(event=event.pk, region=region.pk))
    return Event.objects.get(key=key)


@journal.action
def change(actor: Actor, event_id: int, said: Announcement) -> Event:
    """Announce it anew. More places go to those who wait, in the order in which they asked.

    Refuses like `plan`, and with UnknownEvent, EventClosed and PlacesTaken.
    """
    require(actor, *queries.RUNNERS)
    event = _open(_held(actor, event_id))
    if said.starts_at != event.starts_at and said.starts_at <= journal.now():
        raise refusals.EventInThePast(field="starts")
    row = _checked(said, event.region_id)
    if said.places < event.taken:
        raise refusals.PlacesTaken(field="places", taken=event.taken)
    Event.objects.filter(pk=event.pk).update(**row)
    event.refresh_from_db()
    event.cities.set(said.cities)
    journal.record(facts.EventChanged(event=event.pk, places=event.places))
    _move_up(event)
    return event


def _checked(said: Announcement, region_id: int) -> sql.Row:
    """The announcement as columns."""
    here = set(people.cities(SYSTEM, region_id).values_list("id", flat=True))
    if not said.cities:
        raise refusals.NoCityInvited(field="cities")
    if not {said.city, *said.cities} <= here:
        raise refusals.CityElsewhere(field="city" if said.city not in here else "cities")
    if not 1 <= said.places <= MOST_PLACES:
        raise refusals.PlacesOutOfRange(field="places", most=MOST_PLACES)
    if not rules.possible(said.starts_at, said.ends_at):
        raise refusals.DurationWrong(field="ends")
    return {
        "title": clean_line(said.title, limit=TITLE_LIMIT, field="title"),
        "city": said.city,
        "place": clean_line(said.place, limit=PLACE_LIMIT, field="place"),
        "about": clean(said.about, limit=ABOUT_LIMIT, field="about", required=False),
        "starts_at": said.starts_at,
        "ends_at": said.ends_at,
        "places": said.places,
        "host": said.host,
    }


@journal.action
def cancel(actor: Actor, event_id: int, reason: str) -> Event:
    """Call an event off; whoever signed up reads why. Refuses with UnknownEvent, EventClosed."""
    require(actor, *queries.RUNNERS)
    event = _open(_held(actor, event_id))
    event.reason = clean_line(reason, limit=REASON_LIMIT, field="reason")
    event.cancelled_at = journal.now()
    event.save(update_fields=["reason", "cancelled_at"])
    journal.record(facts.EventCancelled(event=event.pk, places=event.taken))
    return event


@journal.action
def sign_up(actor: Actor, event_id: int, *, line: int) -> SignUp:
    """Take a place, or a place on the waiting list when there is none; by which line is told.

    The acting member's city must be invited and their consent stand. Again changes nothing.
    Refuses with UnknownEvent and EventClosed.
    """
    require(actor, Role.MEMBER)
    event = _open(_locked(Event.objects.filter(pk=event_id).first()))
    comer = members.reachable().filter(pk=actor.id).first()
    if comer is None or comer.city_id not in event.cities.values_list("id", flat=True):
        raise refusals.UnknownEvent
    row = {"event": event.pk, "member": actor.id, "line": line, "city": comer.city_id}
    asked = row | {"state": SignUpState.BACK, "asked_at": journal.now(), "came_at": None}
    sql.insert(SignUp, [asked], unique=["event", "member"])
    mine = SignUp.objects.get(event=event, member=actor.id)
    if mine.state == SignUpState.BACK:
        _let_in(event, mine, line)
    return mine


def _let_in(event: Event, mine: SignUp, line: int) -> None:
    mine.state = SignUpState.GOING if event.left else SignUpState.WAITING
    mine.line, mine.asked_at = line, journal.now()
    mine.save(update_fields=["state", "line", "asked_at"])
    if mine.state == SignUpState.GOING:
        _take(event, 1)
    journal.record(
        facts.EventSignedUp(event=event.pk, line=line, member=mine.member_id, state=mine.state)
    )


@journal.action
def give_back(actor: Actor, event_id: int) -> None:
    """Come after all not; the first who waits has the place. Again changes nothing.

    Refuses with UnknownEvent, EventClosed, CameAlready.
    """
    require(actor, Role.MEMBER)
    event = _open(_locked(Event.objects.filter(pk=event_id).first()))
    mine = SignUp.objects.filter(event=event, member=actor.id).first()
    if mine is None:
        raise refusals.UnknownEvent
    if mine.came_at:
        raise refusals.CameAlready
    _free(event, [mine])


@journal.action
def let_go(actor: Actor, member_ids: Collection[int]) -> None:
    """Give back every place of these members at events that are not over: they withdrew consent."""
    require(actor, Role.SYSTEM)
    ahead = SignUp.objects.filter(
        member__in=member_ids, came_at=None, event__ends_at__gt=journal.now()
    ).exclude(state=SignUpState.BACK)
    for event_id in sorted(set(ahead.values_list("event", flat=True))):
        event = _locked(Event.objects.filter(pk=event_id).first())
        _free(event, list(ahead.filter(event=event)))


def _free(event: Event, sign_ups: Sequence[SignUp]) -> None:
    held = [one for one in sign_ups if one.state == SignUpState.GOING]
    given = [one for one in sign_ups if one.state != SignUpState.BACK]
    _set_state(given, SignUpState.BACK)
    journal.record(
        *(
            facts.EventPlaceGivenBack(event=event.pk, line=one.line, member=one.member_id)
            for one in given
        )
    )
    free_places(event, len(held))


def free_places(event: Event, places: int) -> None:
    """Inside an action that holds the event's row: give places that nobody has to who waits."""
    _take(event, -places)
    if event.ends_at > journal.now():
        _move_up(event)


def _move_up(event: Event) -> None:
    """Give free places to those who wait, in the order in which they asked."""
    if event.cancelled_at or not event.left:
        return
    waiting = SignUp.objects.filter(event=event, state=SignUpState.WAITING)
    lucky = list(waiting.order_by("asked_at", "id")[: event.left])
    _set_state(lucky, SignUpState.GOING)
    _take(event, len(lucky))
    journal.record(
        *(
            facts.EventPlaceGiven(event=event.pk, line=one.line, member=one.member_id)
            for one in lucky
        )
    )


def _set_state(sign_ups: Sequence[SignUp], state: SignUpState) -> None:
    SignUp.objects.filter(pk__in=[one.pk for one in sign_ups]).update(state=state)


def _take(event: Event, places: int) -> None:
    """Count places that were given; the caller holds the event's row."""
    event.taken += places
    event.save(update_fields=["taken"])


@journal.action
def check_in(actor: Actor, event_id: int, member_id: int) -> bool:
    """Note that somebody is here, by staff of the region or the host in charge; False if known.

    Refuses with UnknownEvent, EventClosed (cancelled), DoorsClosed, NoPlace.
    """
    event = queries.in_charge(actor, event_id)
    if event is None:
        raise refusals.UnknownEvent
    if event.cancelled_at:
        raise refusals.EventClosed
    if not rules.doors_open(event.starts_at, event.ends_at, journal.now()):
        raise refusals.DoorsClosed
    guest = SignUp.objects.filter(event=_locked(event), member=member_id).first()
    if guest is None or guest.state != SignUpState.GOING:
        raise refusals.NoPlace
    if guest.came_at:
        return False
    guest.came_at = journal.now()
    guest.save(update_fields=["came_at"])
    journal.record(facts.EventAttended(event=event.pk, line=guest.line, member=member_id))
    return True


@journal.action
def add_photos(actor: Actor, event_id: int, pictures: Sequence[Picture]) -> int:
    """Put photos to an event that takes or took place; how many were not there yet.

    A photo's file is written before its row: what a failure leaves behind is a file that nobody is
    shown, never a photo without one. Refuses with UnknownEvent, TooManyPictures.
    """
    event = queries.in_charge(actor, event_id)
    if event is None:
        raise refusals.UnknownEvent
    if not 1 <= len(pictures) <= PICTURES_AT_ONCE:
        raise refusals.TooManyPictures(field="photos", most=PICTURES_AT_ONCE)
    rows = {picture.digest: _row(event, picture) for picture in pictures}
    for picture in pictures:
        file = Photo(event=event, digest=picture.digest).file
        if not default_storage.exists(file):
            default_storage.save(file, ContentFile(picture.jpeg))
    added = sql.insert(Photo, list(rows.values()), unique=["event", "digest"])
    if added:
        journal.record(facts.EventPhotosAdded(event=event.pk, photos=len(added)))
    return len(added)


def _row(event: Event, picture: Picture) -> sql.Row:
    return {
        "event": event.pk,
        "digest": picture.digest,
        "width": picture.width,
        "height": picture.height,
        "added_at": journal.now(),
    }


@journal.action
def remove_photo(actor: Actor, event_id: int, photo_id: int) -> None:
    """Take a photo away, for example because somebody on it asks; its file goes with it.

    Refuses with UnknownEvent.
    """
    require(actor, *queries.RUNNERS)
    photo = queries.photo(actor, event_id, photo_id)
    if photo is None:
        raise refusals.UnknownEvent
    file = photo.file
    photo.delete()
    journal.record(facts.EventPhotoRemoved(event=event_id, photo=photo_id))
    journal.after_commit(lambda: default_storage.delete(file))


def _held(actor: Actor, event_id: int) -> Event:
    """An event the actor runs, its row locked."""
    return _locked(queries.events(actor).filter(pk=event_id).first())


def _locked(event: Event | None) -> Event:
    """The event's row as it is once we hold it; refuses with UnknownEvent."""
    if event is None:
        raise refusals.UnknownEvent
    return Event.objects.select_for_update().get(pk=event.pk)


def _open(event: Event) -> Event:
    now, cancelled = journal.now(), event.cancelled_at is not None
    if rules.stage(event.starts_at, event.ends_at, cancelled, now) in {Stage.OVER, Stage.CANCELLED}:
        raise refusals.EventClosed
    return event
