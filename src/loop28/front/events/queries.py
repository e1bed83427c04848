"""What can be known of events: by those who run them, and by those who are invited."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from loop28.front.events import rules
from loop28.front.events.models import Event, Photo, SignUp, SignUpState
from loop28.kernel import links
from loop28.kernel.access import Actor, Role, scope
from loop28.middle.members import queries as members

_TICKET = "ticket"
RUNNERS = frozenset({Role.ADMINISTRATOR, Role.REGION_MANAGER})
"""Staff who plan events and check people in."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many have a place, wait for one, and came."""

    going: int = 0
    waiting: int = 0
    came: int = 0


def events(actor: Actor) -> QuerySet[Event]:
    """The events an actor watches or runs: their region's for staff, for a host those they are in
    charge of.
    """
    rows = Event.objects.select_related("region", "city", "host")
    return scope(actor, rows, region="region", host="host")


def in_charge(actor: Actor, event_id: int) -> Event | None:
    """The event, for who checks people in on the spot: staff of its region, the host in charge."""
    if actor.is_staff and actor.role not in RUNNERS:
        return None
    return events(actor).filter(pk=event_id).first()


def invitations(actor: Actor, regions: Collection[int], now: datetime) -> list[Event]:
    """Events that are not over and that the acting member is invited to, the next one first.

    Those of these regions that invite the member's city, while the member's consent stands.
    """
    rows = Event.objects.filter(region__in=regions, cancelled_at=None, ends_at__gt=now)
    invited = rows.filter(cities__in=members.reachable().filter(pk=actor.id).values("city"))
    return list(invited.select_related("region", "city").order_by("starts_at", "id"))


def own(actor: Actor) -> list[SignUp]:
    """What the acting member signed up for and did not give back, the latest event first."""
    rows = scope(actor, SignUp.objects.all(), member="member").exclude(state=SignUpState.BACK)
    related = rows.select_related("event__region", "event__city", "event__host")
    return list(related.order_by("-event__starts_at", "-id"))


def sign_up(actor: Actor, event_id: int) -> SignUp | None:
    """The acting member's own word about an event; None for who never signed up."""
    rows = scope(actor, SignUp.objects.filter(event=event_id), member="member")
    return rows.select_related("event__region", "event__city").first()


def sign_ups(actor: Actor, event_id: int) -> QuerySet[SignUp]:
    """Everybody who signed up, for those who run the event: in the order in which they asked."""
    rows = SignUp.objects.filter(event__in=events(actor).filter(pk=event_id))
    return rows.select_related("member", "city").order_by("asked_at", "id")


def sign_ups_of(member_id: int) -> int:
    """For how many events a member signed up."""
    return SignUp.objects.filter(member=member_id).count()


def place_in_queue(of: SignUp) -> int:
    """Which place somebody has on the waiting list, counted from 1."""
    before = Q(asked_at__lt=of.asked_at) | Q(asked_at=of.asked_at, id__lt=of.pk)
    waiting = SignUp.objects.filter(event=of.event_id, state=SignUpState.WAITING)
    return 1 + waiting.filter(before).count()


def counts(event_ids: Sequence[int]) -> dict[int, Counts]:
    """By event: how many have a place, wait, came."""
    rows = SignUp.objects.filter(event__in=event_ids).values_list("event")
    found = {number: Counts(*numbers) for number, *numbers in rows.annotate(**_COUNTED)}
    return {number: found.get(number, Counts()) for number in event_ids}


def counts_by_line(event_id: int) -> list[tuple[int, Counts]]:
    """The numbers of the lines by which people come, each with its counts, the largest first."""
    return _counts_by("line", event_id)


def counts_by_city(event_id: int) -> list[tuple[str, Counts]]:
    """The cities from which people come, each with its counts, the largest first."""
    return _counts_by("city__name", event_id)


_COUNTED = {
    "going": Count("id", filter=Q(state=SignUpState.GOING)),
    "waiting": Count("id", filter=Q(state=SignUpState.WAITING)),
    "came": Count("id", filter=Q(came_at__isnull=False)),
}


def _counts_by(field: str, event_id: int) -> list[tuple[Any, Counts]]:
    rows = SignUp.objects.filter(event=event_id).exclude(state=SignUpState.BACK)
    found = rows.values_list(field).annotate(**_COUNTED)
    return sorted(
        ((key, Counts(*numbers)) for key, *numbers in found),
        key=lambda row: (-row[1].going, -row[1].waiting, row[0]),
    )


def titles(event_ids: Iterable[int]) -> dict[int, str]:
    """What these events are called, for sentences about them."""
    return dict(Event.objects.filter(pk__in=set(event_ids)).values_list("id", "title"))


def ticket(of: SignUp) -> str:
    """The token of a place at an event: good until its doors close."""
    until = rules.doors_close(of.event.ends_at)
    return links.sign(_TICKET, of.event_id, of.member_id, until=until)


def read_ticket(token: str) -> SignUp:
    """The sign-up a ticket was made for; refuses with LinkInvalid or LinkExpired."""
    event, member = links.read(_TICKET, token)
    rows = SignUp.objects.select_related("event__region", "event__city", "member")
    holder = members.turned_out([member]).get(member, member)
    found = rows.filter(event=event, member=holder).first()
    if found is None:
        raise links.LinkInvalid
    return found


def photos(event_ids: Sequence[int]) -> QuerySet[Photo]:
    """The photos of events, in the order in which they came."""
    return Photo.objects.filter(event__in=event_ids).order_by("id")


def photo(actor: Actor, event_id: int, photo_id: int) -> Photo | None:
    """A photo, for those who may look at it: the staff who see the event, its host, who came."""
    mine = Q(event__in=events(actor).values("pk"))
    if actor.role is Role.MEMBER:
        mine |= Q(event__sign_ups__member=actor.id, event__sign_ups__came_at__isnull=False)
    return Photo.objects.filter(mine, pk=photo_id, event=event_id).first()
