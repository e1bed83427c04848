"""What rewards keep about a person: what they earned, and why some of it was taken back."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from loop28.front.rewards.models import Entitlement, RewardKind
from loop28.kernel import journal
from loop28.kernel.access import Actor, require
from loop28.kernel.money import yuan
from loop28.kernel.privacy import AMOUNT, KIND, LINE, REASON, STATE, WHAT, WHEN, Topic


def about(actor: Actor, members: Collection[int]) -> list[Topic]:
    """Everything they earned."""
    theirs = Entitlement.objects.filter(member__in=members).order_by("id")
    earned = theirs.select_related("line", "redemption")
    rows = [
        [
            row.granted_at,
            row.line.code,
            row.get_kind_display(),
            row.title,
            yuan(row.amount) if row.kind == RewardKind.MONEY else row.amount or "",
            row.code,
            row.get_state_display(),
            row.taken_back_why,
            row.redeemed.at if row.redeemed else None,
        ]
        for row in earned
    ]
    columns = [WHEN, LINE, KIND, WHAT, AMOUNT, pgettext_lazy("data", "Code"), STATE, REASON]
    columns += [pgettext_lazy("data", "Used")]
    return [Topic("rewards", _("Rewards"), columns, rows)]


@journal.action
def erase(actor: Actor, members: Collection[int]) -> None:
    """Why something was taken back goes, and coupons open nothing; amounts stay."""
    require(actor)
    Entitlement.objects.filter(member__in=members).update(taken_back_why="", code="")
