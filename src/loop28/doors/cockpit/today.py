"""A host's day: what to send, whom to help, in ten minutes and with one hand."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from loop28.doors import gate
from loop28.doors.cockpit import day, frame, help_needed, moderation
from loop28.doors.member import chat
from loop28.doors.member.today import NEWS
from loop28.front.events import queries as events
from loop28.front.events.models import Event
from loop28.front.events.rules import DOORS_AFTER
from loop28.front.groups import queries as groups
from loop28.front.ladder import queries as ladder
from loop28.front.lines import beats as line_beats
from loop28.front.lines import queries as lines
from loop28.front.lines import schedule, seats, winning_back
from loop28.front.lines.models import Beat, BeatState, Line
from loop28.front.lines.refusals import BeatNotByHand, LineStandsStill
from loop28.front.tasks import queries as tasks
from loop28.kernel import clock, text
from loop28.kernel.access import Actor
from loop28.kernel.text import number_in

TEXT_LIMIT = 1000


class Reply(NamedTuple):
    """A ready reply to a likely answer, and whether it was sent already."""

    number: int
    answer: str
    text: str
    sent: bool


class Question(NamedTuple):
    """A talk's question with its ready replies."""

    beat: Beat
    replies: list[Reply]


@gate.member_page
@require_GET
def today(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The line's day as cards, and the people who need a hand."""
    mine = frame.hosted(actor)
    running = [line for line in mine if line.ended_at is None]
    waiting = schedule.waiting_for_host(actor, [line.pk for line in running])
    now = clock.now()
    line = _chosen(request, mine, [b for b in waiting if b.due_at <= now])
    number_of_day = lines.today(line, now)
    of_day = schedule.beats_of_day(actor, line.pk, number_of_day)
    asking = winning_back.to_send(actor, [one.pk for one in mine])
    shown = day.of_today(actor, line, now)
    context: dict[str, Any] = {
        "now": now,
        "day": number_of_day,
        "offers": ladder.open_offers(actor),
        "mine": _switch(mine, waiting, now),
        "to_do": sum(c.waits for c in shown),
        "by_hand": [c for c in shown if c.by_host and not c.settled],
        "rest": [c for c in shown if not c.by_host and not c.settled],
        "to_win_back": [(one, asking[one.pk]) for one in mine if one.pk in asking],
        "handed_over": lines.handed_over(actor, now - NEWS),
        "settled": [c for c in shown if c.settled],
        "planned": len(shown),
        "questions": _questions(actor, of_day),
        "counts": seats.head_counts([line.pk])[line.pk],
        "phases": lines.phases(line.pk),
        "called": bool(schedule.call_of(line.pk)),
        "needs": help_needed.find(actor, line, now) if line.ended_at is None else None,
        "meetings": _in_charge_of(actor, now),
        "to_tick": tasks.to_tick(actor, line.pk).count(),
        "complaints": [one for one in moderation.open_ones(actor, now) if one.mine],
        "limit": TEXT_LIMIT,
    }
    return frame.page(request, actor, "cockpit/today.html", line, context, tab="today")


@gate.member_page
@require_POST
def send(request: HttpRequest, actor: Actor, beat_id: int) -> HttpResponse:
    """Send a beat that waits for the host's hand, as it is or in the host's own words."""
    beat = _own_beat(actor, beat_id)
    try:
        words = text.clean(request.POST.get("text", ""), limit=TEXT_LIMIT, required=False)
        line_beats.do_by_hand(actor, beat_id, words)
    except (BeatNotByHand, LineStandsStill, text.TextTooLong) as no:
        notes.error(request, str(no))
    else:
        notes.success(request, _("Sent into the group."))
    return _next(request, beat)


@gate.member_page
@require_POST
def mark_sent(request: HttpRequest, actor: Actor, beat_id: int) -> HttpResponse:
    """The host sent a beat's words in a chat of their own."""
    beat = _own_beat(actor, beat_id)
    try:
        line_beats.mark_sent(actor, beat_id)
    except (BeatNotByHand, LineStandsStill) as no:
        notes.error(request, str(no))
    else:
        notes.success(request, _("Marked as sent."))
    return _next(request, beat)


@gate.member_page
@require_GET
def cards(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """The day one card at a time: the one asked for, else the next that waits for the hand."""
    line = frame.line_or_404(actor, line_id)
    now = clock.now()
    deck = day.of_today(actor, line, now)
    asked = number_in(request.GET.get("card"))
    place = next((n for n, card in enumerate(deck) if card.beat.pk == asked), None)
    if place is None:
        place = next((n for n, card in enumerate(deck) if card.waits), None)
    context: dict[str, Any] = {
        "day": lines.today(line, now),
        "to_do": sum(card.waits for card in deck),
        "total": len(deck),
        "limit": TEXT_LIMIT,
        "ahead": next((c for c in deck if c.by_host and c.look == "ahead"), None),
        "first": deck[0] if deck else None,
    }
    if place is not None:
        context |= {
            "card": deck[place],
            "place": place + 1,
            "before": deck[place - 1] if place else None,
            "after": deck[place + 1] if place + 1 < len(deck) else None,
        }
    return frame.page(request, actor, "cockpit/cards.html", line, context, tab="today")


@gate.member_page
@require_POST
def reply(request: HttpRequest, actor: Actor, beat_id: int) -> HttpResponse:
    """Send a ready reply as host; each goes out once."""
    beat = _own_beat(actor, beat_id)
    replies = beat.payload.get("replies", [])
    chosen = number_in(request.POST.get("reply"))
    if not 1 <= chosen <= len(replies):
        raise Http404
    words = replies[chosen - 1]["reply"]
    chat.say_in(actor, beat.phase.group_id, words, _reply_key(beat, chosen))
    notes.success(request, _("Sent into the group."))
    return _back(beat)


def _in_charge_of(actor: Actor, now: datetime) -> list[Event]:
    """Events at which this host checks people in, as long as the doors can be open."""
    ahead = events.events(actor).filter(cancelled_at=None, ends_at__gt=now - DOORS_AFTER)
    return list(ahead.order_by("starts_at", "id"))


def _chosen(request: HttpRequest, mine: Sequence[Line], due: Sequence[Beat]) -> Line:
    """The line asked for, else the one where most waits, else the first."""
    asked = number_in(request.GET.get("line"))
    by_hand = [beat.line_id for beat in due]
    running = [line for line in mine if line.ended_at is None] or list(mine)
    named = [line for line in mine if line.pk == asked]
    return named[0] if named else max(running, key=lambda line: by_hand.count(line.pk))


def _switch(mine: Sequence[Line], waiting: Sequence[Beat], now: datetime) -> list[tuple[Line, int]]:
    """The host's lines that go on, each with how much waits in it now; empty for a single one."""
    running = [line for line in mine if line.ended_at is None]
    due = [beat.line_id for beat in waiting if beat.due_at <= now]
    return [(line, due.count(line.pk)) for line in running] if len(running) > 1 else []


def _questions(actor: Actor, beats: Sequence[Beat]) -> list[Question]:
    """The questions that talks have asked today, the latest first."""
    asked = [
        beat for beat in beats if beat.payload.get("question") and beat.state == BeatState.DONE
    ]
    names = {
        (beat.pk, n): chat.external_id(actor.id, _reply_key(beat, n))
        for beat in asked
        for n in range(1, len(beat.payload["replies"]) + 1)
    }
    sent = groups.known(chat.PLATFORM, list(names.values()))
    return [
        Question(
            beat,
            [
                Reply(n, ready["answer"], ready["reply"], names[beat.pk, n] in sent)
                for n, ready in enumerate(beat.payload["replies"], start=1)
            ],
        )
        for beat in reversed(asked)
    ]


def _reply_key(beat: Beat, reply: int) -> str:
    return f"reply-{beat.pk}-{reply}"


def _own_beat(actor: Actor, beat_id: int) -> Beat:
    """A beat of a line this member hosts; for others it does not exist."""
    found = schedule.beats([beat_id])
    if not found:
        raise Http404
    frame.line_or_404(actor, found[0].line_id)
    return found[0]


def _next(request: HttpRequest, beat: Beat) -> HttpResponse:
    """To the next card for who goes through them one by one, else back to the day."""
    if "deck" in request.POST:
        return redirect("host-cards", beat.line_id)
    return _back(beat)


def _back(beat: Beat) -> HttpResponse:
    return redirect(f"{reverse('host-today')}?line={beat.line_id}")
