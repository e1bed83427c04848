"""What can be seen of a playbook while it is being written: its days, as far as they are sound.

A timetable needs a playbook without mistakes; this needs only beats of the right form, so that the
days stay on the page while a word in one of them is half typed. Pure.
"""

from dataclasses import dataclass

from loop28.front.playbooks.form import examine
from loop28.front.playbooks.reading import Document
from loop28.front.playbooks.schema import Beat, Phase, Playbook


@dataclass(frozen=True, slots=True)
class SketchedBeat:
    """A beat and the line of the text in which it begins."""

    beat: Beat
    line: int


@dataclass(frozen=True, slots=True)
class SketchedDay:
    """A day with its beats by time; ``phase`` is empty where no phase reaches that day."""

    number: int
    phase: str
    beats: tuple[SketchedBeat, ...]


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
    draft, _mistakes = examine(document)
    by_day: dict[int, list[SketchedBeat]] = {}
    for index, beat in draft.beats:
        line = document.places[("beats", index)].line
        by_day.setdefault(beat.day, []).append(SketchedBeat(beat, line))
    names = _names(draft.phases)
    days = tuple(
        SketchedDay(number, names.get(number, ""), _by_time(by_day.get(number, [])))
        for number in sorted(names.keys() | by_day.keys())
    )
    return Sketch(draft.playbook, days)


def _names(phases: list[Phase]) -> dict[int, str]:
    """The name of its phase by day."""
    days = [phase.name for phase in phases for _day in range(phase.days)]
    return dict(enumerate(days, start=1))


def _by_time(beats: list[SketchedBeat]) -> tuple[SketchedBeat, ...]:
    return tuple(sorted(beats, key=lambda one: one.beat.at))
