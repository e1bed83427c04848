from datetime import datetime

from loop28.front.lines import beats, queries
from loop28.kernel.access import SYSTEM
from loop28.kernel.jobs import job


@job
def fire_beats(now: datetime) -> datetime | None:
    """Fire what is due; the next beat says when to look again."""
    while beats.fire_due(SYSTEM):
        pass
    return queries.next_due(now)
