"""What stands in a day's log: ``[HH:MM] <name> text``, or ``[HH:MM]  * name does something``.

Lines that begin with ``===`` tell who came and went, and say nothing. Pure.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

_LINE = re.compile(r"\[([01]\d|2[0-3]):([0-5]\d)\] (?:<([^>]+)> ?(.*)| \* (\S+) (.*))", re.ASCII)


class Said(NamedTuple):
    """One message: its line in the file from 1, who wrote it, what, and when."""

    line: int
    name: str
    text: str
    at: datetime


def read(text: str, day: date, zone: ZoneInfo) -> Iterator[Said]:
    """The messages of a log that begins on this local day, in their order.

    A clock that falls back has passed midnight: what follows is of the next day. Each is as many
    microseconds late as it is messages after its minute began, so that they keep their order.
    """
    clock, nth = time(0), 0
    for number, line in enumerate(text.splitlines(), start=1):
        found = _LINE.match(line)
        if not found:
            continue
        hour, minute, writer, said, doer, done = found.groups()
        now = time(int(hour), int(minute))
        if now < clock:
            day += timedelta(days=1)
        nth = nth + 1 if now == clock else 0
        clock = now
        at = datetime.combine(day, now, tzinfo=zone) + timedelta(microseconds=nth)
        yield Said(number, writer or doer, said if writer else f"* {done}", at.astimezone(UTC))
