from datetime import datetime

from loop28.back.finance import queries as finance
from loop28.front.rewards import actions, queries
from loop28.kernel.access import SYSTEM
from loop28.kernel.jobs import batches, job


@job
def release(now: datetime) -> datetime | None:
    """Release what was held long enough; the next hold says when to look again."""
    batches(lambda: actions.release_due(SYSTEM) == actions.BATCH)
    return queries.next_release()


@job
def settle(now: datetime) -> datetime | None:
    """Pay what waits for a budget into which money came back, from a packet or a reward.

    Funding is heard as a fact; this finds the rest. It only tries where it will get somewhere.
    """
    owed = queries.smallest_unfunded()
    left = finance.budget_left(SYSTEM, list(owed)) if owed else {}
    for line, smallest in sorted(owed.items()):
        if left[line] >= smallest:
            actions.settle_unfunded(SYSTEM, line)
    return None
