"""The lessons of a line: the talks of its playbook, and which of them were told by now."""

from datetime import datetime

from loop28.front.lines import queries
from loop28.front.lines.models import Line
from loop28.front.playbooks import queries as playbooks
from loop28.front.playbooks.schema import Talk


def lessons(line: Line) -> list[Talk]:
    """The talks of a line's playbook, in their order."""
    beats = playbooks.playbook(line.playbook_id).beats
    return sorted((b for b in beats if isinstance(b, Talk)), key=lambda b: (b.day, b.at))


def told(line: Line, now: datetime) -> list[Talk]:
    """Those of them whose day has come."""
    day = queries.today(line, now)
    return [talk for talk in lessons(line) if talk.day <= day]


def lesson(line: Line, key: str) -> Talk | None:
    """One of them."""
    return next((talk for talk in lessons(line) if talk.key == key), None)
