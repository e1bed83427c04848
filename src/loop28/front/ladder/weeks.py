"""Opening what a region owes in a week, so that however often it is asked for it is there once."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta

from loop28.back.people import actions as people
from loop28.front.ladder import hosting
from loop28.front.lines import queries, refusals
from loop28.front.lines.models import Line
from loop28.kernel import clock, journal
from loop28.kernel.access import SYSTEM, Actor, Role, require


@dataclass(frozen=True, slots=True)
class Wish:
    """A line somebody wants, with what `hosting.open_line` asks for."""

    region: int
    playbook: int
    start_day: date
    host: int
    size: int
    budget_fen: int


@journal.action
def open_owed(actor: Actor, wish: Wish) -> Line:
    """Open a line the region still owes in the week of its start day.

    The same host on the same day in the same region is the same wish: asked again it gives the line
    that is there. Refuses as `hosting.open_line` does, and with WeekIsFilled.
    """
    require(actor, Role.ADMINISTRATOR, Role.REGION_MANAGER)
    region = people.hold_region(actor, wish.region)
    known = Line.objects.filter(region=region, host=wish.host, start_day=wish.start_day).first()
    if known is not None:
        return known
    week = clock.monday(wish.start_day)
    opened = queries.not_called_off(SYSTEM).filter(
        region=region, start_day__range=(week, week + timedelta(days=6))
    )
    if opened.count() >= region.weekly_lines:
        raise refusals.WeekIsFilled(field="start_day")
    return hosting.open_line(actor, **asdict(wish))
