"""Where a talk was told, and how the groups took it.

A playbook holds the words of its talks; a talk of the library is known in it by their digest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from loop28.front.groups import queries as groups
from loop28.front.lines import queries as lines
from loop28.front.lines import schedule
from loop28.front.lines.queries import Line
from loop28.front.playbooks import queries as playbooks
from loop28.front.playbooks.schema import Playbook, Talk
from loop28.kernel import clock
from loop28.kernel.access import Actor
from loop28.middle.content import queries as content
from loop28.middle.content.queries import Words

HEARD_FOR = timedelta(hours=1)
"""How long after its question what is written counts as an answer to a talk."""


@dataclass(frozen=True, slots=True)
class Heard:
    """How a group took a talk: when its question was asked, how many members wrote how many
    messages in the hour after it, how many did anything that day.
    """

    asked_at: datetime
    messages: int
    people: int
    active: int


@dataclass(frozen=True, slots=True)
class Use:
    """A talk in a line, told on this day of it; ``heard`` is None until its question was asked."""

    line: Line
    day: int
    digest: str
    heard: Heard | None


def words(talk: Talk) -> Words:
    """What a talk of a playbook says, as the library keeps it."""
    return Words(
        topic=talk.topic,
        guest=talk.guest.name,
        guest_title=talk.guest.title,
        material=talk.material,
        messages=tuple(talk.messages),
        question=talk.question,
        replies=tuple((reply.answer, reply.reply) for reply in talk.replies),
    )


def talks(plan: Playbook) -> list[Talk]:
    """The talks of a playbook in its order."""
    return [beat for beat in plan.beats if isinstance(beat, Talk)]


def in_playbooks(actor: Actor) -> dict[str, dict[int, Talk]]:
    """By digest: the published versions that tell a talk, with the talk as it stands there."""
    found: dict[str, dict[int, Talk]] = {}
    for number in playbooks.versions(actor).values_list("id", flat=True):
        for talk in talks(playbooks.playbook(number)):
            found.setdefault(content.digest(words(talk)), {})[number] = talk
    return found


def uses(actor: Actor, digests: Sequence[str], limit: int) -> list[Use]:
    """The latest lines that tell one of these talks, in which the actor sees it, newest first."""
    told = in_playbooks(actor)
    by_version = {(v, d): talk for d in digests for v, talk in told.get(d, {}).items()}
    rows = lines.lines(actor).filter(playbook__in={version for version, _digest in by_version})
    latest = list(rows.order_by("-start_day", "-id")[:limit])
    told_in = [
        (line, digest, talk)
        for line in latest
        for (version, digest), talk in by_version.items()
        if version == line.playbook_id
    ]
    heard = _heard(latest, {talk.key for _line, _digest, talk in told_in})
    return [
        Use(line, talk.day, digest, heard.get((line.pk, talk.key)))
        for line, digest, talk in told_in
    ]


def _heard(of: Sequence[Line], keys: set[str]) -> dict[tuple[int, str], Heard]:
    """By line and beat: how the group took each of these talks whose question was asked."""
    zones = {line.pk: ZoneInfo(line.region.zone) for line in of}
    asked = {
        (beat.line_id, beat.key): (beat.phase.group_id, beat.done_at)
        for beat in schedule.questions(list(zones))
        if beat.done_at and beat.key in keys
    }
    wrote = groups.heard({key: (group, at, at + HEARD_FOR) for key, (group, at) in asked.items()})
    active = groups.active_by_day(sorted({group for group, _at in asked.values()}))
    return {
        key: Heard(at, *wrote[key], active.get((group, clock.local_day(at, zones[key[0]])), 0))
        for key, (group, at) in asked.items()
    }
