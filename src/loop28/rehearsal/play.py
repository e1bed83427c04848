"""Plays lines from their opening to a given moment, in simulated time."""

from collections.abc import Callable, Sequence
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
from loop28.front.lines.models import Line
from loop28.kernel import chance as luck
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.kernel.jobs import run_due
from loop28.rehearsal.cast import SLOT, Cast, slot_of
from loop28.rehearsal.people import crowd
from loop28.rehearsal.world import OWNERS, World, owners

GATHERING_DAYS = 3
"""How long before its start day a line is opened."""

Watch = Callable[[datetime], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """A line to play: where, from which day on, for how many people."""

    region: Region
    start_day: date
    size: int
    budget_fen: int

    @property
    def opens_at(self) -> datetime:
        """At ten in the morning, some days before it starts."""
        day = self.start_day - timedelta(days=GATHERING_DAYS)
        return clock.at_local(day, 10, 0, ZoneInfo(self.region.zone))


def play(
    world: World, plans: Sequence[Plan], until: datetime, seed: int, watch: Watch
) -> list[int]:
    """Open the planned lines, live them until ``until``, settle what people decide; their numbers.

    Leaves the clock at ``until``: give it back with ``clock.move_to(None)``.
    """
    chance = Random(seed)  # noqa: S311
    luck.seed(seed)
    waiting = sorted(plans, key=lambda plan: plan.opens_at)
    casts: list[Cast] = []
    moment = slot_of(waiting[0].opens_at)
    due: datetime | None = moment
    while moment <= until:
        while due is not None and due <= moment:
            clock.move_to(due)
            due = _later(run_due(due), due)
        clock.move_to(moment)
        while waiting and waiting[0].opens_at <= moment:
            casts.append(_open(world, waiting.pop(0), chance))
            due = moment
        for cast in casts:
            cast.live(moment)
        watch(moment)
        moment += SLOT
    clock.move_to(until)
    run_due(until)
    _settle(world, chance)
    luck.seed(None)
    return [cast.line.pk for cast in casts]


def _later(wish: datetime | None, now: datetime) -> datetime | None:
    return None if wish is None else max(wish, now + timedelta(seconds=1))


def _open(world: World, plan: Plan, chance: Random) -> Cast:
    host, *others = owners(OWNERS, chance)
    line = lines.open_line(
        SYSTEM,
        region=plan.region.pk,
        playbook=world.playbook,
        start_day=plan.start_day,
        host=host,
        size=plan.size,
        budget_fen=plan.budget_fen,
        inviters=others,
    )
    line = Line.objects.select_related("region").get(pk=line.pk)
    seekers = plan.size + plan.size // 25
    minutes = GATHERING_DAYS * 24 * 60
    return Cast(line, crowd(seekers, world.cities(plan.region), minutes, chance), chance)


def _settle(world: World, chance: Random) -> None:
    """What people decide at the end: promotions are looked at, some ask for their money."""
    for proposal in ladder_queries.proposals(SYSTEM):
        approve = chance.random() < 0.8
        ladder.decide(world.administrator, proposal.pk, approve, "" if approve else "rehearsal")
    for owner in pool.hosts(SYSTEM):
        _ask(owner.member, chance)
    if finance_queries.payouts(world.administrator, "asked").exists():
        export = finance.export_payouts(world.finance[0])
        rows = finance_queries.export_rows(world.finance[0], export.pk)
        finance.mark_paid(world.finance[1], [row.payout for row in rows[: len(rows) // 2]])


def _ask(member: int, chance: Random) -> None:
    fen = ledger.balance(SYSTEM, accounts.wallet(member))
    if fen >= 100 and chance.random() < 0.3:
        actor = Actor(Role.MEMBER, member)
        finance.ask_payout(actor, fen, "rehearsal", "rehearsal", f"end-{member}", adult=True)
