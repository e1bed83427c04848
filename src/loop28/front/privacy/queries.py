"""What is kept about a person, whether they wish to be erased, and what stands in the way."""

from collections.abc import Sequence
from datetime import datetime

from loop28.front.privacy.models import Erasure
from loop28.kernel import privacy
from loop28.kernel.access import SYSTEM, Actor, Role, require
from loop28.kernel.privacy import Topic
from loop28.middle.members import queries as members


def about(actor: Actor, member_id: int) -> list[Topic]:
    """Everything that is kept about a member, who they are first; empty topics are left out.

    For the member, and for staff who hand it on: that these may see all of it is for the caller to
    check. Refuses with NotAllowed.
    """
    if actor != Actor(Role.MEMBER, member_id):
        require(actor, Role.ADMINISTRATOR, Role.REGION_MANAGER)
    numbers = members.records(member_id)
    topics = [topic for keeper in privacy.keepers() for topic in keeper.about(SYSTEM, numbers)]
    return sorted((topic for topic in topics if topic.rows), key=lambda topic: topic.key != "me")


def wish(member_id: int) -> Erasure | None:
    """The wish of a member to be erased, done or not."""
    return Erasure.objects.filter(member=member_id).select_related("by").first()


def obstacles(actor: Actor, member_id: int) -> Sequence[str]:
    """What is still open and needs the person, in words."""
    return privacy.obstacles(SYSTEM, members.records(member_id))


def due(now: datetime) -> list[int]:
    """The members who are to be erased now, who waits longest first."""
    rows = Erasure.objects.filter(done_at=None, due_at__lte=now).order_by("due_at", "id")
    return list(rows.values_list("member_id", flat=True))


def next_due() -> datetime | None:
    """When the next one is to be erased."""
    rows = Erasure.objects.filter(done_at=None).order_by("due_at")
    return rows.values_list("due_at", flat=True).first()
