"""What finance keeps about a person: payouts, and to whom and where they went."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from loop28.back.finance import rules
from loop28.back.finance.facts import PayoutRejected
from loop28.back.finance.models import Payee, Payout, PayoutState
from loop28.back.ledger.actions import transfer
from loop28.kernel import journal
from loop28.kernel.access import Actor, require
from loop28.kernel.money import yuan
from loop28.kernel.privacy import DONE, REASON, STATE, WHEN, YUAN, Topic

_OPEN = [PayoutState.ASKED, PayoutState.EXPORTED]


def about(actor: Actor, members: Collection[int]) -> list[Topic]:
    """Their payouts, with the accounts they named."""
    rows = [
        [
            row.asked_at,
            yuan(row.fen),
            row.payee,
            row.payee_account,
            row.get_state_display(),
            row.settled_at,
            row.reason,
        ]
        for row in Payout.objects.filter(member__in=members).order_by("id")
    ]
    columns = [WHEN, YUAN, _("Payee"), pgettext_lazy("data", "Account"), STATE, DONE, REASON]
    return [Topic("payouts", _("Payouts"), columns, rows)]


@journal.action
def erase(actor: Actor, members: Collection[int]) -> None:
    """Names and accounts go, amounts stay. What nobody is paying yet goes back to the wallet.

    What is on a list stays there by its number: somebody may be paying it just now.
    """
    require(actor)
    mine = Payout.objects.filter(member__in=members)
    asked = list(mine.filter(state=PayoutState.ASKED).select_for_update().order_by("id"))
    transfer(actor, [rules.rejected(p.pk, p.member, p.fen) for p in asked])
    mine.filter(pk__in=[p.pk for p in asked]).update(
        state=PayoutState.REJECTED, settled_at=journal.now()
    )
    journal.record(*(PayoutRejected(member=p.member, payout=p.pk, fen=p.fen) for p in asked))
    mine.update(payee="", payee_account="", reason="")
    Payee.objects.filter(member__in=members).delete()


def obstacles(actor: Actor, members: Collection[int]) -> list[str | Promise]:
    """A payout that is on its way: it needs the account it goes to."""
    found = Payout.objects.filter(member__in=members, state__in=_OPEN)
    return [_("A payout is on its way.")] if found.exists() else []


@journal.action
def forget_payees(actor: Actor, before: datetime, *, dry_run: bool = False) -> int:
    """Empty the names and accounts of payouts that were settled before then; how many."""
    require(actor)
    old = _named().filter(settled_at__lt=before).exclude(state__in=_OPEN)
    return old.count() if dry_run else old.update(payee="", payee_account="", reason="")


def _named() -> QuerySet[Payout]:
    return Payout.objects.exclude(Q(payee="", payee_account="", reason=""))
