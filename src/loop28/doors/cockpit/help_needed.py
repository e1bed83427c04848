"""Who needs a hand in a line: stuck with tasks, silent, or with a question nobody answered."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from loop28.front.evidence import queries as evidence
from loop28.front.groups import queries as groups
from loop28.front.groups.models import Message
from loop28.front.lines import queries as lines
from loop28.front.lines import rules, schedule, seats
from loop28.front.lines.models import Line
from loop28.front.playbooks import queries as playbooks
from loop28.front.tasks import nudging
from loop28.front.tasks import queries as tasks
from loop28.kernel import clock
from loop28.kernel.access import Actor
from loop28.middle.members import queries as members


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who needs a hand: why, for how many days, and a message that is ready to be sent.

    ``why`` is stuck (with ``open`` tasks, of which they have most time left for ``task``), new
    (never seen since they joined) or silent. The house itself had a word with them at ``nudged``.
    """

    member: int
    name: str
    why: str
    days: int
    message: str
    open: int = 0
    nudged: datetime | None = None
    task: str = ""


@dataclass(frozen=True, slots=True)
class Needs:
    """All who need a hand, those who need it longest first within their kind."""

    people: list[Person]
    questions: list[Message]
    group: int

    @property
    def count(self) -> int:
        return len(self.people) + len(self.questions)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Somebody of whom nothing was seen for so many days; ``new`` if nothing ever was."""

    member: int
    days: int
    new: bool


def find(actor: Actor, line: Line, now: datetime) -> Needs:
    """Everybody in a running line of the host's who could use a word today.

    Who got one in the last days is left in peace.
    """
    zone = ZoneInfo(line.region.zone)
    today = clock.local_day(now, zone)
    spoken = seats.spoken_to(line.pk, today)
    sent = evidence.in_review_of(line.pk)
    stuck = [one for one in tasks.stuck(actor, line.pk, sent) if one.member not in spoken]
    known = spoken | {one.member for one in stuck}
    quiet = [one for one in silent(actor, line, today) if one.member not in known]
    names = members.names({one.member for one in stuck} | {one.member for one in quiet})
    nudged = nudging.nudged(line.pk, stuck)
    waiting = nudging.waiting(line, [one.member for one in stuck], now, sent)
    group = _group(line, now)
    with translation.override(playbooks.playbook(line.playbook_id).language):
        packet = _packet_today(actor, line, now)
        in_training = schedule.call_of(line.pk) is not None
        people = [
            Person(
                one.member,
                names[one.member],
                "stuck",
                (now - one.since).days,
                _stuck_words(names[one.member], waiting.get(one.member, "")),
                one.open,
                nudged.get(one.member),
                waiting.get(one.member, ""),
            )
            for one in stuck
        ] + [
            Person(
                one.member,
                names[one.member],
                "new" if one.new else "silent",
                one.days,
                _quiet_words(names[one.member], one, packet, in_training=in_training),
            )
            for one in quiet
        ]
    return Needs(people, groups.unanswered(actor, group), group)


def silent(actor: Actor, line: Line, today: date) -> list[Quiet]:
    """Members of whom nothing was seen for some days, the longest first.

    Once the call was made only those count who answered it.
    """
    called = schedule.call_of(line.pk) is not None
    here = set(seats.passed(line.pk) if called else seats.seated(line.pk)) - {line.host_id}
    zone = ZoneInfo(line.region.zone)
    came = {
        member: clock.local_day(at, zone)
        for member, at in seats.enrollments(actor, line.pk).values_list("member_id", "joined_at")
        if member in here and at is not None
    }
    active = groups.last_active([p.group_id for p in lines.phases(line.pk)], sorted(here))
    found = []
    for member, since in came.items():
        # Before the start nobody is expected to say anything.
        seen = max(active.get(member, since), since, line.start_day)
        if days := rules.silent_days(seen, today):
            found.append(Quiet(member, days, new=member not in active))
    return sorted(found, key=lambda one: (-one.days, one.member))


def _group(line: Line, now: datetime) -> int:
    """The group the line lives in now."""
    of_line = lines.phases(line.pk)
    day = lines.today(line, now)
    return next((p for p in of_line if day <= p.last_day), of_line[-1]).group_id


def _packet_today(actor: Actor, line: Line, now: datetime) -> str:
    """When the next red packet of today comes, as clocks show it; empty where none does."""
    of_day = schedule.beats_of_day(actor, line.pk, lines.today(line, now))
    ahead = [beat.due_at for beat in of_day if beat.kind == "packet" and beat.due_at > now]
    return f"{ahead[0].astimezone(ZoneInfo(line.region.zone)):%H:%M}" if ahead else ""


def _quiet_words(name: str, one: Quiet, packet: str, *, in_training: bool) -> str:
    said = {"name": name, "days": one.days, "time": packet}
    if one.new:
        words = _(
            "Hello %(name)s, good that you are here. Nobody has to say anything, but if you wonder "
            "what this is about, just ask me."
        )
    elif in_training:
        words = _(
            "Hello %(name)s, I have not seen you for %(days)s days. No hurry: one small task a day "
            "is enough. Shall we do the next one together?"
        )
    else:
        words = _(
            "Hello %(name)s, I have not seen you for %(days)s days. No hurry at all; if something "
            "is unclear, just ask me."
        )
    if packet:
        words += _(" At %(time)s there is a red packet in the group.")
    return words % said


def _stuck_words(name: str, task: str) -> str:
    if not task:
        return _(
            "Hello %(name)s, some tasks closed before you got to them. Never mind: I tell you when "
            "the next one opens, and we do it together."
        ) % {"name": name}
    return _(
        "Hello %(name)s, I see “%(task)s” is still open for you. Where are you stuck? Tell me and "
        "we do it together; it takes less time than it looks."
    ) % {"name": name, "task": task}
