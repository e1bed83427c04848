"""Who might host the lines a week still owes: the free one of the region with the best record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from loop28.front.ladder import queries as ladder
from loop28.front.ladder.queries import Host
from loop28.front.lines import queries as lines
from loop28.insight.metrics import league
from loop28.insight.metrics.league import Standing
from loop28.kernel.access import Actor

REMEMBERED = timedelta(weeks=26)
"""Lines that started longer ago say little about what a host does now."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A host of the pool with the last day of the lines they run now, and what they have done.

    ``record`` is None for somebody who has not run a line yet.
    """

    host: Host
    busy_until: date | None
    record: Standing | None

    def free_on(self, day: date) -> bool:
        return self.busy_until is None or self.busy_until < day


def candidates(actor: Actor, now: datetime) -> list[Candidate]:
    """Those of an actor's pool who may host and have promised nothing, the best record first.

    Best is who made most owners of those who joined in lines that ended, then who has the higher
    pass rate, then who has been a host for longest.
    """
    known = ladder.hosts(actor)
    members = ladder.trained(host.member for host in known).keys() - ladder.promised()
    pool = [host for host in known if host.member in members]
    busy = lines.busy_until(members)
    recent = lines.lines(actor).filter(start_day__gte=(now - REMEMBERED).date())
    hosted = [line for line in recent if line.host_id in members]
    records = league.by(league.results(actor, hosted, now), lambda line: line.host_id)
    found = [Candidate(h, busy.get(h.member), records.get(h.member)) for h in pool]
    return sorted(found, key=_best_first)


def _best_first(candidate: Candidate) -> tuple[float, float, datetime]:
    of = candidate.record
    joined = sum(joined for r in of.ended for joined, _ in r.passing.values()) if of else 0
    made = of.owners / joined if of and joined else 0
    passed = of.passed / of.joined if of and of.joined else 0
    return -made, -passed, candidate.host.since


def propose(pool: Sequence[Candidate], wanted: Sequence[tuple[int, date]]) -> list[int | None]:
    """A host for each (region, start day), nobody twice; None where nobody of the region is free.

    Hosts of the headquarters come after the region's own, so that they are left for those who have
    nobody.
    """
    taken: set[int] = set()
    found: list[int | None] = []
    for region, day in wanted:
        free = [c.host for c in pool if c.free_on(day) and c.host.member not in taken]
        own = [host.member for host in free if host.region == region]
        chosen = next(iter([*own, *(host.member for host in free if host.region is None)]), None)
        taken |= {chosen} if chosen else set()
        found.append(chosen)
    return found


def of_region(pool: Sequence[Candidate], region: int) -> list[Candidate]:
    """Whom a region chooses from: its own and the headquarters', in the order of the pool."""
    return [c for c in pool if c.host.region in {None, region}]
