"""The stage of a rehearsal: one clock for the lines' people and for whoever follows a script."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random

from loop28.kernel import clock
from loop28.kernel.jobs import run_due
from loop28.rehearsal.cast import SLOT, Cast, slot_of
from loop28.rehearsal.world import World

Watch = Callable[[datetime], None]

Script = Iterator[datetime]
"""What somebody does, told in order; each ``yield`` names the moment at which they go on."""


class Clockwork:
    """How time passes on a stage: this process's clock is moved, and it does itself what is due.

    Where other processes work, one stands in that shows them the time and waits for them.
    """

    def move_to(self, moment: datetime) -> None:
        """Set the clock."""
        clock.move_to(moment)

    def do_due(self, moment: datetime) -> datetime | None:
        """Have done what is due at a moment, which the clock shows; when something is due next."""
        return run_due(moment)


ALONE = Clockwork()


@dataclass
class Stage:
    """Where everybody plays. ``chance`` decides everything they do."""

    world: World
    chance: Random
    clockwork: Clockwork = ALONE
    casts: list[Cast] = field(default_factory=list)
    _waiting: list[tuple[datetime, int, Script]] = field(default_factory=list)
    _entered: Iterator[int] = field(default_factory=count)

    def enter(self, script: Script) -> None:
        """Let a script begin: it is played up to the first moment it waits for."""
        wait = next(script, None)
        if wait is not None:
            heappush(self._waiting, (wait, next(self._entered), script))

    def play(self, until: datetime, watch: Watch) -> None:
        """Live from the first moment a script waits for until ``until``, slot by slot.

        Leaves the clock there: give it back with ``clock.move_to(None)``.
        """
        moment = slot_of(self._waiting[0][0])
        due: datetime | None = moment
        while moment <= until:
            while due is not None and due <= moment:
                self.clockwork.move_to(due)
                due = _later(self.clockwork.do_due(due), due)
            self.clockwork.move_to(moment)
            if self._go_on(moment):
                due = moment
            for cast in self.casts:
                cast.live(moment)
            self.casts = [cast for cast in self.casts if not cast.over(moment)]
            watch(moment)
            moment += SLOT
        self.clockwork.move_to(until)
        self.clockwork.do_due(until)

    def _go_on(self, moment: datetime) -> bool:
        """Play on every script whose moment has come; whether there was one."""
        went_on = False
        while self._waiting and self._waiting[0][0] <= moment:
            went_on = True
            *_, script = heappop(self._waiting)
            self.enter(script)
        return went_on


def _later(wish: datetime | None, now: datetime) -> datetime | None:
    return None if wish is None else max(wish, now + timedelta(seconds=1))
