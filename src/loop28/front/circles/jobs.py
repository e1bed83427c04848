from datetime import datetime

from loop28.front.circles import queries, weeks
from loop28.kernel.access import SYSTEM
from loop28.kernel.jobs import batches, job


@job
def keep_the_rhythm(now: datetime) -> datetime | None:
    """Lay out the weeks that begin soon, and send what is due in them."""
    batches(lambda: weeks.plan(SYSTEM))
    batches(lambda: weeks.fire_due(SYSTEM))
    return queries.next_due(now)
