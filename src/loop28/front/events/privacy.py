"""What events keep about a person: where they wanted to come, and whether they did."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from loop28.front.events.models import SignUp
from loop28.kernel.access import Actor
from loop28.kernel.privacy import DONE, STATE, WHAT, WHEN, Topic


def about(actor: Actor, members: Collection[int]) -> list[Topic]:
    """Their sign-ups."""
    mine = SignUp.objects.filter(member__in=members).select_related("event", "city")
    rows = [
        [row.asked_at, row.event.title, row.city.name, row.get_state_display(), row.came_at]
        for row in mine.order_by("asked_at", "id")
    ]
    return [Topic("events", _("Events"), [WHEN, WHAT, _("City"), STATE, DONE], rows)]


def erase(actor: Actor, members: Collection[int]) -> None:
    """Nothing: a sign-up holds numbers. Who takes consent back gives places back by that."""
