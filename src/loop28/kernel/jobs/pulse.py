"""The workers' signs of life, for those who must know that each of them still comes round."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.models import Manager

    from loop28.kernel.jobs.models import Pulse

EVERY = timedelta(seconds=4)
"""How often a worker writes that it lives."""

SILENCE = timedelta(seconds=10)
"""After so long without a sign it counts as stuck or gone."""

FORGOTTEN = timedelta(hours=1)
"""After so long it counts no more: somebody was called, and it is not coming back."""


def beat(worker: str, now: datetime) -> None:
    """Write down that this worker came round, unless it was written a moment ago."""
    last = _pulses().filter(worker=worker).values_list("at", flat=True).first()
    if last is None or abs(now - last) >= EVERY:  # abs: the clock may have been set back
        _pulses().update_or_create(worker=worker, defaults={"at": now})
        _pulses().exclude(at__range=(now - FORGOTTEN, now + FORGOTTEN)).delete()


def end(worker: str) -> None:
    """This worker was told to end and did: nobody is to wait for it."""
    _pulses().filter(worker=worker).delete()


def signs() -> dict[str, datetime]:
    """When each worker that has not ended last came round; the most silent is the first."""
    return dict(_pulses().order_by("at").values_list("worker", "at"))


def is_silent(at: datetime, now: datetime) -> bool:
    """Whether a worker whose last sign is of ``at`` is stuck or gone."""
    return abs(now - at) > SILENCE


def all_alive(now: datetime) -> bool:
    """Whether there is a worker, and each came round lately."""
    found = signs().values()
    return bool(found) and not any(is_silent(at, now) for at in found)


def _pulses() -> Manager[Pulse]:
    from loop28.kernel.jobs.models import Pulse  # models load after the packages they are in

    return Pulse.objects
