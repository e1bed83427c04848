"""The workshop: drafts of playbooks, checked while they are typed, reviewed by a second person."""

from functools import lru_cache
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import dates
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from loop28.doors import gate
from loop28.doors.console import differences, frame, roles
from loop28.doors.console.playbooks import costs, days
from loop28.front.playbooks import drafts as actions
from loop28.front.playbooks import queries as playbooks
from loop28.front.playbooks import reading, rules, wording
from loop28.front.playbooks.models import Draft, DraftState
from loop28.front.playbooks.refusals import DraftMoved
from loop28.front.playbooks.sketch import sketch
from loop28.kernel.access import Actor, require
from loop28.kernel.refusals import Refusal
from loop28.kernel.text import is_number

LIVE_BYTES = 250_000
"""Longer texts take seconds to read: they are checked when they are handed in."""

REVISIONS = 2**31 - 1
_WRITABLE = (DraftState.WRITING, DraftState.SENT_BACK)


class BeginningForm(forms.Form):
    """What a draft begins with: a published version, a file, or nothing."""

    version = forms.TypedChoiceField(
        label=gettext_lazy("Begin with"), required=False, coerce=int, empty_value=None
    )
    file = forms.FileField(label=gettext_lazy("Or with a file"), required=False)

    def __init__(self, actor: Actor, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choice = self.fields["version"]
        if isinstance(choice, forms.ChoiceField):
            both = [*playbooks.versions(actor)[:200], *playbooks.weekly_versions(actor)[:200]]
            known = [(version.pk, str(version)) for version in both]
            choice.choices = [("", gettext_lazy("an empty page")), *known]

    def clean_file(self) -> str:
        """The text of the file; empty without one. What cannot be text at all is refused here."""
        file = self.cleaned_data["file"]
        if not file:
            return ""
        document = reading.read(file.read(reading.BYTES_MAX + 1))
        if not document.text and document.mistakes:
            remark = wording.remarks(list(document.mistakes))[0]
            raise forms.ValidationError(f"{remark.message} {remark.cure}")
        return document.text


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page(*roles.PUBLISHERS)
def start(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Begin a draft: a copy of a version, a file, somebody's draft to go on with, or nothing."""
    form = BeginningForm(actor, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with frame.answered_by(form):
            draft = _begin(actor, form.cleaned_data, request.POST.get("draft", ""))
            return redirect("draft", draft.pk)
    status = frame.status_of(form)
    return frame.show(
        request, actor, "console/draft_new.html", {"form": form}, here="playbooks", status=status
    )


def _begin(actor: Actor, wish: dict[str, Any], copied: str) -> Draft:
    if is_number(copied):
        other = playbooks.draft(actor, int(copied))
        return actions.start(actor, other.text, other.based_on_id)
    based_on: int | None = wish["version"]
    if wish["file"] or based_on is None:
        return actions.start(actor, wish["file"], based_on)
    return actions.start(actor, playbooks.version(actor, based_on).source, based_on)


class TextForm(forms.Form):
    """The text in the box and the revision it began from; ``over`` when a newer one may go."""

    text = forms.CharField(required=False, strip=False)
    revision = forms.IntegerField(min_value=1, max_value=REVISIONS)
    over = forms.IntegerField(min_value=1, max_value=REVISIONS, required=False)


class VerdictForm(forms.Form):
    """What a reviewer decides of the revision they read."""

    revision = forms.IntegerField(min_value=1, max_value=REVISIONS, widget=forms.HiddenInput)
    comment = forms.CharField(
        label=gettext_lazy("Comment"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Needed when you send it back: say what should be changed."),
    )


@require_safe
@gate.staff_page(*roles.DRAFT_READERS)
def show(request: HttpRequest, actor: Actor, draft_id: int) -> HttpResponse:
    """The editor for its author, the text with its review for everybody else."""
    draft = playbooks.draft(actor, draft_id)
    if draft.author_id == actor.id and draft.state in _WRITABLE:
        return _editor(request, actor, draft)
    return _reading(request, actor, draft, VerdictForm(initial={"revision": draft.revision}))


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """What the live check finds in a text that need not be saved: mistakes, days, costs."""
    actor = gate.staff_of(request)
    if actor is None:
        return _signed_out(request)
    require(actor, *roles.PUBLISHERS)
    text = request.POST.get("text", "")
    if len(text.encode("utf-8", "replace")) > LIVE_BYTES:
        return render(request, "console/parts/findings.html", {"too_long": True})
    document = reading.read(text)
    remarks = wording.remarks(rules.check(document))
    seen = sketch(document)
    context = {
        "remarks": remarks,
        "wrong_lines": {remark.line for remark in remarks},
        "sketch": seen,
        "costs": costs(seen.playbook) if seen.playbook else [],
        "weekdays": ["", *dates.WEEKDAYS_ABBR.values()],
        "blank": not text.strip(),
    }
    return render(request, "console/parts/findings.html", context)


@require_POST
def save(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Save the text, and hand it in where that button was pressed.

    Whatever is refused, the text stays in the box: in the browser's when its script asks, on the
    page that comes back when the form does.
    """
    actor = gate.staff_of(request)
    if actor is None:
        return _signed_out(request, request.POST.get("revision", ""))
    require(actor, *roles.PUBLISHERS)
    form = TextForm(request.POST)
    if not form.is_valid():
        raise BadRequest("not from the editor")
    wish = form.cleaned_data
    text, seen = wish["text"], wish["revision"]
    try:
        draft = actions.save(actor, draft_id, text, wish["over"] or seen)
        seen = draft.revision
        if "hand_in" in request.POST:
            draft = actions.hand_in(actor, draft_id, seen)
    except Refusal as no:
        if no.status in {403, 404}:
            raise
        return _refused(request, actor, draft_id, no, text, seen)
    if draft.state == DraftState.IN_REVIEW:
        messages.success(request, _("Handed in. Somebody else reviews it now."))
        return _back(request, draft_id)
    if not frame.is_poll(request):
        messages.success(request, _("Saved."))
        return _back(request, draft_id)
    return render(request, "console/parts/saved.html", {"draft": draft, "revision": seen})


def _refused(
    request: HttpRequest, actor: Actor, draft_id: int, no: Refusal, text: str, seen: int
) -> HttpResponse:
    context: dict[str, Any] = {"refusal": no, "revision": seen}
    if isinstance(no, DraftMoved):
        context |= {"moved": no, "lines": differences.of_texts(no.stored, text)}
    if frame.is_poll(request):
        return render(request, "console/parts/saved.html", context, status=no.status)
    draft = playbooks.draft(actor, draft_id)
    return _editor(request, actor, draft, context | {"text": text}, status=no.status)


def _back(request: HttpRequest, draft_id: int) -> HttpResponse:
    address = reverse("draft", args=[draft_id])
    return HttpResponseClientRedirect(address) if frame.is_poll(request) else redirect(address)


def _signed_out(request: HttpRequest, revision: str = "") -> HttpResponse:
    """Whose session ended while they wrote keeps the text: the sign-in page would swallow it."""
    if frame.is_poll(request):
        context = {"revision": revision}
        return render(request, "console/parts/signed_out.html", context, status=422)
    context = {"text": request.POST.get("text", "")}
    return render(request, "console/draft_kept.html", context, status=422)


def _editor(
    request: HttpRequest,
    actor: Actor,
    draft: Draft,
    said: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "draft": draft,
        "text": draft.text,
        "revision": draft.revision,
        "reviews": playbooks.reviews(actor, draft.pk),
    }
    return frame.show(
        request,
        actor,
        "console/draft.html",
        context | (said or {}),
        here="playbooks",
        status=status,
    )


@lru_cache(maxsize=16)
def _read(text: str) -> reading.Document:
    """A text that is looked at again and again while it is in review: reading takes a while."""
    return reading.read(text)


def _reading(request: HttpRequest, actor: Actor, draft: Draft, form: VerdictForm) -> HttpResponse:
    document = _read(draft.text)
    remarks = wording.remarks(rules.check(document))
    plan = None if remarks else sketch(document).playbook
    of_lines = draft.based_on and not draft.based_on.weekly
    base = playbooks.playbook(draft.based_on.pk) if draft.based_on and of_lines else None
    context = {
        "draft": draft,
        "form": form,
        "reviews": playbooks.reviews(actor, draft.pk),
        "remarks": remarks,
        "plan": plan,
        "days": days(plan) if plan else [],
        "costs": costs(plan) if plan else [],
        "told": differences.told(base, plan) if base and plan else None,
        "lines": differences.of_texts(draft.based_on.source, draft.text) if draft.based_on else [],
        "own": draft.author_id == actor.id,
        "may_decide": draft.state == DraftState.IN_REVIEW and playbooks.may_review(actor, draft),
        "may_write": actor.role in roles.PUBLISHERS,
    }
    status = frame.status_of(form)
    return frame.show(
        request, actor, "console/draft_read.html", context, here="playbooks", status=status
    )


@require_POST
@gate.staff_page(*roles.PUBLISHERS)
def take_back(request: HttpRequest, actor: Actor, draft_id: int) -> HttpResponse:
    """Go on writing what is in review."""
    with frame.told(request, _("You can go on writing.")):
        actions.take_back(actor, draft_id)
    return redirect("draft", draft_id)


@require_POST
@gate.staff_page(*roles.PUBLISHERS)
def drop(request: HttpRequest, actor: Actor, draft_id: int) -> HttpResponse:
    """Give a draft up."""
    with frame.told(request, _("The draft was dropped.")):
        actions.drop(actor, draft_id)
    return redirect("playbooks")


@require_POST
@gate.staff_page(*roles.PUBLISHERS)
def review(request: HttpRequest, actor: Actor, draft_id: int) -> HttpResponse:
    """Publish what somebody else handed in, or send it back with a comment."""
    form = VerdictForm(request.POST)
    if form.is_valid():
        with frame.answered_by(form):
            return _decide(request, actor, draft_id, form.cleaned_data)
    return _reading(request, actor, playbooks.draft(actor, draft_id), form)


def _decide(
    request: HttpRequest, actor: Actor, draft_id: int, wish: dict[str, Any]
) -> HttpResponse:
    if "publish" in request.POST:
        version = actions.publish(actor, draft_id, wish["revision"], wish["comment"])
        messages.success(request, _("%(version)s is published.") % {"version": version})
        return redirect("playbook", version.pk)
    actions.send_back(actor, draft_id, wish["revision"], wish["comment"])
    messages.success(request, _("Sent back. The author sees your comment."))
    return redirect("playbooks")
