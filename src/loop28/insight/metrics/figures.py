"""The figures of many lines at once, in a constant number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from loop28.back.finance import queries as finance
from loop28.front.groups import queries as groups
from loop28.front.ladder import queries as ladder
from loop28.front.lines import queries as lines
from loop28.front.lines.queries import Line, Phase
from loop28.front.packets import queries as packets
from loop28.front.rewards import queries as rewards
from loop28.front.tasks import queries as tasks
from loop28.insight.metrics import budgets
from loop28.insight.metrics.foresight import Foresight
from loop28.kernel import clock
from loop28.kernel.access import Actor
from loop28.middle.orders import queries as orders

WEEK = timedelta(days=7)


class Stage(StrEnum):
    """Where a line stands in its life."""

    GATHERING = "gathering"
    RUNNING = "running"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Figures:
    """What a page shows of one line. Money in fen.

    ``day`` is below 1 before the start; ``active`` has a number for each day so far and None for
    each day to come. ``tasks_open`` counts what was given to members, done or not.
    """

    line: Line
    day: int
    stage: Stage
    joined: int
    seated: int
    waiting: int
    opted_in: int
    opted_in_this_week: int
    called: bool
    active: tuple[int | None, ...]
    tasks_given: int
    tasks_done: int
    first_orders: int
    owners: int
    supervisors: int
    funded_fen: int
    left_fen: int
    rewards_paid_fen: int
    unfunded_fen: int
    packets: dict[str, int]
    foresight: Foresight

    @property
    def spent_fen(self) -> int:
        """What is out of the budget: paid, held for members, or in packets that are open."""
        return self.funded_fen - self.left_fen

    @property
    def active_today(self) -> int:
        """Members who did something today; 0 when the line is not running."""
        return (self.active[self.day - 1] or 0) if self.stage is Stage.RUNNING else 0

    @property
    def days_to_go(self) -> int:
        """Days until the first one; 0 or less once it began."""
        return 1 - self.day

    @property
    def living(self) -> int:
        """How many people the line lives with now: all seats, after the call who opted in."""
        return self.opted_in if self.called else self.seated

    @property
    def gap(self) -> int:
        """Seats that nobody has."""
        return max(0, self.line.size - self.seated)


def stage(line: Line, day: int) -> Stage:
    """A line runs from its start day until its last phase is closed."""
    if line.graduated_at is not None:
        return Stage.OVER
    return Stage.RUNNING if day >= 1 else Stage.GATHERING


def of_lines(actor: Actor, chosen: Sequence[Line], now: datetime) -> list[Figures]:
    """The figures of these lines, which the actor may see, in their order."""
    ids = [line.pk for line in chosen]
    heads, week = lines.head_counts(ids), lines.opted_in_since(ids, now - WEEK)
    phases, called = lines.phases_by_line(ids), lines.called(ids)
    active = groups.active_by_day([phase.group_id for of in phases.values() for phase in of])
    done, steps = tasks.totals(ids), ladder.made_by_line(ids)
    sold = first_orders(chosen)
    funded, left = finance.funded(actor, ids), finance.budget_left(actor, ids)
    packed, paid = packets.totals(ids), rewards.paid_by_line(actor, ids)
    ahead = budgets.foresee(chosen, heads, called, left, now)
    found = []
    for line in chosen:
        day, head = lines.today(line, now), heads[line.pk]
        given, finished = done.get(line.pk, (0, 0))
        money = paid.get(line.pk, rewards.Paid())
        made = steps.get(line.pk, {})
        found.append(
            Figures(
                line=line,
                day=day,
                stage=stage(line, day),
                joined=head["joined"],
                seated=head["seated"],
                waiting=head["waiting"],
                opted_in=head["opted_in"],
                opted_in_this_week=week.get(line.pk, 0),
                called=line.pk in called,
                active=_active(line, day, phases[line.pk], active),
                tasks_given=given,
                tasks_done=finished,
                first_orders=sold[line.pk],
                owners=made.get("owner", 0),
                supervisors=made.get("supervisor", 0),
                funded_fen=funded[line.pk],
                left_fen=left[line.pk],
                rewards_paid_fen=money.settled,
                unfunded_fen=money.unfunded,
                packets=packed.get(line.pk, {"issued": 0, "claimed": 0, "returned": 0}),
                foresight=ahead[line.pk],
            )
        )
    return found


def first_orders(chosen: Sequence[Line]) -> dict[int, int]:
    """By line: members who passed and sold something to somebody else while the line ran."""
    passed = lines.passed_by_line([line.pk for line in chosen])
    sellers = {member for members in passed.values() for member in members}
    spans = {line.pk: span(line) for line in chosen}
    since = min((first for first, _ in spans.values()), default=None)
    sales = orders.of_members(sellers, since).filter(own=False, refunded_fen=0)
    paid: dict[int, list[datetime]] = {}
    for member, at in sales.values_list("member_id", "paid_at"):
        paid.setdefault(member, []).append(at)
    return {
        line.pk: sum(
            any(spans[line.pk][0] <= at < spans[line.pk][1] for at in paid.get(member, ()))
            for member in passed[line.pk]
        )
        for line in chosen
    }


def span(line: Line) -> tuple[datetime, datetime]:
    """From a line's first local midnight up to, not at, the one after its last day."""
    zone = ZoneInfo(line.region.zone)
    after = line.start_day + timedelta(days=line.days)
    return clock.at_local(line.start_day, 0, 0, zone), clock.at_local(after, 0, 0, zone)


def active_by_day(actor: Actor, line_id: int, now: datetime) -> list[int | None]:
    """How many members were active on each day of a line; None for days to come."""
    line = lines.line(actor, line_id)
    phases = lines.phases(line_id)
    active = groups.active_by_day([phase.group_id for phase in phases])
    return list(_active(line, lines.today(line, now), phases, active))


def _active(
    line: Line, day: int, phases: Sequence[Phase], counts: dict[tuple[int, date], int]
) -> tuple[int | None, ...]:
    """Each day is counted in the group of its own phase: that is where the line lives that day."""
    last = day if line.graduated_at is None else line.days
    found: list[int | None] = []
    for number in range(1, line.days + 1):
        group = next(p.group_id for p in phases if p.first_day <= number <= p.last_day)
        on = line.start_day + timedelta(days=number - 1)
        found.append(counts.get((group, on), 0) if number <= last else None)
    return tuple(found)


def hours(actor: Actor, line_id: int, now: datetime) -> list[list[int]]:
    """Messages people wrote: a list for each day of the line so far, with its 24 local hours."""
    line = lines.line(actor, line_id)
    by_hour = groups.by_hour([phase.group_id for phase in lines.phases(line_id)])
    last = min(max(lines.today(line, now), 0), line.days)
    counts = [[0] * 24 for _ in range(last)]
    for (_, on, hour), messages in by_hour.items():
        row = (on - line.start_day).days
        if 0 <= row < last:
            counts[row][hour] += messages
    return counts
