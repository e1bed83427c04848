"""What is being looked at in my wallet: what waits meanwhile, what I have to say, how it ended."""

from datetime import timedelta

from django import forms
from django.contrib import messages as notes
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from loop28.back.compliance import actions, queries
from loop28.back.compliance.models import TEXT_LIMIT, Freeze, Strength
from loop28.doors import gate
from loop28.doors.member import frame
from loop28.kernel import clock
from loop28.kernel.access import Actor, NotAllowed
from loop28.kernel.refusals import Refusal
from loop28.kernel.text import number_in

SHOWN = timedelta(days=60)
"""How long one reads how it ended."""


class WordsForm(forms.Form):
    """One's side of it."""

    said = forms.CharField(
        label=gettext_lazy("What we should know"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def rewards_frozen(actor: Actor) -> bool:
    """Whether somebody takes a look before new rewards are paid to the acting member."""
    return Strength.HOLD in queries.looking_at(actor)


@gate.member_page
@require_http_methods(["GET", "HEAD", "POST"])
def looked_at(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What waits and why, without a word of blame; a POST says something about one of them."""
    recent = Q(ended_at=None) | Q(ended_at__gt=clock.now() - SHOWN)
    rows = queries.freezes(actor).filter(recent).order_by("-since", "-id")
    if request.method == "POST":
        return _say(request, actor)
    shown = [
        (row, WordsForm(initial={"said": row.said}, auto_id=f"of-{row.pk}-%s")) for row in rows
    ]
    return frame.page(request, actor, "member/looked_at.html", {"shown": shown}, tab="wallet")


def _say(request: HttpRequest, actor: Actor) -> HttpResponse:
    try:
        number = number_in(request.POST.get("freeze"))
        actions.speak(actor, number, request.POST.get("said", ""))
        notes.success(request, _("Thank you. Who decides reads it."))
    except Freeze.DoesNotExist:
        raise Http404 from None
    except NotAllowed:
        raise
    except Refusal as no:
        notes.error(request, str(no))
    return redirect("looked-at")
