"""What a night's watch sees. Reads only: nobody waits for it, however many clicks there were."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from loop28.back.compliance import queries as compliance
from loop28.back.compliance.actions import Finding
from loop28.back.compliance.models import Strength
from loop28.front.groups import queries as groups
from loop28.front.lines import seats
from loop28.front.referrals import queries as referrals
from loop28.front.rewards import queries as rewards
from loop28.front.tasks import queries as tasks
from loop28.front.tempo.rules import PAST_DAYS
from loop28.front.watch import rules
from loop28.front.watch.rules import Chain, Fans
from loop28.middle.orders import queries as orders

ZONE = ZoneInfo(settings.TIME_ZONE)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was noticed, and the chains that have a colour."""

    findings: list[Finding]
    chains: dict[int, Chain]


def look(now: datetime) -> Seen:
    """Look at all fans and at all chains; how fast clicks come, `tempo` sees as they do."""
    coloured = {top: chain for top, chain in measured().items() if chain.colour}
    return Seen([*_idle(now), *_red(coloured)], coloured)


def measured() -> dict[int, Chain]:
    """The chain below everybody who is paid for bringing."""
    brought = {*referrals.who_brought_whom(), *seats.who_brought_whom()}
    people = {one for pair in brought for one in pair}
    done = tasks.rewarded_for(
        people, rules.BRINGING, {"fan_locked", "link_clicked", "group_joined"}
    )
    return rules.chains(brought, rewards.earners(done) | rewards.earners_by("invitation"))


def _idle(now: datetime) -> Iterator[Finding]:
    last = now - rules.SETTLED
    locks = referrals.locked(last - timedelta(days=PAST_DAYS), last, rules.IDLE_JOINED)
    looked = compliance.looked_at(rules.IDLE_FANS, locks)
    active = _active(fan for fans in locks.values() for fan in fans)
    for member, fans in sorted(locks.items()):
        since = looked[member].at if member in looked else None
        counted = [fan for fan in fans if since is None or fan.since > since]
        joined = [fan for fan in counted if fan.member]
        every, came = (Fans(len(of), sum(x.fan in active for x in of)) for of in (counted, joined))
        if rules.is_idle(every, came):
            numbers = {"fans": every.fans, "active": every.active}
            numbers |= {"joined": came.fans, "joined_active": came.active}
            yield Finding(member, rules.IDLE_FANS, Strength.HOLD, numbers)


def _active(fans: Iterator[referrals.Locked]) -> set[int]:
    """Fans who came back to any link, did something in a group, or sold something."""
    known = list(fans)
    people = {fan.member for fan in known if fan.member}
    alive = groups.last_days(people).keys() | orders.counting(people).keys()
    again = referrals.came_back({fan.fan for fan in known})
    return again | {fan.fan for fan in known if fan.member in alive}


def _red(coloured: Mapping[int, Chain]) -> Iterator[Finding]:
    red = {top: chain for top, chain in coloured.items() if chain.colour == "red"}
    looked = compliance.looked_at(rules.STRUCTURE, red)
    for top, chain in sorted(red.items()):
        if top not in looked or chain.has_grown(looked[top].numbers):
            numbers = {"levels": chain.levels, "people": chain.people}
            yield Finding(top, rules.STRUCTURE, Strength.PAYOUT, numbers)
