"""The health of groups: those of running lines and standing ones, in a handful of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from loop28.front.circles import queries as circles
from loop28.front.circles.queries import Circle
from loop28.front.groups import queries as groups
from loop28.front.groups import questions
from loop28.front.groups.queries import Group, Said
from loop28.front.lines import queries as lines
from loop28.front.lines.queries import Line
from loop28.insight.metrics import hands
from loop28.insight.metrics.hands import DAYS, Need, Vitals
from loop28.kernel import clock
from loop28.kernel.access import Actor

LATEST = 80
"""Messages of each group looked through for questions nobody answered."""

A_DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Health:
    """How a group is. It belongs to a line or is a standing one (``circle``).

    ``days`` are the local days of ``vitals.active``, today last; of ``there_today`` those active
    today are a part, of ``there_yesterday`` those of yesterday, 0 in a group that began today;
    ``questions`` wait for an answer.
    """

    group: Group
    line: Line | None
    circle: Circle | None
    days: tuple[date, ...]
    vitals: Vitals
    there_today: int
    there_yesterday: int
    questions: tuple[Said, ...]
    needs: tuple[Need, ...]

    @property
    def active_today(self) -> int:
        return self.vitals.active[-1]

    @property
    def active_yesterday(self) -> int:
        return self.vitals.active[-2]


def living(actor: Actor, now: datetime, region: int | None = None) -> list[Health]:
    """The groups people live in now, those that need a hand first.

    These are the group of each running line's present phase, and all standing groups; with
    ``region`` only that one's.
    """
    of_lines, standing = _of_lines(actor, now, region), circles.circles(actor)
    if region is not None:
        standing = standing.filter(group__region=region)
    of_circles = {circle.group_id: circle for circle in standing}
    rows = groups.groups(actor).filter(id__in=[*of_lines, *of_circles])
    found = list(rows.select_related("host", "region").order_by("region_id", "kind", "id"))
    known = [(g, of_lines.get(g.pk), of_circles.get(g.pk)) for g in found]
    order = list(Need)
    return sorted(
        _healths(known, now), key=lambda h: min(map(order.index, h.needs), default=len(order))
    )


def of_group(group: Group, line: Line | None, circle: Circle | None, now: datetime) -> Health:
    """The health of one group, which the actor may see."""
    (found,) = _healths([(group, line, circle)], now)
    return found


def _of_lines(actor: Actor, now: datetime, region: int | None) -> dict[int, Line]:
    """By group: the lines that run, each in the group of its present phase."""
    rows = lines.lines(actor).filter(ended_at=None)
    if region is not None:
        rows = rows.filter(region=region)
    running = {line.pk: line for line in rows if lines.today(line, now) >= 1}
    found = {}
    for number, phases in lines.phases_by_line(list(running)).items():
        present = next((phase for phase in phases if phase.closed_at is None), None)
        if present is not None:
            found[present.group_id] = running[number]
    return found


_Known = tuple[Group, Line | None, Circle | None]


def _healths(known: Sequence[_Known], now: datetime) -> list[Health]:
    ids = [group.pk for group, _, _ in known]
    people, left = groups.head_counts(ids), groups.left_since(ids, now - WEEK)
    active = groups.active_by_day(ids, now.date() - timedelta(days=DAYS))
    spoke, said = groups.host_spoke(ids), groups.newest(ids, LATEST)
    local = {group.pk: clock.local_day(now, ZoneInfo(group.zone)) for group, _, _ in known}
    there = groups.there_on({*local.items(), *((n, day - A_DAY) for n, day in local.items())})
    found = []
    for group, line, circle in known:
        today = local[group.pk]
        days = tuple(today - timedelta(days=back) for back in range(DAYS - 1, -1, -1))
        open_ = tuple(questions.unanswered(said[group.pk], group.host_id))
        vitals = Vitals(
            opened_at=_began(group, line),
            people=people.get(group.pk, 0),
            active=tuple(active.get((group.pk, day), 0) for day in days),
            host_spoke_at=spoke.get(group.pk),
            asked=tuple(question.at for question in open_),
            left=left.get(group.pk, 0),
        )
        needs = tuple(hands.needs(vitals, now))
        began_today = vitals.opened_at >= clock.at_local(today, 0, 0, ZoneInfo(group.zone))
        here = there.get((group.pk, today), 0)
        before = 0 if began_today else there.get((group.pk, today - A_DAY), 0)
        found.append(Health(group, line, circle, days, vitals, here, before, open_, needs))
    return found


def _began(group: Group, line: Line | None) -> datetime:
    """When life in a group began: a line's group may be open for weeks before its first day."""
    if line is None:
        return group.created_at
    return max(group.created_at, clock.at_local(line.start_day, 0, 0, ZoneInfo(group.zone)))
