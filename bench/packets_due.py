"""How long the worker needs when packets of many lines fall due at the same instant."""

from datetime import timedelta
from time import perf_counter

from bench import stage
from loop28.front.lines import beats
from loop28.front.packets.models import Packet, Share
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM

SMALL = {"lines": 2, "shares": 20}


def measure(lines: int = 20, shares: int = 500) -> dict[str, float]:
    """Seconds until the second packet of every line's first day is issued and shown.

    The first packets, and what else is due before, warm up what is always warm in a worker.
    """
    stages = stage.open_lines(lines, people_each=0, shares=shares, size=2)
    due = stages[0].packets()[1].due_at
    stage.live_until(due - timedelta(minutes=1))
    before = _issued()
    clock.move_to(due)
    start = perf_counter()
    beats.fire_due(SYSTEM)
    seconds = perf_counter() - start
    assert _issued() == (before[0] + lines, before[1] + lines * shares)
    return {"value": seconds}


def _issued() -> tuple[int, int]:
    return Packet.objects.count(), Share.objects.count()
