"""When the watch last went round, and which colours it saw."""

from collections.abc import Iterable

from django.db.models import QuerySet

from loop28.front.watch.models import Coloured, Night
from loop28.kernel.access import Actor, Role, require


def last_night() -> Night | None:
    """The last time the watch went round."""
    return Night.objects.order_by("-day").first()


def coloured(actor: Actor) -> QuerySet[Coloured]:
    """Chains with a colour, the largest first: for compliance. Refuses with NotAllowed."""
    require(actor, Role.ADMINISTRATOR, Role.FINANCE, Role.AUDITOR)
    rows = Coloured.objects.select_related("member")
    return rows.order_by("-levels", "-people", "member")


def colours(members: Iterable[int]) -> dict[int, Coloured]:
    """The colours of these members' chains, of those that have one. Who may see them is for the
    caller to check.
    """
    return {row.member_id: row for row in Coloured.objects.filter(member__in=list(members))}
