"""What members did in a line, as the rules of promotion look at it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from loop28.front.groups import moderated
from loop28.front.ladder import rules
from loop28.front.ladder.models import Promotion
from loop28.front.ladder.rules import Numbers
from loop28.front.lines.models import Line
from loop28.front.playbooks import queries as playbooks
from loop28.front.tasks import queries as tasks
from loop28.kernel import clock
from loop28.middle.orders import queries as orders


@dataclass(frozen=True, slots=True)
class Span:
    """The time of a line: from its first local midnight up to, not at, the one after it."""

    since: datetime
    until: datetime


def span(line: Line) -> Span:
    """When what members sold counts for this line."""
    zone = ZoneInfo(line.region.zone)
    return Span(
        clock.at_local(line.start_day, 0, 0, zone),
        clock.at_local(line.start_day + timedelta(days=line.days), 0, 0, zone),
    )


def of_steps(steps: Iterable[Promotion]) -> dict[int, Numbers]:
    """By step up: what its member did by now in the line it was earned in; without one left out."""
    by_line: dict[Line, dict[int, int]] = defaultdict(dict)
    for step in steps:
        if step.line is not None:
            by_line[step.line][step.pk] = step.member_id
    return {
        number: did[member]
        for line, members in by_line.items()
        for did in [numbers(line, set(members.values()))]
        for number, member in members.items()
    }


def numbers(line: Line, members: Collection[int]) -> dict[int, Numbers]:
    """Of each of these members, in two statements and one more for each further number that the
    line's playbook asks for.

    An order counts by when it was paid: one reported after the line still does, one paid after it
    does not.
    """
    of_line = span(line)
    asked = rules.asked(playbooks.playbook(line.playbook_id).promotion)
    done = tasks.done(line.pk, members)
    sold = orders.counting(members, of_line.since, of_line.until)
    taught = tasks.done(line.pk, members, "teach_lesson") if "lessons" in asked else {}
    against = moderated.found_right(members, of_line.since) if "complaints" in asked else {}
    back = (
        orders.refunded(members, of_line.since, of_line.until)
        if "refunded_percent" in asked
        else {}
    )
    return {
        member: Numbers(
            tasks=done.get(member, 0),
            orders=sold.get(member, 0),
            lessons=taught.get(member, 0),
            complaints=len(against.get(member, ())),
            refunded=back.get(member, 0),
        )
        for member in members
    }
