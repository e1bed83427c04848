import logging
from datetime import datetime

from django.db import OperationalError

from loop28.front.lines import beats, schedule
from loop28.kernel.access import SYSTEM
from loop28.kernel.jobs import batches, job

logger = logging.getLogger(__name__)


@job
def fire_beats(now: datetime) -> datetime | None:
    """Fire what is due; the next beat says when to look again.

    A line that cannot be fired, because of a bug or a playbook nobody thought of, stands still by
    itself: the others go on, and its trouble is raised at the end.
    """
    try:
        batches(lambda: beats.fire_due(SYSTEM))
    except OperationalError:
        raise
    except Exception:
        for line in schedule.due_lines(now):
            _fire_alone(line)
        raise
    return schedule.next_due(now)


def _fire_alone(line: int) -> None:
    try:
        batches(lambda: beats.fire_due(SYSTEM, [line]))
    except Exception:
        logger.exception("line %s cannot go on", line)
