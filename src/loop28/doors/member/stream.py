"""A group's messages as a page shows them, drawn once for everybody who looks at the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import urlize
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from loop28.doors.member.drawn import once
from loop28.front.circles import queries as circles
from loop28.front.circles.models import WeekBeat
from loop28.front.clubs import queries as clubs
from loop28.front.clubs.models import Lesson
from loop28.front.groups import queries as groups
from loop28.front.groups.models import STANDING, Group, GroupKind, Hand, Message, MessageKind
from loop28.front.lines import lessons, schedule
from loop28.front.lines.models import Beat
from loop28.front.packets import queries as packets
from loop28.front.packets.models import Packet
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from loop28.ui.text import local_time

PAGE = 40
"""Messages on a page: enough for a few screens, little enough for a slow phone."""
CATCH_UP = 100
"""A phone that slept through this many loads the page again."""
_TAKEN_DOWN = {
    Hand.HOST: gettext_lazy("A message was taken down by the host"),
    Hand.REGION: gettext_lazy("A message was taken down by the region"),
    Hand.WRITER: gettext_lazy("A message was erased with whoever wrote it"),
}
_BEAT_KINDS = {MessageKind.TALK, MessageKind.CALL, MessageKind.TASKS}


@dataclass(frozen=True, slots=True)
class Stream:
    """Messages as HTML, with nothing in it that is one reader's; ``first`` and ``last`` are ids."""

    html: str
    count: int
    first: int
    last: int


class _Extras(NamedTuple):
    """What messages refer to."""

    group: Group
    beats: dict[int, Beat | WeekBeat | Lesson]
    packets: dict[int, Packet]
    now: datetime


def newest(group: Group, version: int, *, before: int = 0) -> Stream:
    """The newest messages, or the newest before one."""
    key = f"stream:{group.pk}:{version}:before:{before}:{get_language()}"
    return once(key, lambda: _draw(group, 0, before or None, PAGE))


def since(group: Group, after: int) -> Stream:
    """What came after a message."""
    return _draw(group, after, None, CATCH_UP)


def changed(group: Group, since: int, up_to: int) -> str:
    """What was on the page already and changed since a version: drawn in its place."""
    found = groups.changed(group.pk, since, up_to)
    entries = _entries(group, found, None) if found else []
    shown = [entry | {"day": None, "swap": True} for entry in entries]
    return render_to_string("member/parts/stream.html", {"entries": shown, "zone": group.zone})


def _draw(group: Group, after: int, before: int | None, limit: int) -> Stream:
    # The message before the first new one says whether a new day begins with it.
    found = groups.messages(
        SYSTEM, group.pk, after=max(0, after - 1), before=before, limit=limit + bool(after)
    )
    last_day = None
    if found and found[0].pk == after:
        last_day = _day(group, found.pop(0))
    entries = _entries(group, found, last_day)
    html = render_to_string("member/parts/stream.html", {"entries": entries, "zone": group.zone})
    first, last = (found[0].pk, found[-1].pk) if found else (0, after)
    return Stream(html, len(found), first, last)


def _entries(group: Group, found: Sequence[Message], last_day: date | None) -> list[dict[str, Any]]:
    beats = [m.ref for m in found if m.kind in _BEAT_KINDS and m.ref]
    shown = [m.ref for m in found if m.kind == MessageKind.PACKET and m.ref]
    extras = _Extras(
        group=group,
        beats=_beats(group, beats),
        packets=packets.by_id(shown) if shown else {},
        now=clock.now(),
    )
    entries = []
    for message in found:
        day = _day(group, message)
        entries.append(_entry(message, extras) | {"day": day if day != last_day else None})
        last_day = day
    return entries


