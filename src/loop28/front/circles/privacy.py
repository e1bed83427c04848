"""What standing groups keep about a person: that they were asked, and what they answered."""

from collections.abc import Collection
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from loop28.front.circles.models import Answer, Circle, Invite
from loop28.kernel import journal
from loop28.kernel.access import Actor, require
from loop28.kernel.privacy import GROUP, STATE, WHEN, Row, Topic


def about(actor: Actor, members: Collection[int]) -> list[Topic]:
    """Invitations to standing groups."""
    asked = Invite.objects.filter(member__in=members).select_related("circle__group")
    rows: list[Row] = [
        [row.invited_at, row.circle.group.name, row.get_answer_display()]
        for row in asked.order_by("id")
    ]
    return [Topic("invitations", _("Invitations to groups"), [WHEN, GROUP, STATE], rows)]


@journal.action
def erase(actor: Actor, members: Collection[int]) -> None:
    """Who has not answered is asked no more."""
    require(actor)
    Invite.objects.filter(member__in=members, answer=Answer.OPEN).delete()


def obstacles(actor: Actor, members: Collection[int]) -> list[str | Promise]:
    """A standing group needs its host."""
    hosted = Circle.objects.filter(group__host__in=members).select_related("group").order_by("id")
    return [_("Runs the group “%(name)s”.") % {"name": row.group.name} for row in hosted]


@journal.action
def forget_invites(actor: Actor, before: datetime, *, dry_run: bool = False) -> int:
    """Drop invitations that nobody answered; whoever it was may be asked again."""
    require(actor)
    dead = Invite.objects.filter(answer=Answer.OPEN, invited_at__lt=before)
    return dead.count() if dry_run else dead.delete()[0]
