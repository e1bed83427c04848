from datetime import datetime

from loop28.front.ladder import demoting, offers, queries
from loop28.kernel.access import SYSTEM
from loop28.kernel.jobs import job


@job
def lapse_offers(now: datetime) -> datetime | None:
    """End offers at their deadline; the next deadline says when to look again."""
    due = queries.next_deadline()
    if due is not None and due < now:
        offers.lapse(SYSTEM)
        due = queries.next_deadline()
    return due


@job
def review_levels(now: datetime) -> datetime | None:
    """Once a day, look for levels with which nothing is done any more."""
    if demoting.review_due(now):
        demoting.look_for_idle(SYSTEM)
    return None
