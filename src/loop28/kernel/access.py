"""Who acts, and which rows they may see: the one place that scopes a query."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from loop28.kernel.refusals import Refusal

M = TypeVar("M", bound=Model)


class Role(StrEnum):
    """What an actor is here to do. ``system`` is the product itself: worker, command, reaction."""

    SYSTEM = "system"
    ADMINISTRATOR = "administrator"
    REGION_MANAGER = "region_manager"
    MIDDLE = "middle"
    FINANCE = "finance"
    AUDITOR = "auditor"
    MEMBER = "member"
    MACHINE = "machine"


STAFF = frozenset(
    {Role.ADMINISTRATOR, Role.REGION_MANAGER, Role.MIDDLE, Role.FINANCE, Role.AUDITOR}
)


@dataclass(frozen=True, slots=True)
class Actor:
    """The first argument of every query and action.

    ``id`` is a user's for staff, a member's for members (hosts are members), a key's for machines.
    ``region`` is the one region a region manager sees; None spans all.
    """

    role: Role
    id: int = 0
    region: int | None = None

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    def __str__(self) -> str:
        return f"{self.role}:{self.id}"


SYSTEM = Actor(Role.SYSTEM)


class NotAllowed(Refusal):
    """The actor's role may not do this."""

    message = _("You are not allowed to do this. Ask an administrator if you should be.")
    status = 403


def require(actor: Actor, *roles: Role) -> None:
    """Refuse with NotAllowed unless the actor has one of the roles or is the system itself."""
    if actor.role is not Role.SYSTEM and actor.role not in roles:
        raise NotAllowed


def scope(
    actor: Actor, rows: QuerySet[M], *, region: str = "", host: str = "", member: str = ""
) -> QuerySet[M]:
    """The rows this actor may see.

    ``region``, ``host`` and ``member`` name the lookups that lead to the row's region, to the
    member who hosts it and to the member it belongs to; a lookup left out opens nothing.
    """
    if actor.role is Role.SYSTEM:
        return rows
    if actor.is_staff:
        if actor.region is None and actor.role is not Role.REGION_MANAGER:
            return rows
        return rows.filter(**{region: actor.region}) if region else rows.none()
    if actor.role is not Role.MEMBER:
        return rows.none()
    mine: dict[str, Any] = {lookup: actor.id for lookup in (host, member) if lookup}
    if not mine:
        return rows.none()
    return rows.filter(Q(*mine.items(), _connector=Q.OR))
