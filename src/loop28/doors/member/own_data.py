"""A member's rights on their phone: a file of what is kept about them, and to be erased."""

from datetime import timedelta

from django import forms
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.doors import gate, own_data
from loop28.doors.member import frame
from loop28.front.privacy import actions, queries
from loop28.front.privacy.models import Asked
from loop28.kernel import clock, links
from loop28.kernel.access import Actor
from loop28.kernel.text import searchable
from loop28.middle.members import queries as members

WORDS = ("注销", "erase")
"""Either is understood, whatever the language of the page."""

_FILE = "own-data"
_FILE_FOR = timedelta(minutes=15)


class EraseForm(forms.Form):
    """So that nobody does it by a slip of the thumb."""

    word = forms.CharField(
        label=gettext_lazy("To be sure, write: erase"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    def clean_word(self) -> str:
        word = searchable(self.cleaned_data["word"])
        if word not in WORDS:
            raise forms.ValidationError(_("Write the word erase."), code="word")
        return word


@gate.member_page
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What one may ask for; a POST makes the file."""
    if request.method == "POST":
        actions.take(actor, actor.id, Asked.SELF)
        return redirect("own-data-file", token(actor.id))
    return _page(request, actor, EraseForm())


def token(member: int) -> str:
    """Opens their file for a quarter of an hour, unless their links are ended before."""
    until = clock.now() + _FILE_FOR
    return links.sign(_FILE, member, members.link_version(member) or 0, until=until)


@gate.member_page
@require_GET
def file(request: HttpRequest, actor: Actor, token: str) -> HttpResponse:
    """The file itself, for whom it was made and nobody else, for a quarter of an hour."""
    member, version = links.read(_FILE, token)
    if (member, version) != (actor.id, members.link_version(actor.id)):
        raise links.LinkInvalid
    return own_data.answer(actor.id, queries.about(actor, actor.id))


@gate.member_page
@require_POST
def erase(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Ask to be erased, with the word typed."""
    form = EraseForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, form)
    actions.ask(actor, actor.id, Asked.SELF)
    notes.success(request, _("We have noted it. Until then you can think better of it here."))
    return redirect("own-data")


@gate.member_page
@require_POST
def keep(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Think better of it."""
    actions.cancel(actor, actor.id)
    notes.success(request, _("Nothing is erased. Good that you stay."))
    return redirect("own-data")


def _page(request: HttpRequest, actor: Actor, form: EraseForm) -> HttpResponse:
    context = {
        "form": form,
        "wish": queries.wish(actor.id),
        "obstacles": queries.obstacles(actor, actor.id),
        "balance": ledger.balance(actor, accounts.wallet(actor.id)),
        "wait_days": actions.WAIT.days,
    }
    status = 422 if form.errors else 200
    return frame.page(request, actor, "member/own_data.html", context, tab="me", status=status)
