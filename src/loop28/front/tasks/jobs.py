from datetime import datetime

from loop28.front.tasks import repeating
from loop28.kernel.access import SYSTEM
from loop28.kernel.jobs import job


@job
def open_again(now: datetime) -> datetime | None:
    """Open what comes again; after downtime the turns that were missed, one after the other."""
    while lines := repeating.due_lines(now):
        for line in lines:
            repeating.open_again(SYSTEM, line)
    return repeating.next_due(now)
