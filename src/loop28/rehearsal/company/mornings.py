"""What managers and finance do by routine: decide steps up, pay what owners ask for."""

from datetime import timedelta
from itertools import count

from loop28.front.ladder import queries as ladder
from loop28.kernel import clock
from loop28.rehearsal.company.office import Company
from loop28.rehearsal.play import look_at, pay_out
from loop28.rehearsal.stage import Script

THINKS = timedelta(days=5)
"""So long a manager leaves a proposal before deciding it."""


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
