"""What can be seen of a playbook while it is being written: its days, as far as they are sound.

A timetable needs a playbook without mistakes; this needs only beats of the right form, so that the
days stay on the page while a word in one of them is half typed. Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import ValidationError

from loop28.front.playbooks import form
from loop28.front.playbooks.reading import Document
from loop28.front.playbooks.schema import Beat, Phase, Playbook
from loop28.front.playbooks.weekly import WeeklyBeat, is_weekly


@dataclass(frozen=True, slots=True)
class SketchedBeat:
    """A beat and the line of the text in which it begins."""

    beat: Beat | WeeklyBeat
    line: int


@dataclass(frozen=True, slots=True)
class SketchedDay:
    """A day with its beats by time; ``phase`` is empty where no phase reaches that day.

    In a weekly playbook ``number`` is the day of the week, 1 being Monday, and ``week`` the one of
    the cycle, 0 for every week; elsewhere ``week`` is None.
    """

    number: int
    phase: str
    beats: tuple[SketchedBeat, ...]
    week: int | None = None


@dataclass(frozen=True, slots=True)
class Sketch:
    """``playbook`` is there when every field has the right form, whatever the rules say of it."""

    playbook: Playbook | None
    days: tuple[SketchedDay, ...]

    @property
    def beats(self) -> int:
        return sum(len(day.beats) for day in self.days)


def sketch(document: Document) -> Sketch:
    """The days of the phases, and any day beyond them that a beat names; nothing where nothing is
    readable."""
    if document.data is None:
        return Sketch(None, ())
    if is_weekly(document.data):
        return Sketch(None, _weekdays(document))
    draft, _mistakes = form.examine(document)
    by_day: dict[int, list[SketchedBeat]] = {}
    for one in _placed(document, draft.beats):
        by_day.setdefault(one.beat.day, []).append(one)
    names = _names(draft.phases)
    days = tuple(
        SketchedDay(number, names.get(number, ""), _by_time(by_day.get(number, [])))
        for number in sorted(names.keys() | by_day.keys())
    )
    return Sketch(draft.playbook, days)


def _weekdays(document: Document) -> tuple[SketchedDay, ...]:
    """The days of the week on which something happens, those of every week first."""
    try:
        listed = list(enumerate(form.weekly(document.data).beats))
    except ValidationError as error:
        listed = form.sound_items(*form.set_aside(document, error.errors()), "beats", WeeklyBeat)
    by_day: dict[tuple[int, int], list[SketchedBeat]] = {}
    for index, beat in listed:
        (one,) = _placed(document, [(index, beat)])
        by_day.setdefault((beat.week or 0, beat.day), []).append(one)
    return tuple(
        SketchedDay(day, "", _by_time(by_day[week, day]), week) for week, day in sorted(by_day)
    )


def _placed(
    document: Document, listed: Iterable[tuple[int, Beat | WeeklyBeat]]
) -> list[SketchedBeat]:
    return [SketchedBeat(beat, document.places[("beats", index)].line) for index, beat in listed]


def _names(phases: list[Phase]) -> dict[int, str]:
    """The name of its phase by day."""
    days = [phase.name for phase in phases for _day in range(phase.days)]
    return dict(enumerate(days, start=1))


def _by_time(beats: list[SketchedBeat]) -> tuple[SketchedBeat, ...]:
    return tuple(sorted(beats, key=lambda one: one.beat.at))
