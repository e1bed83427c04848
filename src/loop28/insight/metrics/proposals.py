"""Who might host the lines a week still owes: who may, of the region, with the best record."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
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


def candidates(
    actor: Actor, now: datetime, each: int, also: Collection[int] = ()
) -> list[Candidate]:
    """Those of an actor's pool whose training is over, the best record first, and ``also`` these.
    Who of them may host on which days is for `hosting.barred` to say.

    Best is who made most owners of those who joined in lines that ended, then who has the higher
    pass rate, then who has been a host for longest. Of those without a line in the time that is
    remembered only the first ``each`` of every region are here: all of them are equally good.
    """
    recent = lines.lines(actor).filter(start_day__gte=(now - REMEMBERED).date())
    hosted = list(recent)
    may = ladder.trained(line.host_id for line in hosted)
    known = pool.among(actor, {*may, *also})
    known += pool.longest(actor, each, but={host.member for host in known})
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


def propose(
    known: Sequence[Candidate],
    wanted: Sequence[tuple[int, date]],
    barred: Callable[[date], Collection[int]],
    taken: Collection[int] = (),
) -> list[int | None]:
    """A host for each (region, start day), nobody twice and none of those ``taken`` already.

    ``barred`` says who may not host a line of a day. Who runs nothing then comes before who runs a
    line besides, and hosts of the headquarters after the region's own, so that they are left for
    those who have nobody. None where nobody may.
    """
    gone = set(taken)
    found: list[int | None] = []
    for region, day in wanted:
        closed = {*barred(day), *gone}
        may = [c for c in of_region(known, region) if c.host.member not in closed]
        ranked = sorted(may, key=lambda c: (not c.free_on(day), c.host.region is None))
        chosen = ranked[0].host.member if ranked else None
        gone |= {chosen} if chosen else set()
        found.append(chosen)
    return found


def of_region(known: Sequence[Candidate], region: int) -> list[Candidate]:
    """Whom a region chooses from: its own and the headquarters', in the order of the pool."""
    return [c for c in known if c.host.region in {None, region}]
