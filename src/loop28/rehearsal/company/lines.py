"""Lines one from another: a region offers the next one to those who graduated, and one says yes."""

from collections.abc import Sequence
from dataclasses import dataclass

from loop28.front.ladder import hosting, offers, pool
from loop28.front.ladder import queries as ladder
from loop28.front.lines import queries as line_queries
from loop28.front.playbooks import queries as playbooks
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.rehearsal.cast import HOURLY
from loop28.rehearsal.company.office import Company
from loop28.rehearsal.play import GATHERING_DAYS, gather
from loop28.rehearsal.stage import Script

FRIENDS = 4
"""Graduates who bring people into the line that one of them hosts."""


@dataclass(frozen=True, slots=True)
class Next:
    """A line a region opens: its first day counted from the last, its seats.

    ``declined``: the first who is asked says no. ``hours``: those at which its people are told.
    """

    region: int
    starts: int
    size: int
    declined: bool = False
    hours: Sequence[int] = HOURLY


def next_line(company: Company, wanted: Next) -> Script:
    """A region asks its graduates one after the other; an owner of old hosts where nobody can."""
    yield company.at(wanted.starts - 6, "09:30")
    host, says_no = None, wanted.declined
    for asked in _may_host(company, wanted.region):
        number = _offer(company, wanted, asked, answer_by=-GATHERING_DAYS)
        yield company.at(wanted.starts - (6 if says_no else 5), "20:00")
        if not says_no:
            offers.accept(Actor(Role.MEMBER, asked), number)
            host = asked
            break
        offers.decline(Actor(Role.MEMBER, asked), number, "孩子这个月中考，下一期再带")
        says_no = False
        yield company.at(wanted.starts - 5, "09:30")
    yield company.at(wanted.starts - GATHERING_DAYS, "10:00")
    _open(company, wanted, host)


def unanswered_offer(company: Company, wanted: Next, offered: int) -> Script:
    """An offer to which nobody says anything; it may still be open at the end."""
    yield company.at(offered, "16:00")
    for asked in _may_host(company, wanted.region)[:1]:
        _offer(company, wanted, asked, answer_by=offered - wanted.starts + 4)


def _may_host(company: Company, region: int) -> list[int]:
    """Owners and supervisors of the region's latest line who are free, the best sellers first."""
    manager = company.managers[region]
    able = {host.member for host in pool.hosts(manager)}
    over = line_queries.lines(manager).filter(ended_at__isnull=False).order_by("-ended_at")
    done = [one.member_id for line in over for one in ladder.graduates(manager, line.pk)]
    return _free([member for member in dict.fromkeys(done) if member in able])


def _free(members: list[int]) -> list[int]:
    """Those who run no line and promised none."""
    promised = {offer.host_id for offer in ladder.promised(SYSTEM)}
    busy = line_queries.busy_until(members).keys() | promised
    return [member for member in members if member not in busy]


def _offer(company: Company, wanted: Next, host: int, *, answer_by: int) -> int:
    """The offer's number; it is open until a day counted from the line's first."""
    playbook = company.stage.world.playbook
    return offers.offer(
        company.managers[wanted.region],
        host=host,
        region=company.region(wanted.region).pk,
        playbook=playbook,
        start_day=company.day(wanted.starts),
        size=wanted.size,
        budget_fen=playbooks.playbook(playbook).budget,
        answer_by=company.at(wanted.starts + answer_by, "09:00"),
    ).pk


def _open(company: Company, wanted: Next, host: int | None) -> None:
    of_old = _free(company.owners[wanted.region])
    friends = _may_host(company, wanted.region)[:FRIENDS]
    playbook = company.stage.world.playbook
    line = hosting.open_line(
        company.managers[wanted.region],
        region=company.region(wanted.region).pk,
        playbook=playbook,
        start_day=company.day(wanted.starts),
        host=host or of_old[0],
        size=wanted.size,
        budget_fen=playbooks.playbook(playbook).budget,
        inviters=[*friends, *of_old[1:FRIENDS]],
    )
    company.casts[wanted.region, wanted.starts] = gather(company.stage, line, wanted.hours)