def _beats(group: Group, numbers: Sequence[int]) -> dict[int, Beat | WeekBeat | Lesson]:
    """What talks, calls and tasks refer to: in a standing group the beats of its weeks, in a
    member's own the lessons they taught.
    """
    if group.kind == GroupKind.OWN:
        return {**clubs.lessons_by_id(numbers)} if numbers else {}
    of = circles if group.kind in STANDING else schedule
    return {beat.pk: beat for beat in of.beats(numbers)} if numbers else {}


def _entry(message: Message, extras: _Extras) -> dict[str, Any]:
    entry = {"id": message.pk, "at": message.at} | _speaker(message, extras)
    if message.taken_down:
        return {"id": message.pk, "notice": True, "text": _TAKEN_DOWN[Hand(message.taken_down)]}
    if message.kind == MessageKind.NOTICE:
        return entry | {"notice": True}
    packet = extras.packets.get(message.ref or 0)
    if message.kind == MessageKind.PACKET and packet:
        return entry | _packet(packet, extras)
    beat = extras.beats.get(message.ref or 0)
    return entry | (_beat(beat) if beat else {})


def _speaker(message: Message, extras: _Extras) -> dict[str, Any]:
    """The programme speaks with the host's voice, but in a talk with the guest's."""
    group = extras.group
    if message.member is not None and not message.as_host:
        said_by = {"member": message.member_id, "name": message.member.name}
        return said_by | {"text": message.text, "about": _about(message)}
    words = urlize(message.text, nofollow=True, autoescape=True)
    beat = extras.beats.get(message.ref or 0)
    if isinstance(beat, Beat | WeekBeat) and _has_guest(message, beat):
        guest = beat.payload["guest"]["name"]
        said_by = {"member": f"guest {guest}", "name": guest, "badge": _("Guest"), "tone": "violet"}
        return said_by | {"text": words}
    badge = _("Owner") if group.kind == GroupKind.OWN else _("Host")
    host = {"member": group.host_id, "name": group.host.name, "badge": badge, "tone": "warn"}
    return host | {"host": True, "text": words, "about": _about(message)}


def _has_guest(message: Message, beat: Beat | WeekBeat) -> bool:
    return message.kind == MessageKind.TALK and "guest" in beat.payload


def _about(message: Message) -> str:
    """Where a message is reported or, by the host, moderated."""
    return reverse("message", args=[message.pk]) if message.kind == MessageKind.TEXT else ""


def _packet(packet: Packet, extras: _Extras) -> dict[str, Any]:
    until = local_time(packet.expires_at, extras.group.zone)
    return {
        "packet_url": reverse("packet", args=[packet.pk]),
        "packet_title": packet.title,
        "packet_note": _("%(count)s shares · until %(time)s")
        % {"count": packet.count, "time": until},
        "packet_past": packet.closed_at is not None or extras.now > packet.expires_at,
    }


def _beat(beat: Beat | WeekBeat | Lesson) -> dict[str, Any]:
    """A card for what starts something: a talk's first message, a question, new tasks."""
    if isinstance(beat, Lesson):
        return _lesson(beat)
    if isinstance(beat, WeekBeat) and beat.kind == "question":
        return {"beat_title": _("A question to you all")}
    if beat.kind == "talk":
        if beat.part == 0:
            return {"beat_title": beat.payload["topic"]}
        return {"beat_title": _("A question to you all")} if beat.payload["question"] else {}
    if isinstance(beat, Beat) and beat.kind == "tasks":
        page = f"{reverse('today')}?line={beat.line_id}"
        return {"beat_title": _("New tasks"), "beat_url": page, "beat_action": _("To my tasks")}
    return {"beat_title": _("The call")} if beat.kind == "call" else {}


def _lesson(of: Lesson) -> dict[str, Any]:
    talk = lessons.lesson(of.club.line, of.talk)
    return {
        "beat_title": talk.topic if talk else of.talk,
        "beat_url": reverse("lesson", args=[of.pk]),
        "beat_action": _("Read on and answer"),
    }


def _day(group: Group, message: Message) -> date:
    return clock.local_day(message.at, ZoneInfo(group.zone))
