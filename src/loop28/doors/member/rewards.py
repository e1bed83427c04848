"""One reward and everything that happened to it, with its dates and reasons."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_GET

from loop28.doors import gate
from loop28.doors.member import frame
from loop28.doors.member.looked_at import rewards_frozen
from loop28.front.rewards import queries as rewards
from loop28.front.rewards import story, wallets
from loop28.front.rewards.models import Entitlement
from loop28.front.rewards.story import Granted, Moment, Step
from loop28.kernel import clock
from loop28.kernel.access import Actor
from loop28.ui.text import yuan

STEPS: dict[Step, str | Promise] = {
    Step.GRANTED: gettext_lazy("Granted"),
    Step.CAPPED: gettext_lazy("Not paid"),
    Step.HELD: gettext_lazy("Kept for a time"),
    Step.LOOKED_AT: gettext_lazy("We are taking a look"),
    Step.UNFUNDED: gettext_lazy("Waits for the line's budget"),
    Step.CLAIMABLE: gettext_lazy("In your wallet: you can claim it"),
    Step.THEIRS: pgettext_lazy("reward", "Yours"),
    Step.SET_OFF: gettext_lazy("Set against a reward that was taken back"),
    Step.CLAIMED: pgettext_lazy("wallet", "Claimed"),
    Step.SETTLED: gettext_lazy("Paid out"),
    Step.TAKEN_BACK: gettext_lazy("Taken back"),
    Step.OWED: gettext_lazy("Will be set against your next rewards"),
}
CAPS: dict[str, str | Promise] = {
    "policy": gettext_lazy("The rules of where this line runs do not allow it."),
    "first": gettext_lazy("It was for those who did the task first, and all places were taken."),
    "task": gettext_lazy("All the money for this task had been given out."),
    "budget": gettext_lazy("This part of the line's budget was used up."),
    "day": gettext_lazy("You had reached the most that rewards pay in one day."),
    "member": gettext_lazy("You had reached the most that rewards pay one person in this line."),
    "line": gettext_lazy("The line had paid as much for rewards as it may."),
}
"""Why a cap cut a reward off, in words for whom it was."""


@gate.member_page
@require_GET
def reward(request: HttpRequest, actor: Actor, entitlement_id: int) -> HttpResponse:
    """Granted, claimable, claimed, settled: when each came, and why what did not come did not."""
    try:
        found = rewards.one(actor, entitlement_id)
    except Entitlement.DoesNotExist:
        raise Http404 from None
    if found.member_id != actor.id:
        raise Http404
    wallet = wallets.of_member(actor, actor.id)
    told = story.story(
        _granted(found),
        clock.now(),
        wallet.of(found),
        wallet.set_off.get(found.pk, ()),
        frozen=rewards_frozen(actor),
    )
    context = {
        "reward": found,
        "zone": found.line.region.zone,
        "now": clock.now(),
        "moments": [(STEPS[m.step], m, _amount(found, m), _reason(found, m)) for m in told],
    }
    return frame.page(request, actor, "member/reward.html", context, tab="wallet")


def _granted(of: Entitlement) -> Granted:
    return Granted._make(getattr(of, name) for name in Granted._fields)


def _amount(of: Entitlement, moment: Moment) -> str:
    if not moment.amount:
        return ""
    if of.kind == "money":
        return yuan(moment.amount)
    return points_words(moment.amount)


def points_words(points: int, *, signed: bool = False) -> str:
    """So many points; ``signed`` where they came or went."""
    number = f"{points:+}" if signed else str(points)
    return ngettext("%(points)s point", "%(points)s points", abs(points)) % {"points": number}


def _reason(of: Entitlement, moment: Moment) -> str:
    match moment.step:
        case Step.GRANTED if of.task:
            return _("for your task in %(line)s") % {"line": of.line.code}
        case Step.CAPPED:
            return str(CAPS[of.capped_by])
        case Step.HELD:
            return _("In case of a refund or a second look.")
        case Step.LOOKED_AT:
            return _("A person looks at it and decides; nothing is lost. Your wallet says more.")
        case Step.UNFUNDED:
            return _("It is paid as soon as the line has money again.")
        case Step.SET_OFF:
            return _("An earlier reward of yours had been taken back after it was paid.")
        case Step.TAKEN_BACK:
            return of.taken_back_why or _("What had counted for its task no longer does.")
    return ""
