"""The group on the phone: read, write, look for what is new, answer the call."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import (
    HttpResponseClientRedirect,
    HttpResponseClientRefresh,
    reswap,
    trigger_client_event,
)

from loop28.doors import gate
from loop28.doors.member import frame, standing, stream
from loop28.doors.member.drawn import once
from loop28.front.circles import queries as circles
from loop28.front.clubs import queries as clubs
from loop28.front.groups import actions as group_actions
from loop28.front.groups import moderated
from loop28.front.groups import queries as groups
from loop28.front.groups import words as group_words
from loop28.front.groups.chat import Incoming
from loop28.front.groups.models import Group, GroupKind, MessageKind
from loop28.front.groups.refusals import NotInGroup
from loop28.front.lines import actions as line_actions
from loop28.front.lines import queries as lines
from loop28.front.lines import seats
from loop28.front.lines.beats import WORDS
from loop28.front.lines.models import Line
from loop28.front.lines.refusals import NoCallOpen
from loop28.kernel import clock, text
from loop28.kernel.access import SYSTEM, Actor
from loop28.kernel.gather import Gate
from loop28.kernel.refusals import Refusal
from loop28.kernel.text import number_in

PLATFORM = "house"
TEXT_LIMIT = 500


class Said(NamedTuple):
    """What somebody wrote; the same ``key`` of the same member is the same message."""

    group: int
    member: int
    as_host: bool
    text: str
    key: str


def _receive(batch: Sequence[Said]) -> Sequence[None]:
    now = clock.now()
    incoming = [
        Incoming(
            platform=PLATFORM,
            external_id=external_id(said.member, said.key),
            group=said.group,
            member=said.member,
            text=said.text,
            at=now,
            as_host=said.as_host,
        )
        for said in batch
    ]
    group_actions.receive(SYSTEM, incoming)
    return [None] * len(batch)


# People who write in the same moment share a transaction.
_mouth: Gate[Said, None] = Gate(_receive)


@gate.member_page
@require_GET
def list_groups(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The groups somebody is in or is invited to; into the only one where it is a line's."""
    mine = list(groups.groups(actor).select_related("host").order_by("-id"))
    invites, cards = circles.open_invites(actor), circles.cards(actor, clock.now())
    own_groups = clubs.clubs(actor).exists() or bool(clubs.may_open(actor))
    alone = len(mine) == 1 and mine[0].kind == GroupKind.NEWCOMER
    if alone and not (invites or cards or own_groups):
        return redirect("group", mine[0].pk)
    ids = [group.pk for group in mine]
    unread, people = groups.unread(actor, ids), groups.head_counts(ids)
    rows = [(group, people.get(group.pk, 0), unread.get(group.pk, 0)) for group in mine]
    context = {
        "groups": rows,
        "circle_invites": invites,
        "cards": cards,
        "limit": WORDS,
        "own_groups": own_groups,
    }
    return frame.page(request, actor, "member/groups.html", context, tab="groups")


@gate.member_page
@require_GET
def group(request: HttpRequest, actor: Actor, group_id: int) -> HttpResponse:
    """The chat with its newest messages, or with those before one of them."""
    version = _version(actor, group_id)
    noted = frame.note_what_was_read(request, actor, keep=group_id)
    found = _group(actor, group_id)
    before = number_in(request.GET.get("before"))
    shown = stream.newest(found, version, before=before)
    context = {
        "actor": actor,
        "group": found,
        "version": version,
        "stream": shown,
        "before": before,
        "earlier": shown.first if shown.count == stream.PAGE else 0,
        "people": groups.head_counts([group_id]).get(group_id, 0),
        "key": uuid4(),
        "limit": TEXT_LIMIT,
        "muted": moderated.kept_silent(actor, [group_id], clock.now())
        .filter(member=actor.id)
        .first(),
        **_surroundings(actor, found),
    }
    response = render(request, "member/group.html", context)
    if noted:
        response.delete_cookie(frame.SEEN)
    return response if before else _seen(response, group_id, shown.last)


@gate.member_page
@require_GET
def fresh(request: HttpRequest, actor: Actor, group_id: int) -> HttpResponse:
    """What a poll gets: nothing at all while the group stands as it was."""
    version = _version(actor, group_id)
    seen = number_in(request.GET.get("version"))
    if seen == version:
        return HttpResponse(status=204)
    after, pinned = (number_in(request.GET.get(name)) for name in ("after", "pinned"))
    key = f"news:{group_id}:{seen}:{version}:{after}:{pinned}:{get_language()}"
    news = once(key, lambda: _news(_group(actor, group_id), (seen, version), after, pinned))
    if news.count >= stream.CATCH_UP:
        return HttpResponseClientRefresh()
    return _seen(HttpResponse(news.html), group_id, news.last)


def _news(found: Group, versions: tuple[int, int], after: int, was_pinned: int) -> stream.Stream:
    """What is new between two versions, with the state to ask from next time: the same for all who
    saw the same.
    """
    seen, version = versions
    shown = stream.since(found, after)
    context = {"group": found, "version": version, "call": _call(found), "oob": True}
    html = shown.html + stream.changed(found, seen, after)
    html += render_to_string("member/parts/state.html", context)
    if was_pinned != (found.pinned_id or 0):
        html += render_to_string("member/parts/pinned.html", context)
    return replace(shown, html=html)


