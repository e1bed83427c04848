"""Beats, days, phases, the call and the closing."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import TypeVar

from loop28.front.playbooks.form import Draft, nearest
from loop28.front.playbooks.mistakes import Mistake
from loop28.front.playbooks.schema import (
    BeatBase,
    BudgetPart,
    Call,
    Close,
    Packet,
    Phase,
    Talk,
    Task,
)
from loop28.front.playbooks.timetable import DAY, end_of, last_days, start_of

B = TypeVar("B", bound=BeatBase)


def beats_of(draft: Draft, kind: type[B]) -> list[tuple[int, B]]:
    """The beats of a kind, each with its place in the file."""
    return [(index, beat) for index, beat in draft.beats if isinstance(beat, kind)]


def phase_of(draft: Draft, day: int) -> int:
    """The index of the phase a day of the line belongs to."""
    return sum(day > last for last in last_days(draft.phases))


def good_calls(draft: Draft) -> list[tuple[int, Call]]:
    """The calls that open a phase after their own."""
    order = [phase.key for phase in draft.phases]
    return [
        (index, call)
        for index, call in beats_of(draft, Call)
        if call.opens in order and order.index(call.opens) > phase_of(draft, call.day)
    ]


def keys_are_unique(draft: Draft) -> Iterator[Mistake]:
    named: dict[str, Sequence[tuple[int, Phase | BeatBase | Task | BudgetPart]]] = {
        "budgets": list(enumerate(draft.playbook.budgets if draft.playbook else ())),
        "phases": list(enumerate(draft.phases)),
        "beats": draft.beats,
        "tasks": draft.tasks,
    }
    for section, parts in named.items():
        first: dict[str, int] = {}
        for index, part in parts:
            if part.key in first:
                line = draft.mistake("", section, first[part.key], "key").line
                yield draft.mistake("key-twice", section, index, "key", key=part.key, first=line)
            first.setdefault(part.key, index)


def beats_are_within_the_line(draft: Draft) -> Iterator[Mistake]:
    for index, beat in draft.beats if draft.phases else []:
        if beat.day > draft.days:
            yield draft.mistake("day-outside", "beats", index, "day", days=draft.days)


def talks_end_before_midnight(draft: Draft) -> Iterator[Mistake]:
    for index, talk in beats_of(draft, Talk):
        if end_of(talk) >= talk.day * DAY:
            minutes = (end_of(talk) - start_of(talk)) // timedelta(minutes=1)
            yield draft.mistake("talk-past-midnight", "beats", index, "at", minutes=minutes)


def one_of_a_kind_a_minute(draft: Draft) -> Iterator[Mistake]:
    first: dict[tuple[str, timedelta], str] = {}
    for index, beat in draft.beats:
        slot = (beat.kind, start_of(beat))
        if slot in first:
            yield draft.mistake("same-minute", "beats", index, "at", other=first[slot])
        first.setdefault(slot, beat.key)


def talks_follow_each_other(draft: Draft) -> Iterator[Mistake]:
    talks = sorted(beats_of(draft, Talk), key=lambda item: start_of(item[1]))
    for (_, before), (index, talk) in pairwise(talks):
        if start_of(before) < start_of(talk) <= end_of(before):
            yield draft.mistake("talks-overlap", "beats", index, "at", other=before.key)


def packets_expire_within_the_line(draft: Draft) -> Iterator[Mistake]:
    for index, packet in beats_of(draft, Packet):
        if packet.day <= draft.days and start_of(packet) + packet.expires > draft.days * DAY:
            yield draft.mistake("packet-past-end", "beats", index, "expires", days=draft.days)


def one_call(draft: Draft) -> Iterator[Mistake]:
    calls = beats_of(draft, Call)
    for index, _ in calls[1:]:
        yield draft.mistake("second-call", "beats", index, "kind", first=calls[0][1].key)


def calls_open_a_later_phase(draft: Draft) -> Iterator[Mistake]:
    order = [phase.key for phase in draft.phases]
    for index, call in beats_of(draft, Call) if order else []:
        if call.opens not in order:
            meant = nearest(call.opens, order)
            yield draft.mistake(
                "unknown-phase", "beats", index, "opens", name=call.opens, meant=meant
            )
        elif call.day <= draft.days and order.index(call.opens) <= phase_of(draft, call.day):
            yield draft.mistake("opens-no-later-phase", "beats", index, "opens", name=call.opens)


def later_phases_are_entered_by_a_call(draft: Draft) -> Iterator[Mistake]:
    calls = beats_of(draft, Call)
    if "beats" in draft.broken or len(good_calls(draft)) < len(calls):
        return
    opened = {call.opens for _, call in calls}
    for index, phase in enumerate(draft.phases[1:], start=1):
        if phase.key not in opened:
            yield draft.mistake("phase-not-entered", "phases", index, "key", name=phase.key)


def call_windows_end_before_the_phase_is_closed(draft: Draft) -> Iterator[Mistake]:
    closes = _proper_closes(draft)
    for index, call in good_calls(draft):
        number = phase_of(draft, call.day)
        phase = draft.phases[number]
        close = closes.get(phase.key)
        end = start_of(close) if close else last_days(draft.phases)[number] * DAY
        if end_of(call) > end:
            yield draft.mistake("call-window", "beats", index, "window", name=phase.key)


def closed_phases_exist(draft: Draft) -> Iterator[Mistake]:
    known = [phase.key for phase in draft.phases]
    for index, close in beats_of(draft, Close) if known else []:
        if close.phase not in known:
            meant = nearest(close.phase, known)
            yield draft.mistake(
                "unknown-phase", "beats", index, "phase", name=close.phase, meant=meant
            )


def phases_are_closed_once(draft: Draft) -> Iterator[Mistake]:
    closes = beats_of(draft, Close)
    known = {phase.key for phase in draft.phases}
    first: dict[str, str] = {}
    for index, close in closes:
        if close.phase in first:
            other = first[close.phase]
            yield draft.mistake("closed-twice", "beats", index, "phase", other=other)
        first.setdefault(close.phase, close.key)
    if "beats" in draft.broken or not first.keys() <= known:
        return
    for index, phase in enumerate(draft.phases):
        if phase.key not in first:
            yield draft.mistake("not-closed", "phases", index, "key", name=phase.key)


def phases_are_closed_on_their_last_day(draft: Draft) -> Iterator[Mistake]:
    ends = dict(zip((phase.key for phase in draft.phases), last_days(draft.phases), strict=True))
    for index, close in beats_of(draft, Close):
        day = ends.get(close.phase, close.day)
        if close.day != day and close.day <= draft.days:
            yield draft.mistake("close-day", "beats", index, "day", name=close.phase, day=day)


def nothing_begins_after_the_close(draft: Draft) -> Iterator[Mistake]:
    closes = _proper_closes(draft)
    for index, beat in draft.beats if draft.phases else []:
        if beat.day > draft.days or isinstance(beat, Close):
            continue
        close = closes.get(draft.phases[phase_of(draft, beat.day)].key)
        last = start_of(beat) if isinstance(beat, Call) else end_of(beat)
        if close and last >= start_of(close) and last < beat.day * DAY:
            yield draft.mistake("after-the-close", "beats", index, "at", other=close.key)


def _proper_closes(draft: Draft) -> dict[str, Close]:
    """The first closing of each phase, by its key, where it is on the right day."""
    found: dict[str, Close] = {}
    ends = dict(zip((phase.key for phase in draft.phases), last_days(draft.phases), strict=True))
    for _, close in beats_of(draft, Close):
        if ends.get(close.phase) == close.day:
            found.setdefault(close.phase, close)
    return found
