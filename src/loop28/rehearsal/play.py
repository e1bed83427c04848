"""A line by itself: opened with owners of its own, lived to its end, settled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from loop28.back.finance import actions as finance
from loop28.back.finance import queries as finance_queries
from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.back.people.models import Region
from loop28.front.ladder import actions as ladder
from loop28.front.ladder import pool
from loop28.front.ladder import queries as ladder_queries
from loop28.front.lines import actions as lines
from loop28.front.lines import queries as line_queries
from loop28.front.lines.models import Line
from loop28.kernel import chance as luck
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.rehearsal.cast import Cast
from loop28.rehearsal.people import crowd
from loop28.rehearsal.stage import Script, Stage, Watch
from loop28.rehearsal.world import OWNERS, World, owners

GATHERING_DAYS = 3
"""How long before its start day a line is opened."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A line to play: where, from which day on, for how many people.

    ``hours`` are those at which its people look at their phones, as a `Cast` has them.
    """

    region: Region
    start_day: date
    size: int
    budget_fen: int
    hours: Sequence[int] = ()

    @property
    def opens_at(self) -> datetime:
        """At ten in the morning, some days before it starts."""
        day = self.start_day - timedelta(days=GATHERING_DAYS)
        return clock.at_local(day, 10, 0, ZoneInfo(self.region.zone))


def play(
    world: World, plans: Sequence[Plan], until: datetime, seed: int, watch: Watch
) -> list[int]:
    """Open the planned lines, live them until ``until``, settle what people decide; their numbers.

    In the order in which they are opened. Leaves the clock at ``until``: give it back with
    ``clock.move_to(None)``.
    """
    stage = Stage(world, Random(seed))  # noqa: S311
    luck.seed(seed)
    opened = live(stage, plans, until, watch)
    settle(world, stage.chance)
    luck.seed(None)
    return opened


def live(stage: Stage, plans: Sequence[Plan], until: datetime, watch: Watch) -> list[int]:
    """Open the planned lines on a stage and live them until ``until``; their numbers."""
    opened: list[int] = []
    for plan in plans:
        stage.enter(_a_line(stage, plan, opened))
    stage.play(until, watch)
    return opened


def _a_line(stage: Stage, plan: Plan, opened: list[int]) -> Script:
    yield plan.opens_at
    host, *others = owners(OWNERS, stage.chance)
    line = lines.open_line(
        SYSTEM,
        region=plan.region.pk,
        playbook=stage.world.playbook,
        start_day=plan.start_day,
        host=host,
        size=plan.size,
        budget_fen=plan.budget_fen,
        inviters=others,
    )
    gather(stage, line, plan.hours)
    opened.append(line.pk)


def gather(stage: Stage, line: Line, hours: Sequence[int] = ()) -> Cast:
    """The people who come into a line that was just opened: a few more than it has seats."""
    line = line_queries.line(SYSTEM, line.pk)
    seekers = line.size + line.size // 25
    minutes = GATHERING_DAYS * 24 * 60
    people = crowd(seekers, stage.world.cities(line.region), minutes, stage.chance)
    cast = Cast(line, people, stage.chance, hours)
    stage.casts.append(cast)
    return cast


def settle(world: World, chance: Random) -> None:
    """What people decide at the end: promotions are looked at, some ask for their money."""
    for proposal in ladder_queries.proposals(SYSTEM):
        look_at(world.administrator, proposal.pk, chance)
    pay_out(world, chance)


def look_at(actor: Actor, proposal: int, chance: Random) -> None:
    """Somebody grants a proposed step up, or now and then declines it."""
    approve = chance.random() < 0.8
    ladder.decide(actor, proposal, approve, "" if approve else "有两张凭证看不清，下一期补上再来")


def pay_out(world: World, chance: Random) -> None:
    """Some owners ask for their money; half of what finance exported is paid by now."""
    for owner in pool.hosts(SYSTEM):
        _ask(owner.member, owner.name, chance)
    if finance_queries.payouts(world.administrator, "asked").exists():
        export = finance.export_payouts(world.finance[0])
        rows = finance_queries.export_rows(world.finance[0], export.pk)
        finance.mark_paid(world.finance[1], [row.payout for row in rows[: len(rows) // 2]])


def _ask(member: int, name: str, chance: Random) -> None:
    fen = ledger.balance(SYSTEM, accounts.wallet(member))
    if fen >= 100 and chance.random() < 0.3:
        actor = Actor(Role.MEMBER, member)
        account = f"6222 0000 0000 {member:04}"
        finance.ask_payout(actor, fen, name, account, f"end-{member}", adult=True)
