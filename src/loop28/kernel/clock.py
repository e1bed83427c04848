"""What time it is.

PostgreSQL's clock where there is one, because web processes and workers on several machines share
it; the machine's clock on SQLite. Only a database marked as a rehearsal can have another time.
"""

from datetime import UTC, date, datetime, timedelta, tzinfo

from django.apps import apps
from django.db import connection

_moved_to: datetime | None = None


def now() -> datetime:
    """Aware UTC. Inside an action use `journal.now()`, which was read once for the whole batch."""
    if _moved_to is not None:
        return _moved_to
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            read: datetime = cursor.fetchone()[0]
            return read.astimezone(UTC)
    return datetime.now(UTC)


def move_to(moment: datetime | None) -> None:
    """Set this process's time, or with None give it back; only over a rehearsal's database."""
    global _moved_to
    if moment is not None and not is_rehearsed():
        raise RuntimeError("only a database marked as a rehearsal may have another time")
    _moved_to = moment


def is_rehearsed() -> bool:
    """Whether this database is marked as a rehearsal: nobody in it is real."""
    found: bool = apps.get_model("journal", "RehearsalMark").objects.exists()
    return found


def local_day(moment: datetime, zone: tzinfo) -> date:
    """The day it is at ``moment`` in ``zone``."""
    return moment.astimezone(zone).date()


def monday(day: date) -> date:
    """The first day of a day's week."""
    return day - timedelta(days=day.weekday())


def at_local(day: date, hours: int, minutes: int, zone: tzinfo) -> datetime:
    """The instant in UTC when clocks in ``zone`` show this time on this day."""
    local = datetime(day.year, day.month, day.day, hours, minutes, tzinfo=zone)
    return local.astimezone(UTC)


def seconds(value: timedelta) -> int:
    """Whole seconds of a duration."""
    return value // timedelta(seconds=1)
