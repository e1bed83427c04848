from datetime import datetime

from loop28.front.packets import actions, queries
from loop28.kernel.access import SYSTEM
from loop28.kernel.jobs import job


@job
def expire(now: datetime) -> datetime | None:
    """Return what nobody opened in time."""
    while actions.expire_due(SYSTEM) == actions.BATCH:
        pass
    return queries.next_expiry(now)
