"""The library of talks: what they say, in which versions, where they were told, how they went."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from loop28.doors import gate
from loop28.doors.console import frame, roles
from loop28.front.playbooks import queries as playbooks
from loop28.insight.metrics import talks as told
from loop28.kernel.access import Actor
from loop28.kernel.text import number_in
from loop28.middle.content import actions, queries
from loop28.middle.content.models import MATERIAL_LIMIT, NAME_LIMIT, TalkVersion
from loop28.middle.content.rules import Words

USES = 12
"""The latest lines that a talk's page shows."""


@require_safe
@gate.staff_page()
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All talks by topic, with their guests, versions and the playbooks that tell them."""
    page = frame.paged(request, queries.talks(actor))
    newest = queries.versions(actor, [talk.newest for talk in page.object_list])
    in_playbooks = told.in_playbooks(actor)
    context = {
        "page": page,
        "rows": [
            (talk, newest[talk.newest], len(in_playbooks.get(newest[talk.newest].digest, {})))
            for talk in page.object_list
        ],
        "playbooks": list(playbooks.versions(actor)[:20]),
        "may_write": actor.role in roles.PUBLISHERS,
    }
    return frame.show(request, actor, "console/talks.html", context, here="talks")


@require_POST
@gate.staff_page(*roles.PUBLISHERS)
def take_in(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Fill the library from a published playbook; talks it has already stay as they are."""
    version = playbooks.version(actor, number_in(request.POST.get("playbook")))
    found = [told.words(talk) for talk in told.talks(playbooks.playbook(version.pk))]
    with frame.told(request, _taken_in(len(found))):
        actions.take_in(actor, found)
    return redirect("talks")


def _taken_in(count: int) -> str:
    return ngettext(
        "%(count)s talk of this playbook is in the library.",
        "%(count)s talks of this playbook are in the library.",
        count,
    ) % {"count": count}


@require_safe
@gate.staff_page()
def show(request: HttpRequest, actor: Actor, talk_id: int) -> HttpResponse:
    """One talk: what a version says, ready to copy into a playbook; where it was told."""
    versions = _versions_or_404(actor, talk_id)
    chosen = next(
        (v for v in versions if v.number == number_in(request.GET.get("version"))), versions[0]
    )
    by_digest = {version.digest: version.number for version in versions}
    uses = told.uses(actor, list(by_digest), USES)
    context = {
        "talk": chosen.talk,
        "chosen": chosen,
        "versions": versions,
        "as_text": beat_text(queries.words(chosen)),
        "uses": [(use, by_digest[use.digest]) for use in uses],
        "may_write": actor.role in roles.PUBLISHERS,
    }
    return frame.show(request, actor, "console/talk.html", context, here="talks")


def beat_text(words: Words) -> str:
    """A talk as a beat of a playbook: what stands in quotes in JSON reads the same in YAML."""

    def quoted(text: str) -> str:
        return json.dumps(text, ensure_ascii=False)

    lines = [
        "  - key: new-talk",
        "    day: 1",
        '    at: "20:00"',
        "    kind: talk",
        f"    topic: {quoted(words.topic)}",
        "    guest:",
        f"      name: {quoted(words.guest)}",
        f"      title: {quoted(words.guest_title)}",
        *([f"    material: {quoted(words.material)}"] if words.material else []),
        "    every: 3m",
        "    messages:",
        *(f"      - {quoted(message)}" for message in words.messages),
        f"    question: {quoted(words.question)}",
        "    replies:",
    ]
    for answer, reply in words.replies:
        lines += [f"      - answer: {quoted(answer)}", f"        reply: {quoted(reply)}"]
    return "\n".join(lines) + "\n"


class TalkForm(forms.Form):
    """A talk as people write it: paragraphs are messages."""

    topic = forms.CharField(label=gettext_lazy("Topic"), max_length=NAME_LIMIT)
    guest = forms.CharField(label=gettext_lazy("Guest"), max_length=NAME_LIMIT)
    guest_title = forms.CharField(
        label=gettext_lazy("What makes the guest worth hearing"), max_length=NAME_LIMIT
    )
    material = forms.CharField(
        label=gettext_lazy("Courseware"), max_length=MATERIAL_LIMIT, required=False
    )
    messages = forms.CharField(
        label=gettext_lazy("Messages"),
        help_text=gettext_lazy("An empty line ends a message."),
        widget=forms.Textarea(attrs={"class": "tall"}),
    )
    question = forms.CharField(label=gettext_lazy("Question to the group"), widget=forms.Textarea)
    replies = forms.CharField(
        label=gettext_lazy("Ready replies"),
        help_text=gettext_lazy(
            "The likely answer on one line, the reply below it, then an empty line."
        ),
        widget=forms.Textarea(attrs={"class": "tall"}),
    )

    def words(self) -> Words:
        """What was written, taken apart at its empty lines."""
        wish = self.cleaned_data
        pairs = [block.partition("\n") for block in _blocks(wish["replies"])]
        return Words(
            topic=wish["topic"],
            guest=wish["guest"],
            guest_title=wish["guest_title"],
            material=wish["material"],
            messages=tuple(_blocks(wish["messages"])),
            question=wish["question"],
            replies=tuple((answer.strip(), reply.strip()) for answer, _line, reply in pairs),
        )


def _blocks(text: str) -> list[str]:
    plain = "\n".join(line.strip() for line in text.splitlines())
    return [block.strip() for block in plain.split("\n\n") if block.strip()]


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page(*roles.PUBLISHERS)
def write(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A new talk."""
    form = TalkForm(request.POST if request.method == "POST" else None)
    return _written(request, actor, form, {})


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page(*roles.PUBLISHERS)
def rewrite(request: HttpRequest, actor: Actor, talk_id: int) -> HttpResponse:
    """A talk in other words: a version more, and the older ones stay."""
    newest = _versions_or_404(actor, talk_id)[0]
    if request.method == "POST":
        form = TalkForm({**request.POST.dict(), "topic": newest.talk.topic})
    else:
        form = TalkForm(initial=_filled_from(newest))
    return _written(request, actor, form, {"talk": newest.talk})


def _written(
    request: HttpRequest, actor: Actor, form: TalkForm, around: dict[str, Any]
) -> HttpResponse:
    if form.is_valid():
        with frame.answered_by(form):
            version = actions.write(actor, form.words())
            messages.success(request, _("%(version)s is in the library.") % {"version": version})
            return redirect("talk", version.talk_id)
    status = frame.status_of(form)
    context = around | {"form": form}
    return frame.show(
        request, actor, "console/talk_form.html", context, here="talks", status=status
    )


def _filled_from(version: TalkVersion) -> dict[str, str]:
    return {
        "topic": version.talk.topic,
        "guest": version.guest.name,
        "guest_title": version.guest_title,
        "material": version.material,
        "messages": "\n\n".join(version.messages),
        "question": version.question,
        "replies": "\n\n".join(f"{answer}\n{reply}" for answer, reply in version.replies),
    }


def _versions_or_404(actor: Actor, talk_id: int) -> list[TalkVersion]:
    found = queries.versions_of(actor, talk_id)
    if not found:
        raise Http404
    return found
