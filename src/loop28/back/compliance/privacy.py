"""What compliance keeps about a person: why money waited, and what was said about it."""

from collections.abc import Collection

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from loop28.back.compliance.models import Freeze
from loop28.kernel import journal
from loop28.kernel.access import Actor, require
from loop28.kernel.privacy import DECISION, DONE, KIND, REASON, WHEN, Topic


def about(actor: Actor, members: Collection[int]) -> list[Topic]:
    """Their cases, with what they said and what was decided."""
    rows = [
        [
            row.since,
            row.get_strength_display(),
            row.said,
            row.get_decision_display(),
            row.reason,
            row.decided_at,
        ]
        for row in Freeze.objects.filter(member__in=members).order_by("id")
    ]
    columns = [WHEN, KIND, _("Your words about it"), DECISION, REASON, DONE]
    return [Topic("money-that-waited", _("Money that waited for a look"), columns, rows)]


@journal.action
def erase(actor: Actor, members: Collection[int]) -> None:
    """Words go; what was noticed and decided stays with its figures."""
    require(actor)
    Freeze.objects.filter(member__in=members).update(said="", reason="")


def obstacles(actor: Actor, members: Collection[int]) -> list[str | Promise]:
    """Money that waits for a person's look."""
    waiting = Freeze.objects.filter(member__in=members, decision="").exists()
    return [_("Somebody has still to decide about money that waits.")] if waiting else []
