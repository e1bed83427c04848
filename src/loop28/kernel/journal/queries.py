"""Reading the journal. It knows no regions: who shows a line's facts has checked the line."""

from collections.abc import Collection

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


def about(thing: str, number: int, kinds: Collection[str]) -> QuerySet[Entry]:
    """Facts of these kinds that belong to no line, about the thing with this number, newest first.

    ``thing`` is the field of the facts that names it, for example ``event``.
    """
    rows = Entry.objects.filter(line=None, kind__in=kinds, **{f"data__{thing}": number})
    return rows.order_by("-id")
