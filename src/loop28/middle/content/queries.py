"""What can be known of talks and guests: they are the whole company's, all staff see all."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, OuterRef, QuerySet, Subquery

from loop28.kernel.access import STAFF, Actor, require
from loop28.middle.content.models import Booking, Guest, Talk, TalkVersion
from loop28.middle.content.rules import Words as Words
from loop28.middle.content.rules import digest as digest


def talks(actor: Actor) -> QuerySet[Talk]:
    """The library by topic, each talk with ``newest``, the id of its latest version."""
    require(actor, *STAFF)
    latest = TalkVersion.objects.filter(talk=OuterRef("pk")).order_by("-number")
    return Talk.objects.annotate(
        newest=Subquery(latest.values("pk")[:1]), count=Count("versions")
    ).order_by("topic")


def versions(actor: Actor, ids: Iterable[int]) -> dict[int, TalkVersion]:
    """Versions by number of the row, with their guests."""
    require(actor, *STAFF)
    return TalkVersion.objects.select_related("guest", "talk").in_bulk(list(ids))


def versions_of(actor: Actor, talk_id: int) -> list[TalkVersion]:
    """All versions of a talk, the newest first; empty where there is no such talk."""
    require(actor, *STAFF)
    rows = TalkVersion.objects.filter(talk=talk_id).select_related("guest", "talk", "written_by")
    return list(rows.order_by("-number"))


def words(version: TalkVersion) -> Words:
    """What a version says."""
    return Words(
        topic=version.talk.topic,
        guest=version.guest.name,
        guest_title=version.guest_title,
        material=version.material,
        messages=tuple(version.messages),
        question=version.question,
        replies=tuple((answer, reply) for answer, reply in version.replies),
    )


def guests(actor: Actor) -> QuerySet[Guest]:
    """Everybody who speaks, by name."""
    require(actor, *STAFF)
    return Guest.objects.order_by("name")


def bookings(actor: Actor, since: datetime) -> QuerySet[Booking]:
    """Bookings that are not over at ``since``, the next one first."""
    require(actor, *STAFF)
    rows = Booking.objects.filter(ends_at__gt=since, cancelled_at=None)
    return rows.select_related("guest", "booked_by").order_by("starts_at", "id")


def talk_topics(ids: Iterable[int]) -> dict[int, str]:
    """What these talks are about, for sentences about them."""
    return dict(Talk.objects.filter(pk__in=set(ids)).values_list("id", "topic"))


def guest_names(ids: Iterable[int]) -> dict[int, str]:
    """What these guests are called, for sentences about them."""
    return dict(Guest.objects.filter(pk__in=set(ids)).values_list("id", "name"))
