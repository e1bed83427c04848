from datetime import datetime

from loop28.front.watch import actions, night, queries
from loop28.front.watch.night import ZONE
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from loop28.kernel.jobs import job

HOUR = 3
"""When the day before is over everywhere and hardly anybody is awake to wait."""


@job
def watch(now: datetime) -> datetime | None:
    """Go round once a night; after nights without a worker once for all of them."""
    today = clock.local_day(now, ZONE)
    last = queries.last_night()
    if now < clock.at_local(today, HOUR, 0, ZONE) or (last and last.day >= today):
        return None
    actions.note(SYSTEM, today, night.look(now))
    return None
