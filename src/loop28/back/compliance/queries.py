"""Whose money waits, since when and why, and what became of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from loop28.back.compliance.models import Decision, Freeze, Strength
from loop28.kernel.access import Actor, Role, require, scope
from loop28.kernel.prepared import prepared

READERS = (Role.ADMINISTRATOR, Role.FINANCE, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class Looked:
    """The last time a person decided about somebody, and the figures they looked at."""

    at: datetime
    numbers: Mapping[str, int]


def frozen(strength: Strength) -> set[int]:
    """Whose rewards (or payouts) wait just now. They are few: nobody has to name whom they mean."""
    return set(_frozen(strength))


@prepared
def _frozen(strength: Strength) -> QuerySet[Freeze, int]:
    rows = Freeze.objects.filter(strength=strength, ended_at=None)
    return rows.values_list("member", flat=True)


def freezes(actor: Actor) -> QuerySet[Freeze]:
    """Freezes, oldest first: a member's own, or all for whose work they are.

    Refuses with NotAllowed.
    """
    require(actor, *READERS, Role.MEMBER)
    rows = Freeze.objects.select_related("decided_by").order_by("since", "id")
    return scope(actor, rows, member="member")


def looking_at(actor: Actor) -> list[str]:
    """What of the acting member's waits just now: each `Strength` once."""
    rows = freezes(actor).filter(ended_at=None).order_by("strength")
    return list(rows.values_list("strength", flat=True).distinct())


def to_decide(actor: Actor) -> int:
    """How many freezes wait for a person; none for whom they are no work."""
    if actor.role not in READERS:
        return 0
    return freezes(actor).filter(decision=Decision.NOT).count()


def looked_at(why: str, members: Iterable[int]) -> dict[int, Looked]:
    """Whom of these somebody has decided about already, for this cause: the last time."""
    rows = Freeze.objects.filter(why=why, member__in=list(members), decided_at__isnull=False)
    return {
        row.member: Looked(row.decided_at, row.numbers)
        for row in rows.order_by("number")
        if row.decided_at
    }


def reasons(freeze_ids: Iterable[int]) -> dict[int, str]:
    """Why these were decided as they were."""
    rows = Freeze.objects.filter(pk__in=list(freeze_ids))
    return dict(rows.values_list("id", "reason"))
