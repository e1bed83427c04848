from datetime import datetime

from loop28.front.referrals import forgetting
from loop28.kernel.access import SYSTEM
from loop28.kernel.jobs import job


@job
def forget_visitors(now: datetime) -> datetime | None:
    """Once a day, visitors whose last lock is over are forgotten."""
    if forgetting.is_due(now):
        forgetting.forget(SYSTEM)
    return None
