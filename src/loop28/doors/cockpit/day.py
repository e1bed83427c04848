"""The beats of a host's day as cards: by hand large, automatic small, a talk as one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from loop28.doors.console.mending import KINDS, title
from loop28.front.lines import queries as lines
from loop28.front.lines import rules, schedule
from loop28.front.lines.models import Beat, BeatState, Line
from loop28.kernel.access import Actor


@dataclass(frozen=True, slots=True)
class Card:
    """A beat, or a talk with all its messages as ``parts``.

    ``look`` is late, now or ahead while something is still to come, then done, skipped or failed.
    """

    parts: list[Beat]
    look: str

    @property
    def beat(self) -> Beat:
        return self.parts[0]

    @property
    def by_host(self) -> bool:
        return self.beat.by_host

    @property
    def kind(self) -> str:
        return str(KINDS[self.beat.kind])

    @property
    def title(self) -> str:
        return title(self.beat)

    @property
    def text(self) -> str:
        return str(self.beat.payload.get("text") or self.beat.payload.get("title", ""))

    @property
    def rows(self) -> int:
        """Lines the text takes on a phone, for the box in which it is edited."""
        return sum(1 + len(line) // 20 for line in self.text.split("\n")) + 1

    @property
    def sent(self) -> int:
        return sum(part.state == BeatState.DONE for part in self.parts)

    @property
    def waits(self) -> bool:
        """Whether it is for the host to do, now."""
        return self.by_host and self.look in {"late", "now"}

    @property
    def only_words(self) -> bool:
        """Whether the host may have sent it in a chat of their own."""
        return self.beat.kind in rules.ONLY_WORDS

    @property
    def settled(self) -> bool:
        return self.look in {"done", "skipped", "failed"}


def of_today(actor: Actor, line: Line, now: datetime) -> list[Card]:
    """Everything of the line's day, and before it what was left for the host from earlier days.

    While the line is paused nothing waits for the hand.
    """
    today = lines.today(line, now)
    waiting = schedule.waiting_for_host(actor, [line.pk])
    leftover = [beat for beat in waiting if beat.day < today]
    found = cards([*leftover, *schedule.beats_of_day(actor, line.pk, today)], now)
    return [card for card in found if not line.paused_at or card.settled or not card.by_host]


def cards(beats: Iterable[Beat], now: datetime) -> list[Card]:
    """One card for each beat by hand and for each automatic beat or talk, in time order."""
    gathered: dict[tuple[str, int], list[Beat]] = {}
    for beat in beats:
        # Every message that the host sends by hand is a card of its own.
        gathered.setdefault((beat.key, beat.part if beat.by_host else 0), []).append(beat)
    return [Card(parts, _look(parts, now)) for parts in gathered.values()]


def _look(parts: Sequence[Beat], now: datetime) -> str:
    states = {part.state for part in parts}
    if BeatState.PLANNED not in states:
        worst = (BeatState.FAILED, BeatState.DONE, BeatState.SKIPPED)
        return next(state.value for state in worst if state in states)
    waiting = next(part for part in parts if part.state == BeatState.PLANNED)
    if waiting.due_at > now:
        return "ahead" if len(states) == 1 else "now"
    return "late" if rules.late_seconds(waiting.due_at, now) > rules.ON_TIME else "now"
