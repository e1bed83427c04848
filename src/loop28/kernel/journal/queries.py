"""Reading the journal. It knows no regions: who shows a line's facts has checked the line."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from loop28.kernel.journal.facts import Fact
from loop28.kernel.journal.models import Entry


def of_line(line_id: int, kinds: Collection[str] = ()) -> QuerySet[Entry]:
    """What happened in a line, the newest first; all kinds of facts, or these."""
    rows = Entry.objects.filter(line=line_id).order_by("-id")
    return rows.filter(kind__in=kinds) if kinds else rows


def latest(kind: type[Fact]) -> Entry | None:
    """The newest fact of a kind."""
    return Entry.objects.filter(kind=kind.name).order_by("-id").first()


def about(kinds: Collection[str], **thing: int) -> QuerySet[Entry]:
    """Facts of these kinds that belong to no line, newest first; all, or those about one thing.

    ``thing`` is the field of the facts that names it, as in ``about(kinds, event=5)``.
    """
    named = {f"data__{field}": number for field, number in thing.items()}
    return Entry.objects.filter(line=None, kind__in=kinds, **named).order_by("-id")


def of_member(numbers: Collection[int]) -> QuerySet[Entry]:
    """What happened to a member and what they did, under any of their numbers, the newest first."""
    return Entry.objects.filter(member__in=numbers).order_by("-id")


def of_the_house(
    kinds: Collection[str] = (),
    staff: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Entry]:
    """What staff did, and commands to the house itself (``staff`` 0), the newest first.

    Of these kinds, by this person, from ``since`` up to, not at, ``until``.
    """
    rows = Entry.objects.filter(staff__isnull=False).order_by("-id")
    if kinds:
        rows = rows.filter(kind__in=kinds)
    if staff is not None:
        rows = rows.filter(staff=staff)
    if since is not None:
        rows = rows.filter(at__gte=since)
    return rows if until is None else rows.filter(at__lt=until)
