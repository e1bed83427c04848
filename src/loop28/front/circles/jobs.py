from datetime import datetime

from loop28.front.circles import queries, weeks
from loop28.kernel.access import SYSTEM
from loop28.kernel.jobs import job


@job
def keep_the_rhythm(now: datetime) -> datetime | None:
    """Lay out the weeks that begin soon, and send what is due in them."""
    while weeks.plan(SYSTEM):
        pass
    while weeks.fire_due(SYSTEM):
        pass
    return queries.next_due(now)
