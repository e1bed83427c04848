"""What waits to be handed to the platforms, in all groups: for whoever watches the installation."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from loop28.front.groups.models import Notice, Outgoing


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many, since when the oldest, and how many more were given up and wait for a person."""

    count: int
    oldest: datetime | None
    given_up: int = 0


def outbox() -> Waiting:
    """Messages to groups."""
    tried = Q(given_up_at=None)
    rows = Outgoing.objects.filter(sent_at=None, given_up_by="")
    return Waiting(
        **rows.aggregate(
            count=Count("id", filter=tried),
            oldest=Min("planned_at", filter=tried),
            given_up=Count("id", filter=~tried),
        )
    )


def notices() -> Waiting:
    """Notices to persons; those that wait for the morning are among them."""
    rows = Notice.objects.filter(sent_at=None, dropped_at=None)
    return Waiting(**rows.aggregate(count=Count("id"), oldest=Min("planned_at")))