@gate.member_page
@require_POST
def say(request: HttpRequest, actor: Actor, group_id: int) -> HttpResponse:
    """Write in the group; the host speaks as host. The same form again is the same message."""
    _version(actor, group_id)
    try:
        words = text.clean(request.POST.get("text", ""), limit=TEXT_LIMIT, field="text")
        group_words.check(actor, group_id, words)
    except Refusal as no:
        return _not_said(request, group_id, no)
    say_in(actor, group_id, words, _key(request))
    if not _by_script(request):
        return redirect("group", group_id)
    # What others wrote meanwhile comes before one's own words, so the poll brings both in order.
    fresh_key = render(request, "member/parts/key.html", {"key": uuid4(), "oob": True})
    return trigger_client_event(reswap(fresh_key, "none"), "poll", {"target": "#stream"})


@gate.member_page
@require_POST
def opt_in(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """Answer the call by the button, and go straight on into the next group."""
    seats.seat(actor, line_id)
    try:
        if seats.own_opt_in(actor, line_id) is None:
            line_actions.opt_in(actor, line_id)
            notes.success(request, _("You are in. This is the group for what comes next."))
        address = reverse("group", args=[farthest(actor, line_id)])
    except NoCallOpen as no:
        notes.warning(request, str(no))
        address = f"{reverse('today')}?line={line_id}"
    return HttpResponseClientRedirect(address) if _by_script(request) else redirect(address)


def say_in(actor: Actor, group_id: int, words: str, key: str) -> None:
    """Write in a group as its member, or its host; the same key again says nothing again."""
    as_host = groups.groups(actor).filter(id=group_id, host_id=actor.id).exists()
    _mouth.pass_through(Said(group_id, actor.id, as_host, words, key))


def said(actor: Actor, keys: Iterable[str]) -> set[str]:
    """The keys among these under which the member has said something."""
    names = {external_id(actor.id, key): key for key in keys}
    return {names[known] for known in groups.known(PLATFORM, list(names))}


def external_id(member: int, key: str) -> str:
    """What a message is called that a member wrote on these pages."""
    return f"web:{member}:{key}"


def farthest(actor: Actor, line_id: int) -> int | None:
    """The group of the last phase that the member is in."""
    mine = set(groups.groups(actor).values_list("id", flat=True))
    inside = [phase.group_id for phase in lines.phases(line_id) if phase.group_id in mine]
    return inside[-1] if inside else None


def _by_script(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers


def _version(actor: Actor, group_id: int) -> int:
    version = groups.version(group_id, actor.id)
    if version is None:
        raise NotInGroup
    return version


def _group(actor: Actor, group_id: int) -> Group:
    return groups.groups(actor).select_related("host", "pinned").get(id=group_id)


def _key(request: HttpRequest) -> str:
    """The form's own key; a form without one is a message of its own each time."""
    try:
        return str(UUID(request.POST.get("key", "")))
    except ValueError:
        return str(uuid4())


def _not_said(request: HttpRequest, group_id: int, no: Refusal) -> HttpResponse:
    """Say why, and leave what was typed where it is: htmx swaps no error in, so it is no error."""
    if _by_script(request):
        return render(request, "member/parts/not_said.html", {"text": str(no)})
    notes.error(request, str(no))
    return redirect("group", group_id)


def _seen(response: HttpResponse, group_id: int, message: int) -> HttpResponse:
    if message:
        response.set_cookie(
            frame.SEEN,
            f"{group_id}.{message}",
            max_age=86400,
            httponly=True,
            samesite="Lax",
            secure=settings.SECURE,
        )
    return response


def _surroundings(actor: Actor, found: Group) -> dict[str, Any]:
    """The line around a group: its other groups one is in, its call and whether it was answered."""
    if found.kind == GroupKind.OWN:
        return _own(actor, found)
    phase = lines.phase_of(found.pk)
    if phase is None:
        return {}
    of_line = lines.phases(phase.line_id)
    mine = groups.groups(actor).filter(id__in=[p.group_id for p in of_line])
    inside = set(mine.values_list("id", flat=True))
    unread = groups.unread(actor, sorted(inside - {found.pk}))
    return {
        "line": phase.line,
        "phase": phase,
        "day": _day(phase.line),
        "home": _home(actor, phase.line),
        "switch": [(p, unread.get(p.group_id, 0)) for p in of_line if p.group_id in inside],
        "call": _call(found),
        "answered": seats.own_opt_in(actor, phase.line_id),
    }


def _own(actor: Actor, found: Group) -> dict[str, Any]:
    """The way back from a member's own group: for its owner to all they can do there."""
    club = clubs.of_groups([found.pk])[found.pk]
    mine = club.owner_id == actor.id
    return {"home": reverse("own-group", args=[club.pk]) if mine else reverse("groups")}


def _home(actor: Actor, line: Line) -> str:
    """Where the way back leads: the day of the member, or of the host."""
    page = "host-today" if line.host_id == actor.id else "today"
    return f"{reverse(page)}?line={line.pk}"


def _day(line: Line) -> int:
    day = lines.today(line, clock.now())
    return day if 1 <= day <= line.days else 0


def _call(found: Group) -> dict[str, Any] | None:
    """The call that is pinned, while it is open: its line, its words, until when."""
    pinned = found.pinned
    phase = lines.phase_of(found.pk) if pinned and pinned.kind == MessageKind.CALL else None
    until = standing.call_until(phase.line_id) if phase else None
    if not (pinned and phase and until and clock.now() <= until):
        return None
    return {"line": phase.line_id, "text": pinned.text, "until": until}
