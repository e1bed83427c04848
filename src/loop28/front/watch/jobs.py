from datetime import datetime, timedelta

from loop28.front.watch import actions, night, queries, rules
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
    first = max(last.day, today - timedelta(days=rules.PAST_DAYS)) if last else None
    days = (today - (first or today - timedelta(days=1))).days
    actions.note(
        SYSTEM,
        today,
        night.look([today - timedelta(days=ago) for ago in range(days, 0, -1)], now),
    )
    return None
