"""The offer of the next line on the phone: take it, or leave it and say why."""

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from loop28.doors import gate
from loop28.doors.member import frame
from loop28.front.ladder import offers as actions
from loop28.front.ladder import queries
from loop28.front.ladder.models import Offer
from loop28.front.lines import queries as lines
from loop28.kernel.access import Actor, NotAllowed
from loop28.kernel.refusals import Refusal

PAST = 10


@gate.member_page
@require_GET
def offers(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What waits for an answer, and what became of earlier offers."""
    mine = list(queries.offers(actor)[: PAST * 2])
    waiting = queries.open_offers(actor)
    known = {offer.pk for offer in waiting}
    context = {
        "waiting": waiting,
        "past": [offer for offer in mine if offer.pk not in known][:PAST],
        "hosts": lines.lines(actor).exists(),
    }
    return frame.page(request, actor, "cockpit/offers.html", context, tab="today")


@gate.member_page
@require_POST
def answer(request: HttpRequest, actor: Actor, offer_id: int) -> HttpResponse:
    """Accept an offer, or decline it with a reason."""
    accepted = "accept" in request.POST
    try:
        if accepted:
            actions.accept(actor, offer_id)
        else:
            actions.decline(actor, offer_id, request.POST.get("reason", ""))
    except Offer.DoesNotExist:
        raise Http404 from None
    except NotAllowed:
        raise
    except Refusal as no:
        notes.error(request, str(no))
    else:
        notes.success(
            request,
            _("The line is yours. Your region opens it now.")
            if accepted
            else _("Thank you for saying so. Your region asks somebody else."),
        )
    return redirect("host-offers")
