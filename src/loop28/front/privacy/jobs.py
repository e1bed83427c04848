from datetime import datetime

from loop28.front.privacy import actions, queries, register, retention
from loop28.kernel.access import SYSTEM
from loop28.kernel.jobs import job


@job
def erase(now: datetime) -> datetime | None:
    """Erase those whose time has come; when the next one's does."""
    for member in queries.due(now):
        actions.erase_in_time(SYSTEM, member)
    return queries.next_due()


@job
def sweep(now: datetime) -> datetime | None:
    """Once a night throw away what is kept no longer; and see that the register is whole."""
    if retention.is_due(now):
        retention.sweep(SYSTEM)
        actions.erase_again(SYSTEM)
        register.write_down()
    return None
