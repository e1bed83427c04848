"""What staff do about a member's data on their word: the file, the erasure, think better of it."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from loop28.doors import gate, own_data
from loop28.doors.console import frame, hosts, members, roles
from loop28.front.privacy import actions, queries
from loop28.front.privacy.models import Asked
from loop28.kernel import clock, links
from loop28.kernel.access import Actor, NotAllowed, Role

_FILE = "data-for-staff"
_FILE_FOR = timedelta(minutes=15)


class AskedForm(forms.Form):
    """How the member said so."""

    asked = forms.ChoiceField(
        label=gettext_lazy("How did they ask?"),
        choices=[choice for choice in Asked.choices if choice[0] != Asked.SELF],
    )


class EraseForm(AskedForm):
    """The same, and the member's number typed, so that it is nobody else."""

    number = forms.IntegerField(
        label=gettext_lazy("Their number, to be sure"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


@require_POST
@gate.staff_page(*roles.RUNNERS)
def take(request: HttpRequest, actor: Actor, member_id: int) -> HttpResponse:
    """Make the file of a member who asked for it, for the colleague who hands it on."""
    _whole_or_refuse(actor, member_id)
    form = AskedForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say how they asked."))
        return redirect("member", member_id)
    actions.take(actor, member_id, form.cleaned_data["asked"])
    token = links.sign(_FILE, member_id, actor.id, until=clock.now() + _FILE_FOR)
    return redirect("member-data-file", member_id, token)


@require_safe
@gate.staff_page(*roles.RUNNERS)
def file(request: HttpRequest, actor: Actor, member_id: int, token: str) -> HttpResponse:
    """The file, for who asked for it just now."""
    _whole_or_refuse(actor, member_id)
    if links.read(_FILE, token) != [member_id, actor.id]:
        raise links.LinkInvalid
    return own_data.answer(member_id, queries.about(actor, member_id))


@require_POST
@gate.staff_page(Role.ADMINISTRATOR)
def erase(request: HttpRequest, actor: Actor, member_id: int) -> HttpResponse:
    """Take a wish to be erased down, or with ``now`` erase at once."""
    members.member_or_404(actor, member_id)
    form = EraseForm(request.POST)
    if not form.is_valid() or form.cleaned_data["number"] != member_id:
        messages.error(request, _("Say how they asked, and write their number. Nothing was done."))
        return redirect("member", member_id)
    asked = form.cleaned_data["asked"]
    if "now" in request.POST:
        with frame.told(request, _("Everything personal is erased.")):
            actions.erase_now(actor, member_id, asked)
    else:
        with frame.told(request, _("Noted. They are erased when the time is over.")):
            actions.ask(actor, member_id, asked)
    return redirect("member", member_id)


@require_POST
@gate.staff_page(Role.ADMINISTRATOR)
def keep(request: HttpRequest, actor: Actor, member_id: int) -> HttpResponse:
    """They thought better of it."""
    members.member_or_404(actor, member_id)
    with frame.told(request, _("Nothing is erased.")):
        actions.cancel(actor, member_id)
    return redirect("member", member_id)


def card(actor: Actor, member_id: int, whole: bool) -> dict[str, Any]:
    """What the story page shows of it."""
    wish = queries.wish(member_id)
    return {
        "wish": wish,
        "obstacles": queries.obstacles(actor, member_id) if wish and not wish.done_at else [],
        "may_take": whole and actor.role in roles.RUNNERS,
        "may_erase": actor.role is Role.ADMINISTRATOR,
        "asked_form": AskedForm(),
        "erase_form": EraseForm(),
        "wait_days": actions.WAIT.days,
    }


def _whole_or_refuse(actor: Actor, member_id: int) -> None:
    """A file holds everything: who sees only a part of this person does not get it."""
    members.member_or_404(actor, member_id)
    if not hosts.may_hand_out(actor, member_id):
        raise NotAllowed
