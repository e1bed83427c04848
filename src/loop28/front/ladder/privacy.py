"""What the ladder keeps about a person: steps, appeals, offers, and why each was decided."""

from collections.abc import Collection

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from loop28.front.ladder import offers
from loop28.front.ladder.models import (
    Appeal,
    AppealState,
    Demotion,
    DemotionState,
    Graduate,
    Offer,
    OfferState,
    Promotion,
    PromotionState,
)
from loop28.kernel import journal
from loop28.kernel.access import Actor, require
from loop28.kernel.privacy import (
    DECISION,
    LINE,
    NUMBERS,
    REASON,
    STATE,
    TEXT,
    WHAT,
    WHEN,
    Row,
    Topic,
)


def about(actor: Actor, members: Collection[int]) -> list[Topic]:
    """Their steps with the numbers that decided, appeals, lines they finished or were offered."""
    appeals = Appeal.objects.filter(member__in=members).order_by("id")
    finished = Graduate.objects.filter(member__in=members).select_related("line").order_by("id")
    offered = Offer.objects.filter(host__in=members).order_by("id")
    columns = [WHEN, WHAT, STATE, NUMBERS, REASON]
    return [
        Topic("steps", _("Steps up and down"), columns, _steps(members)),
        Topic(
            "appeals",
            _("Appeals"),
            [WHEN, WHAT, TEXT, STATE, DECISION],
            [
                [row.at, row.get_level_display(), row.text, row.get_state_display(), row.answer]
                for row in appeals
            ],
        ),
        Topic(
            "graduations",
            _("Lines you finished"),
            [WHEN, LINE, _("Tasks done"), _("Orders")],
            [[row.at, row.line.code, row.tasks, row.orders] for row in finished],
        ),
        Topic(
            "offers",
            _("Lines you were offered"),
            [WHEN, pgettext_lazy("data", "From"), STATE, REASON],
            [
                [row.offered_at, row.start_day, row.get_state_display(), row.reason]
                for row in offered
            ],
        ),
    ]


def _steps(members: Collection[int]) -> list[Row]:
    up = Promotion.objects.filter(member__in=members).order_by("id")
    down = Demotion.objects.filter(promotion__member__in=members).select_related("promotion")
    steps: list[tuple[Promotion | Demotion, str]] = [(row, row.get_level_display()) for row in up]
    steps += [(row, row.promotion.get_level_display()) for row in down.order_by("id")]
    return [
        [row.proposed_at, level, row.get_state_display(), _numbers(row), row.reason]
        for row, level in steps
    ]


def _numbers(row: Promotion | Demotion) -> str:
    return ", ".join(f"{name} {value}" for name, value in row.numbers.items())


@journal.action
def erase(actor: Actor, members: Collection[int]) -> None:
    """Words go; which level somebody had, by which numbers and who decided, stays.

    What waits for a word about them, or for theirs, is settled as it stands: nothing changes.
    """
    require(actor)
    now = journal.now()
    Promotion.objects.filter(member__in=members, state=PromotionState.PROPOSED).update(
        state=PromotionState.DECLINED, decided_at=now
    )
    doubts = Demotion.objects.filter(promotion__member__in=members, state=DemotionState.PROPOSED)
    doubts.update(state=DemotionState.DROPPED, decided_at=now)
    Appeal.objects.filter(member__in=members, state=AppealState.OPEN).update(
        state=AppealState.REJECTED, decided_at=now
    )
    for member in sorted(members):
        offers.withdraw_standing(actor, member, "")
    Promotion.objects.filter(member__in=members).update(reason="")
    Demotion.objects.filter(promotion__member__in=members).update(reason="")
    Appeal.objects.filter(member__in=members).update(text="", answer="")
    Offer.objects.filter(host__in=members).update(reason="")


def obstacles(actor: Actor, members: Collection[int]) -> list[str | Promise]:
    """An appeal that was not answered, a line that they said yes to."""
    found: list[str | Promise] = []
    if Appeal.objects.filter(member__in=members, state=AppealState.OPEN).exists():
        found.append(_("An appeal was not answered yet."))
    if Offer.objects.filter(host__in=members, state=OfferState.ACCEPTED, line=None).exists():
        found.append(_("Has accepted a line that is not open yet."))
    return found
