"""Who needs a hand in a line: stuck with tasks, silent, or with a question nobody answered."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from loop28.front.groups import queries as groups
from loop28.front.groups.models import Message
from loop28.front.lines import queries as lines
from loop28.front.lines.models import Line
from loop28.front.playbooks import queries as playbooks
from loop28.front.tasks import queries as tasks
from loop28.kernel import clock
from loop28.kernel.access import Actor
from loop28.middle.members import queries as members

SILENT_DAYS = 2
"""From so many days without a sign a person gets a friendly word. A guess, like that for tasks."""
_LATEST = 150
"""Messages looked through for questions."""
_ASKING = ("?", "？")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who needs a hand: why, in days, and a message that is ready to be sent."""

    member: int
    name: str
    days: int
    message: str
    open: int = 0


@dataclass(frozen=True, slots=True)
class Needs:
    """All who need a hand, those who need it longest first."""

    stuck: list[Person]
    silent: list[Person]
    questions: list[Message]
    group: int

    @property
    def count(self) -> int:
        return len(self.stuck) + len(self.silent) + len(self.questions)


def find(actor: Actor, line: Line, now: datetime) -> Needs:
    """Everybody in a running line of the host's who could use a word today."""
    today = clock.local_day(now, ZoneInfo(line.region.zone))
    stuck = tasks.stuck(actor, line.pk)
    quiet = silent(actor, line, today)
    known = {one.member for one in stuck}
    names = members.names([*known, *quiet])
    group = _group(line, now)
    with translation.override(playbooks.playbook(line.playbook_id).language):
        return Needs(
            stuck=[
                Person(
                    one.member,
                    names[one.member],
                    (now - one.since).days,
                    _stuck_words(names[one.member]),
                    one.open,
                )
                for one in stuck
            ],
            silent=[
                Person(m, names[m], days, _silent_words(names[m], days))
                for m, days in quiet.items()
                if m not in known
            ],
            questions=questions(actor, group, line.host_id),
            group=group,
        )


def silent(actor: Actor, line: Line, today: date) -> dict[int, int]:
    """Members of whom nothing was seen for `SILENT_DAYS` days or more, and for how many.

    Once the call was made only those count who answered it.
    """
    called = lines.call_of(line.pk) is not None
    here = set(lines.passed(line.pk) if called else lines.seated(line.pk)) - {line.host_id}
    zone = ZoneInfo(line.region.zone)
    since = {
        member: clock.local_day(came, zone)
        for member, came in lines.enrollments(actor, line.pk).values_list("member_id", "joined_at")
        if member in here and came is not None
    }
    active = groups.last_active([p.group_id for p in lines.phases(line.pk)], sorted(here))
    # Before the start nobody is expected to say anything.
    days = {
        m: (today - max(day, active.get(m, day), line.start_day)).days for m, day in since.items()
    }
    quiet = {m: n for m, n in days.items() if n >= SILENT_DAYS}
    return dict(sorted(quiet.items(), key=lambda one: (-one[1], one[0])))


def questions(actor: Actor, group_id: int, host: int) -> list[Message]:
    """What people asked since the host last said something, the latest first."""
    asked: list[Message] = []
    for message in reversed(groups.messages(actor, group_id, limit=_LATEST)):
        if message.member_id == host:
            break
        asks = any(sign in message.text for sign in _ASKING)
        if message.member_id is not None and asks and not message.taken_down:
            asked.append(message)
    return asked


def _group(line: Line, now: datetime) -> int:
    """The group the line lives in now."""
    of_line = lines.phases(line.pk)
    day = lines.today(line, now)
    return next((p for p in of_line if day <= p.last_day), of_line[-1]).group_id


def _silent_words(name: str, days: int) -> str:
    return _(
        "Hello %(name)s, I have not seen you for %(days)s days. No hurry at all; if something is "
        "unclear, just ask me. There is a red packet at its time today as well."
    ) % {"name": name, "days": days}


def _stuck_words(name: str) -> str:
    return _(
        "Hello %(name)s, I see a task of yours is still open. Where are you stuck? Tell me and we "
        "do it together; it takes less time than it looks."
    ) % {"name": name}
