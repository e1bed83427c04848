"""Compiles a playbook into the rows a line lives by: its phases with their groups, its beats."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from loop28.front.groups import actions as groups
from loop28.front.lines.models import Beat, Line, Phase
from loop28.front.playbooks.schema import Playbook
from loop28.front.playbooks.timetable import Moment, timeline
from loop28.kernel import clock, sql
from loop28.kernel.access import Actor


def lay_out(actor: Actor, line: Line, playbook: Playbook, zone: str) -> None:
    """Write the phases, groups and beats of a new line."""
    phases = _phases(actor, line, playbook, zone)
    rows = [
        {
            "line_id": line.pk,
            "phase_id": phases[moment.phase].pk,
            "key": moment.key,
            "part": moment.part,
            "kind": moment.kind,
            "day": moment.day,
            "due_at": due(line.start_day, moment.day, moment.at, ZoneInfo(zone)),
            "by_host": moment.by == "host",
            "grace": grace(moment),
            "payload": moment.payload,
            "shifted": 0,
            "state": "planned",
            "outcome": {},
        }
        for moment in timeline(playbook)
    ]
    sql.insert(Beat, rows, unique=("line", "key", "part"))


def due(start: date, day: int, at: timedelta, zone: ZoneInfo) -> datetime:
    """The instant of a local time of a line's day; ``at`` is the offset from local midnight."""
    minutes = at // timedelta(minutes=1)
    moment = clock.at_local(start + timedelta(days=day - 1), minutes // 60, minutes % 60, zone)
    return moment + at % timedelta(minutes=1)


def grace(moment: Moment) -> int | None:
    """How many seconds late a beat is still done: None always, 0 never."""
    if isinstance(moment.late, timedelta):
        return clock.seconds(moment.late)
    return None if moment.late == "always" else 0


def _phases(actor: Actor, line: Line, playbook: Playbook, zone: str) -> dict[int, Phase]:
    phases = {}
    first = 1
    for number, phase in enumerate(playbook.phases, start=1):
        group = groups.open_group(
            actor,
            name=f"{line.code} {phase.group}",
            host=line.host_id,
            region=line.region_id,
            zone=zone,
        )
        phases[number] = Phase.objects.create(
            line=line,
            number=number,
            key=phase.key,
            name=phase.name,
            first_day=first,
            last_day=first + phase.days - 1,
            group=group,
        )
        first += phase.days
    return phases
