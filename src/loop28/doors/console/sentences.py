"""Facts of the journal as sentences a person reads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from loop28.back.compliance import queries as compliance
from loop28.back.people import queries as people
from loop28.doors.console import fillings, mending, phrases
from loop28.front.circles import queries as circles
from loop28.front.clubs import queries as clubs
from loop28.front.events import queries as events
from loop28.front.evidence import queries as evidence
from loop28.front.groups import moderated
from loop28.front.ladder import queries as ladder
from loop28.front.lines import queries as lines
from loop28.front.lines import schedule
from loop28.front.lines.queries import Line
from loop28.front.playbooks import queries as playbooks
from loop28.front.referrals import queries as referrals
from loop28.front.tasks import handouts
from loop28.kernel.access import SYSTEM
from loop28.kernel.journal.models import Entry
from loop28.middle.content import queries as content
from loop28.middle.members import queries as members


@dataclass(frozen=True, slots=True)
class Said:
    """One fact: when, in words, who did it (nobody for what happened by itself), in which line."""

    at: datetime
    words: str
    by: str
    line: Line | None


def read(line: Line | None, entries: Sequence[Entry]) -> list[Said]:
    """Sentences for facts, in their order, on the page of a line or, with None, of many.

    A page of many names the line of each. That the reader may see them is for the caller.
    """
    names = _named(entries)
    of = {} if line else names.lines
    return [
        Said(
            entry.at, phrases.words(entry, names), _by(entry.actor, names), of.get(entry.line or 0)
        )
        for entry in entries
    ]


def _named(entries: Sequence[Entry]) -> fillings.Names:
    data: list[dict[str, Any]] = [entry.data for entry in entries]

    def named(*keys: str) -> set[int]:
        return {d[key] for d in data for key in keys if isinstance(d.get(key), int)}

    actors = [entry.actor.partition(":") for entry in entries]
    staff = {int(number) for role, _, number in actors if role not in {"member", "system"}}
    staff |= named("user")
    members_ = {int(number) for role, _, number in actors if role == "member"}
    of_lines = {row.pk: row for row in lines.lines(SYSTEM).filter(id__in=named("line"))}
    regions, cities, tags = named("region"), named("city"), named("tag")
    return fillings.Names(
        members=members.names(members_ | named(*fillings.MEMBERS)),
        beats={beat.pk: mending.title(beat) for beat in schedule.beats(named("beat", "packet"))},
        staff={user.pk: user.name for user in people.staff(SYSTEM).filter(id__in=staff)}
        if staff
        else {},
        tasks=_tasks(of_lines.values()) if named("line") else {},
        regions={region.pk: region.name for region in people.regions(SYSTEM)} if regions else {},
        cities={c.pk: c.name for c in people.cities(SYSTEM).filter(id__in=cities)}
        if cities
        else {},
        tags=members.words(tags) if tags else {},
        lines=of_lines,
        reasons=lines.reasons(named("mend")),
        events=events.titles(named("event")),
        guests=content.guest_names(named("guest")),
        talks=content.talk_topics(named("talk")),
        circles=circles.names(named("circle")),
        clubs=clubs.names(named("club")),
        lessons=clubs.topics(named("lesson")),
        whys=moderated.reasons(named("reason")),
        ends=ladder.reasons(named("demotion")),
        answers=ladder.answers(named("appeal")),
        claims=referrals.reasons(named("dispute")),
        reviews=evidence.reasons(named("review")),
        freezes=compliance.reasons(named("freeze")),
        handouts=handouts.reasons(named("handout")),
    )


def _tasks(of: Iterable[Line]) -> dict[tuple[int, str], str]:
    return {
        (line.pk, task.key): task.name
        for line in of
        for task in playbooks.playbook(line.playbook_id).tasks
    }


def _by(who: str, names: fillings.Names) -> str:
    role, _colon, number = who.partition(":")
    if role == "system":
        return ""
    if role == "member":
        return names.member(int(number))
    return names.staff.get(int(number), role)
