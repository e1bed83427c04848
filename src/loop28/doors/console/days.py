"""A line's calendar as a page shows it: beats gathered to rows, rows to days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.urls import reverse
from django.utils.translation import gettext as _

from loop28.doors.console import mending
from loop28.front.lines.queries import Beat, Line

LATE_SECONDS = 60
"""Within this a beat counts as on time."""

EARLY = timedelta(hours=6)
"""How long before its time a card can be sent from here: not tomorrow's by mistake."""


class Look(StrEnum):
    """How a beat or a day stands."""

    DONE = "done"
    NEXT = "next"
    AHEAD = "ahead"
    LATE = "late"
    SKIPPED = "skipped"
    FAILED = "failed"


_WORST_FIRST = (Look.FAILED, Look.LATE, Look.SKIPPED, Look.NEXT, Look.AHEAD, Look.DONE)


@dataclass(frozen=True, slots=True)
class Row:
    """A beat of the playbook; a talk's messages are the ``parts`` of one row, in order.

    ``button`` is what can be done about it just now: its words and where to post. ``to_come`` says
    that none of it has begun.
    """

    parts: list[Beat]
    look: Look
    button: tuple[str, str] | None
    to_come: bool

    @property
    def first(self) -> Beat:
        return self.parts[0]

    @property
    def title(self) -> str:
        return mending.title(self.first, 60)

    @property
    def kind(self) -> str:
        return str(mending.KINDS[self.first.kind])

    @property
    def sent(self) -> int:
        return sum(part.state == "done" for part in self.parts)

    @property
    def late_minutes(self) -> int:
        """How late the latest part was done, in whole minutes; 0 for on time."""
        return max(_late_minutes(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the line with its rows."""

    number: int
    date: date
    look: Look
    today: bool
    rows: list[Row]


def _late_minutes(beat: Beat) -> int:
    if beat.done_at is None or beat.state != "done":
        return 0
    late = beat.done_at - beat.due_at
    return late // timedelta(minutes=1) if late > timedelta(seconds=LATE_SECONDS) else 0


def days(line: Line, beats: Sequence[Beat], today: int, now: datetime) -> list[Day]:
    """All days of a line, from 1."""
    next_one = next((b.pk for b in beats if b.state == "planned" and b.due_at > now), None)
    by_day: dict[int, dict[str, list[Beat]]] = {n: {} for n in range(1, line.days + 1)}
    for beat in beats:
        by_day[beat.day].setdefault(beat.key, []).append(beat)
    return [
        _day(line, number, [_row(parts, next_one, now) for parts in keys.values()], today)
        for number, keys in by_day.items()
    ]


def _day(line: Line, number: int, rows: list[Row], today: int) -> Day:
    looks = [row.look for row in rows]
    look = _worst(looks) if rows else (Look.DONE if number < today else Look.AHEAD)
    on = line.start_day + timedelta(days=number - 1)
    return Day(number, on, look, number == today, rows)


def _row(parts: list[Beat], next_one: int | None, now: datetime) -> Row:
    look = _worst([_look(part, next_one, now) for part in parts])
    to_come = all(part.state == "planned" and part.due_at > now for part in parts)
    return Row(parts, look, _button(parts, look, now), to_come)


def _button(parts: list[Beat], look: Look, now: datetime) -> tuple[str, str] | None:
    """Try a failed one again, send a card by hand on its day or after, wake up a late one."""
    line = parts[0].line_id
    failed = next((part for part in parts if part.state == "failed"), None)
    if failed:
        return _("Try again"), reverse("line-beat-again", args=[line, failed.pk])
    if parts[0].line.paused_at:
        return None
    card = next((part for part in parts if part.by_host and part.state == "planned"), None)
    if card and card.due_at - now < EARLY:
        words = _("Send the next message") if len(parts) > 1 else _("Send for the host")
        return words, reverse("line-beat-do", args=[line, card.pk])
    if look is Look.LATE:
        return _("Do it now"), reverse("line-fire", args=[line, parts[0].day])
    return None


def _worst(looks: Sequence[Look]) -> Look:
    return min(looks, key=_WORST_FIRST.index)


def _look(beat: Beat, next_one: int | None, now: datetime) -> Look:
    if beat.state != "planned":
        return {"done": Look.DONE, "skipped": Look.SKIPPED, "failed": Look.FAILED}[beat.state]
    if beat.line.paused_at:
        return Look.AHEAD
    if beat.pk == next_one:
        return Look.NEXT
    return Look.LATE if (now - beat.due_at).total_seconds() > LATE_SECONDS else Look.AHEAD
