"""Levels that are taken back by a person, with a reason, or left as they are."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loop28.doors import gate
from loop28.doors.console import frame, roles
from loop28.front.ladder import demoting
from loop28.front.ladder.models import Demotion, Promotion
from loop28.kernel.access import Actor, NotAllowed
from loop28.kernel.refusals import Refusal


@require_POST
@gate.staff_page(*roles.RUNNERS)
def settle(request: HttpRequest, actor: Actor, demotion_id: int) -> HttpResponse:
    """Take a level back that the rule proposed to, or leave it."""
    take_back = "take_back" in request.POST
    done = _("The level was taken back.") if take_back else _("The level stays.")
    with frame.told(request, done):
        try:
            demoting.settle(actor, demotion_id, take_back, request.POST.get("reason", ""))
        except Demotion.DoesNotExist:
            raise Http404 from None
    return redirect("hosts")


@require_POST
@gate.staff_page(*roles.RUNNERS)
def demote(request: HttpRequest, actor: Actor, promotion_id: int) -> HttpResponse:
    """Take a level back without a proposal; its member's story tells what came of it."""
    try:
        found = demoting.demote(actor, promotion_id, request.POST.get("reason", ""))
    except Promotion.DoesNotExist:
        raise Http404 from None
    except NotAllowed:
        raise
    except Refusal as no:
        messages.error(request, str(no))
        return redirect("hosts")
    messages.success(request, _("The level was taken back. They may appeal on their phone."))
    return redirect("member", found.promotion.member_id)
