"""What packets keep about a person: the shares they opened."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from loop28.front.packets.models import Share
from loop28.kernel.access import Actor
from loop28.kernel.money import yuan
from loop28.kernel.privacy import WHAT, WHEN, YUAN, Topic


def about(actor: Actor, members: Collection[int]) -> list[Topic]:
    """The red packets they opened."""
    opened = Share.objects.filter(member__in=members).select_related("packet").order_by("taken_at")
    rows = [[row.taken_at, row.packet.title, yuan(row.fen)] for row in opened]
    return [Topic("packets", _("Red packets"), [WHEN, WHAT, YUAN], rows)]


def erase(actor: Actor, members: Collection[int]) -> None:
    """Nothing: a share is a number and an amount, and those are the books."""
