from datetime import datetime

from loop28.front.packets import actions, queries
from loop28.kernel.access import SYSTEM
from loop28.kernel.jobs import batches, job


@job
def expire(now: datetime) -> datetime | None:
    """Return what nobody opened in time."""
    batches(lambda: actions.expire_due(SYSTEM) == actions.BATCH)
    return queries.next_expiry(now)
