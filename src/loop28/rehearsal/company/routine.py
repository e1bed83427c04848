"""What is done by routine: hosts answer, managers decide steps up, finance pays."""

from datetime import timedelta
from itertools import count

from loop28.front.groups import actions as groups
from loop28.front.groups.chat import Incoming
from loop28.front.ladder import queries as ladder
from loop28.front.lines import queries as lines
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from loop28.rehearsal.company import sayings
from loop28.rehearsal.company.office import Company
from loop28.rehearsal.play import look_at, pay_out
from loop28.rehearsal.stage import Script

THINKS = timedelta(days=5)
"""So long a manager leaves a proposal before deciding it."""


def answers(company: Company, since: int) -> Script:
    """Every evening each host has a word for whoever asked something in their line's group."""
    for day in count(since):
        yield company.at(day, "21:30")
        living = [(c.line, p) for c in company.stage.casts for p in c.phases if not p.closed_at]
        words = [
            Incoming(
                platform="house",
                external_id=f"evening:{phase.pk}:{day}",
                group=phase.group_id,
                member=line.host_id,
                text=company.chance.choice(sayings.HOST),
                at=clock.now(),
                as_host=True,
            )
            for line, phase in living
            if phase.first_day <= lines.today(line, clock.now())
        ]
        groups.receive(SYSTEM, words)


def decisions(company: Company, since: int) -> Script:
    """Every morning each manager decides the steps up that were proposed five days ago."""
    for day in count(since):
        yield company.at(day, "09:00")
        for manager in company.managers:
            ripe = ladder.proposals(manager).filter(proposed_at__lt=clock.now() - THINKS)
            for proposal in list(ripe):
                look_at(manager, proposal.pk, company.chance)


def pay_day(company: Company, day: int) -> Script:
    """Owners ask for their money, finance exports it, half of it is paid by now."""
    yield company.at(day, "14:00")
    pay_out(company.stage.world, company.chance)
