"""The worker's sign of life, for those who must know that it still comes round."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.models import Manager

    from loop28.kernel.jobs.models import Pulse

EVERY = timedelta(seconds=4)
"""How often the worker writes that it lives."""

SILENCE = timedelta(seconds=10)
"""After so long without a sign it counts as stuck or gone."""


def beat(now: datetime) -> None:
    """Write down that the worker came round, unless it was written a moment ago."""
    last = last_beat()
    if last is None or abs(now - last) >= EVERY:  # abs: the clock may have been set back
        _pulses().update_or_create(id=1, defaults={"at": now})


def last_beat() -> datetime | None:
    """When a worker last came round; None when none ever did."""
    return _pulses().values_list("at", flat=True).first()


def is_alive(now: datetime) -> bool:
    """Whether a worker came round lately."""
    last = last_beat()
    return last is not None and abs(now - last) <= SILENCE


def _pulses() -> Manager[Pulse]:
    from loop28.kernel.jobs.models import Pulse  # models load after the packages they are in

    return Pulse.objects
