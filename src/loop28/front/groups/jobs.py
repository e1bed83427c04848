from datetime import datetime

from loop28.front.groups import actions, notices
from loop28.kernel.access import SYSTEM
from loop28.kernel.jobs import batches, job


@job
def deliver(now: datetime) -> datetime | None:
    """Send what a process that died after its commit left in the outbox."""
    batches(lambda: actions.deliver(SYSTEM) == actions.BATCH)
    return None


@job
def tell(now: datetime) -> datetime | None:
    """Send the notices that waited for a minute, for the morning, or for another day."""
    notices.deliver(SYSTEM)
    return notices.next_look(now)
