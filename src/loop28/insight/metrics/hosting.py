"""A host's record: what became of the lines they ran."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from loop28.front.ladder import queries as ladder
from loop28.front.lines import queries as lines
from loop28.front.lines import schedule, seats
from loop28.front.lines.queries import Line
from loop28.kernel.access import Actor


@dataclass(frozen=True, slots=True)
class Outcome:
    """A line and what became of its people."""

    line: Line
    called: bool
    joined: int
    opted_in: int
    graduated: int
    owners: int


@dataclass(frozen=True, slots=True)
class Record:
    """All lines of a host that the actor sees, the latest first; complaints that were right."""

    lines: Sequence[Outcome]
    complaints: int

    @property
    def over(self) -> int:
        """Lines brought to their end."""
        ended = [one.line for one in self.lines if one.line.ended_at is not None]
        return sum(line.stopped_at is None for line in ended)

    @property
    def asked(self) -> int:
        """People who were called to opt in: only they can pass or not."""
        return sum(one.joined for one in self.lines if one.called)

    @property
    def opted_in(self) -> int:
        """Who of `asked` passed."""
        return sum(one.opted_in for one in self.lines if one.called)

    @property
    def graduated(self) -> int:
        return sum(one.graduated for one in self.lines)

    @property
    def owners(self) -> int:
        return sum(one.owners for one in self.lines)


def record(actor: Actor, host: int, now: datetime) -> Record:
    """What a host's lines came to."""
    hosted = list(lines.lines(actor).filter(host_id=host).order_by("-start_day", "-id"))
    ids = [line.pk for line in hosted]
    heads, called = seats.head_counts(ids), schedule.called(ids)
    graduated, made = ladder.graduated_by_line(ids), ladder.made_by_line(ids)
    return Record(
        [
            Outcome(
                line,
                line.pk in called,
                heads[line.pk]["joined"],
                heads[line.pk]["opted_in"],
                graduated.get(line.pk, 0),
                made.get(line.pk, {}).get("owner", 0),
            )
            for line in hosted
        ],
        ladder.complaints([host], now).get(host, 0),
    )
