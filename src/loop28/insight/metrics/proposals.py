"""Who might host the lines a week still owes: the free one of the region with the best record."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from loop28.front.ladder import pool
from loop28.front.ladder import queries as ladder
from loop28.front.ladder.pool import Host
from loop28.front.lines import queries as lines
from loop28.front.lines import schedule, seats
from loop28.front.lines.queries import Line
from loop28.kernel.access import Actor

REMEMBERED = timedelta(weeks=26)
"""Lines that started longer ago say little about what a host does now."""


@dataclass(slots=True)
class Record:
    """What a host's remembered lines came to.

    Pass rate: ``passed`` of ``asked``, over the lines whose call was made. ``owners`` made of those
    who ``joined``, over the lines that ended.
    """

    lines: int = 0
    asked: int = 0
    passed: int = 0
    joined: int = 0
    owners: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A host of the pool with the last day of the lines they run now, and what they have done.

    ``record`` is None for somebody who has not run a line yet.
    """

    host: Host
    busy_until: date | None
    record: Record | None

    def free_on(self, day: date) -> bool:
        return self.busy_until is None or self.busy_until < day


def candidates(actor: Actor, now: datetime, each: int) -> list[Candidate]:
    """Those of an actor's pool who may host and have promised nothing, the best record first.

    Best is who made most owners of those who joined in lines that ended, then who has the higher
    pass rate, then who has been a host for longest. Of those without a line in the time that is
    remembered only the first ``each`` of every region are here: all of them are equally good.
    """
    promised = ladder.promised()
    recent = lines.lines(actor).filter(start_day__gte=(now - REMEMBERED).date())
    hosted = [line for line in recent if line.host_id not in promised]
    may = ladder.trained(line.host_id for line in hosted)
    known = pool.among(actor, may.keys())
    known += pool.longest(actor, each, but=promised | {host.member for host in known})
    busy, records = lines.busy_until(host.member for host in known), _records(hosted)
    found = [Candidate(h, busy.get(h.member), records.get(h.member)) for h in known]
    return sorted(found, key=_best_first)


def _records(hosted: Sequence[Line]) -> dict[int, Record]:
    ids = [line.pk for line in hosted]
    heads, called, made = seats.head_counts(ids), schedule.called(ids), ladder.made_by_line(ids)
    found: dict[int, Record] = defaultdict(Record)
    for line in hosted:
        of, head = found[line.host_id], heads[line.pk]
        of.lines += 1
        if line.pk in called:
            of.asked += head["joined"]
            of.passed += head["opted_in"]
        if line.ended_at is not None:
            of.joined += head["joined"]
            of.owners += made.get(line.pk, {}).get("owner", 0)
    return found


def _best_first(candidate: Candidate) -> tuple[float, float, datetime]:
    of = candidate.record or Record()
    made = of.owners / of.joined if of.joined else 0
    passed = of.passed / of.asked if of.asked else 0
    return -made, -passed, candidate.host.since


def propose(known: Sequence[Candidate], wanted: Sequence[tuple[int, date]]) -> list[int | None]:
    """A host for each (region, start day), nobody twice; None where nobody of the region is free.

    Hosts of the headquarters come after the region's own, so that they are left for those who have
    nobody.
    """
    taken: set[int] = set()
    found: list[int | None] = []
    for region, day in wanted:
        free = [c.host for c in known if c.free_on(day) and c.host.member not in taken]
        own = [host.member for host in free if host.region == region]
        chosen = next(iter([*own, *(host.member for host in free if host.region is None)]), None)
        taken |= {chosen} if chosen else set()
        found.append(chosen)
    return found


def of_region(known: Sequence[Candidate], region: int) -> list[Candidate]:
    """Whom a region chooses from: its own and the headquarters', in the order of the pool."""
    return [c for c in known if c.host.region in {None, region}]
