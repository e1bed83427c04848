"""What can be done about talks and guests: write, take in, name free days, book, call off."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Max

from loop28.kernel import clock, journal, sql
from loop28.kernel.access import Actor, Role, require
from loop28.kernel.text import clean, clean_line
from loop28.middle.content import facts, refusals, rules
from loop28.middle.content.models import (
    MATERIAL_LIMIT,
    NAME_LIMIT,
    NOTE_LIMIT,
    Booking,
    Free,
    Guest,
    Talk,
    TalkVersion,
)
from loop28.middle.content.rules import Words

WRITERS = (Role.ADMINISTRATOR, Role.REGION_MANAGER, Role.MIDDLE)


@journal.action
def write(actor: Actor, words: Words) -> TalkVersion:
    """A talk as it shall be told from now on; the same words again are the version that is there.

    Refuses with MessagesUnfit, RepliesUnfit, or for a text.
    """
    return take_in(actor, [_fitting(words)])[0]


@journal.action
def take_in(actor: Actor, found: Sequence[Words]) -> list[TalkVersion]:
    """Talks as a published playbook tells them, each known by its words: what is new is kept.

    What a playbook says was checked when it was published.
    """
    require(actor, *WRITERS)
    return [_kept(actor, words) for words in found]


def _kept(actor: Actor, words: Words) -> TalkVersion:
    sql.insert(Talk, [{"topic": words.topic}], unique=["topic"])
    sql.insert(Guest, [{"name": words.guest, "title": words.guest_title}], unique=["name"])
    # Whoever writes the same talk at this moment waits here, so that numbers follow each other.
    talk = Talk.objects.select_for_update().get(topic=words.topic)
    guest = Guest.objects.get(name=words.guest)
    last = TalkVersion.objects.filter(talk=talk).aggregate(Max("number"))["number__max"] or 0
    row = {
        "talk": talk.pk,
        "number": last + 1,
        "guest": guest.pk,
        "guest_title": words.guest_title,
        "material": words.material,
        "messages": list(words.messages),
        "question": words.question,
        "replies": [list(pair) for pair in words.replies],
        "digest": rules.digest(words),
        "written_at": journal.now(),
        "written_by": (actor.id or None) if actor.is_staff else None,
    }
    if sql.insert(TalkVersion, [row], unique=["digest"]):
        journal.record(facts.TalkWritten(talk=talk.pk, number=last + 1))
    related = TalkVersion.objects.select_related("talk", "guest")
    return related.get(digest=row["digest"])


def _fitting(words: Words) -> Words:
    messages = tuple(clean(m, limit=rules.TEXT_LIMIT, field="messages") for m in words.messages)
    wrong = rules.unfit_message(messages)
    if wrong is not None:
        (fewest, most), (shortest, longest) = rules.MESSAGES, rules.MESSAGE_LENGTH
        raise refusals.MessagesUnfit(
            field="messages",
            fewest=fewest,
            most=most,
            shortest=shortest,
            longest=longest,
            number=wrong or len(messages),
        )
    fewest, most = rules.REPLIES
    if not fewest <= len(words.replies) <= most:
        raise refusals.RepliesUnfit(field="replies", fewest=fewest, most=most)
    return Words(
        topic=clean_line(words.topic, limit=NAME_LIMIT, field="topic"),
        guest=clean_line(words.guest, limit=NAME_LIMIT, field="guest"),
        guest_title=clean_line(words.guest_title, limit=NAME_LIMIT, field="guest_title"),
        material=clean_line(words.material, limit=MATERIAL_LIMIT, field="material", required=False),
        messages=messages,
        question=clean(words.question, limit=rules.TEXT_LIMIT, field="question"),
        replies=tuple((_reply(answer), _reply(said)) for answer, said in words.replies),
    )


def _reply(text: str) -> str:
    return clean(text, limit=rules.TEXT_LIMIT, field="replies")


@journal.action
def name_free_days(actor: Actor, guest_id: int, first: date, last: date) -> None:
    """Days on which a guest can be booked; the same again changes nothing.

    Refuses with UnknownGuest, DaysInDisorder.
    """
    require(actor, *WRITERS)
    guest = _held(guest_id)
    if last < first:
        raise refusals.DaysInDisorder(field="last")
    row = {"guest": guest.pk, "first_day": first, "last_day": last}
    if sql.insert(Free, [row], unique=["guest", "first_day", "last_day"]):
        journal.record(facts.GuestFree(guest=guest.pk))


@journal.action
def book(
    actor: Actor,
    guest_id: int,
    starts: datetime,
    ends: datetime,
    note: str,
    *,
    key: UUID,
    zone: str,
) -> Booking:
    """Book a guest for some hours; the same ``key`` again is the same booking.

    The guest's row is held, so that of two who want the same hours one is told of the other.
    ``zone`` says which day the hours are on. Refuses with UnknownGuest, HoursInDisorder,
    GuestTaken, GuestNotFree.
    """
    require(actor, *WRITERS)
    guest = _held(guest_id)
    known = Booking.objects.filter(key=key).first()
    if known is not None:
        return known
    if ends <= starts or starts <= journal.now():
        raise refusals.HoursInDisorder(field="starts")
    _refuse_taken(guest, starts, ends, zone)
    booking = Booking.objects.create(
        key=key,
        guest=guest,
        starts_at=starts,
        ends_at=ends,
        note=clean_line(note, limit=NOTE_LIMIT, field="note"),
        booked_at=journal.now(),
        booked_by_id=(actor.id or None) if actor.is_staff else None,
    )
    journal.record(facts.GuestBooked(guest=guest.pk, booking=booking.pk))
    return booking


def _refuse_taken(guest: Guest, starts: datetime, ends: datetime, zone: str) -> None:
    local = ZoneInfo(zone)
    standing = Booking.objects.filter(guest=guest, cancelled_at=None)
    other = standing.filter(starts_at__lt=ends, ends_at__gt=starts).order_by("starts_at").first()
    if other is not None:
        raise refusals.GuestTaken(
            field="starts",
            guest=guest.name,
            starts=f"{other.starts_at.astimezone(local):%F %H:%M}",
            ends=f"{other.ends_at.astimezone(local):%H:%M}",
            note=other.note,
        )
    day, free = clock.local_day(starts, local), Free.objects.filter(guest=guest)
    if free.exists() and not free.filter(first_day__lte=day, last_day__gte=day).exists():
        raise refusals.GuestNotFree(field="day", guest=guest.name)


@journal.action
def release(actor: Actor, booking_id: int, reason: str) -> None:
    """Call a booking off; the hours are free again. Refuses with UnknownGuest, AlreadyReleased."""
    require(actor, *WRITERS)
    booking = Booking.objects.select_for_update().filter(pk=booking_id).first()
    if booking is None:
        raise refusals.UnknownGuest
    if booking.cancelled_at:
        raise refusals.AlreadyReleased
    booking.reason = clean_line(reason, limit=NOTE_LIMIT, field="reason")
    booking.cancelled_at = journal.now()
    booking.save(update_fields=["reason", "cancelled_at"])
    journal.record(facts.GuestReleased(guest=booking.guest_id, booking=booking.pk))


def _held(guest_id: int) -> Guest:
    """The guest's row, locked."""
    guest = Guest.objects.select_for_update().filter(pk=guest_id).first()
    if guest is None:
        raise refusals.UnknownGuest
    return guest
