"""Who may host a line, and the line they open: the way in for everybody above the lines."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db.models import QuerySet

from loop28.front.ladder import queries, rules
from loop28.front.ladder.models import Offer, Promotion
from loop28.front.ladder.refusals import (
    HostRunsEnough,
    PromisedThatDay,
    TooManyComplaints,
    TrainingFirst,
)
from loop28.front.ladder.rules import Bar, Run
from loop28.front.lines import actions as line_actions
from loop28.front.lines import queries as lines
from loop28.front.lines.models import Line
from loop28.front.playbooks import queries as playbooks
from loop28.kernel import journal, sql
from loop28.kernel.access import SYSTEM, Actor

_REFUSALS = {
    Bar.TRAINING: TrainingFirst,
    Bar.COMPLAINTS: TooManyComplaints,
    Bar.BUSY: HostRunsEnough,
}


@journal.action
def require_may_host(actor: Actor, host: int, start_day: date, days: int) -> None:
    """Refuse a host who may not run a line from ``start_day`` on for so many days.

    The host's steps up stay locked until the commit: of two who ask for the same host in the same
    instant, the later one sees the line of the first. Refuses with TrainingFirst,
    TooManyComplaints, HostRunsEnough.
    """
    list(Promotion.objects.select_for_update().filter(member_id=host).order_by("id"))
    why = barred([host], Run(start_day, days), journal.now()).get(host)
    if why is not None:
        raise _REFUSALS[why](field="host")


def barred(hosts: Collection[int], wanted: Run, now: datetime) -> dict[int, Bar]:
    """Why each of these may not host a line on the wanted days; who may is left out.

    A promise for the very day is the wanted line itself, or bars it by that day alone
    (`promises`). As many statements for many as for one.
    """
    levels, complaints = queries.trained(hosts), queries.complaints(hosts, now)
    bound = {
        host: [Run(first, days) for first, days in runs] for host, runs in lines.runs(hosts).items()
    }
    for offer in _promised(hosts).exclude(start_day=wanted.first):
        bound.setdefault(offer.host_id, []).append(_run(offer))
    why = {
        host: rules.bar(levels.get(host), wanted, bound.get(host, []), complaints.get(host, 0))
        for host in hosts
    }
    return {host: bar for host, bar in why.items() if bar is not None}


@journal.action
def open_line(
    actor: Actor,
    *,
    region: int,
    playbook: int,
    start_day: date,
    host: int,
    size: int,
    budget_fen: int,
    inviters: Sequence[int] = (),
) -> Line:
    """Open a line with a host who may; its parents are the lines of those who bring its people.

    What the host promised this region for that day is fulfilled by it. Refuses with
    PromisedThatDay what was promised to another one, and as `require_may_host` and
    `lines.open_line` do.
    """
    require_may_host(actor, host, start_day, playbooks.playbook(playbook).days)
    promised = promises(host, start_day)
    if promised.exclude(region=region).exists():
        raise PromisedThatDay(field="host")
    finished = queries.graduated_lines({host, *inviters})
    line = line_actions.open_line(
        actor,
        region=region,
        playbook=playbook,
        start_day=start_day,
        host=host,
        size=size,
        budget_fen=budget_fen,
        inviters=inviters,
        parents=sorted({parent for of in finished.values() for parent in of}),
    )
    promised.update(line=line)
    return line


def promises(host: int, start_day: date) -> QuerySet[Offer]:
    """What a host accepted for a day and is not open yet: no other line of theirs starts then."""
    return _promised([host]).filter(start_day=start_day)


def _promised(hosts: Collection[int]) -> QuerySet[Offer]:
    """What these hosts accepted and is not open yet, whoever asks."""
    return queries.promised(SYSTEM).filter(sql.among("host", hosts)).order_by().select_related(None)


def _run(offer: Offer) -> Run:
    return Run(offer.start_day, playbooks.playbook(offer.playbook_id).days)
