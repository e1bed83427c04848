"""The look itself: a statement for whom nothing is unusual, a handful for whom something is."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from loop28.back.compliance import actions as compliance
from loop28.back.compliance import queries as freezes
from loop28.back.compliance.actions import Finding
from loop28.back.compliance.models import Strength
from loop28.front.referrals import queries as referrals
from loop28.front.referrals.queries import Tallied
from loop28.front.tempo import rules
from loop28.kernel import clock, journal
from loop28.kernel.access import Actor, require

ZONE = ZoneInfo(settings.TIME_ZONE)


@journal.action
def look(actor: Actor, promoters: Collection[int], links: Collection[int]) -> int:
    """Freeze the rewards of those whose clicks no hands made, or far beyond their own past.

    How many freezes are new. Whoever grants rewards in the same transaction grants them held.
    """
    require(actor)
    since = clock.local_day(journal.now(), ZONE) - timedelta(days=rules.PAST_DAYS)
    tallied = referrals.tallied(promoters, since)
    findings = [*_leaps(tallied), *_runs([t for t in tallied if t.link in links])]
    seen = {why: freezes.looked_at(why, [f.member for f in of]) for why, of in _by_cause(findings)}
    fresh = [one for one in findings if not _was_looked_at(seen[one.why], one)]
    return compliance.freeze(actor, fresh) if fresh else 0


def _leaps(tallied: Sequence[Tallied]) -> Iterator[Finding]:
    days: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for one in tallied:
        days[one.promoter][one.day] += one.clicks
    for member, of in sorted(days.items()):
        today = max(of)
        past = [clicks for day, clicks in of.items() if day < today]
        if rules.is_leap(of[today], past):
            numbers = {"day": today.toordinal(), "clicks": of[today], "best": max(past)}
            yield Finding(member, rules.VELOCITY, Strength.HOLD, numbers)


def _runs(tallied: Sequence[Tallied]) -> Iterator[Finding]:
    """Only links that had a row of clicks today are worth the reading of their moments."""
    today = max((one.day for one in tallied), default=date.min)
    busy = {t.link: t for t in tallied if t.day == today and t.clicks >= rules.ROW}
    for link, moments in sorted(referrals.latest_moments(busy, rules.CROWD).items()):
        if run := rules.beyond_hands(moments):
            numbers = {"day": today.toordinal(), "link": link, "even": int(run.even)}
            numbers |= {"clicks": run.clicks, "seconds": run.seconds}
            yield Finding(busy[link].promoter, rules.HANDS, Strength.HOLD, numbers)


def _by_cause(findings: Sequence[Finding]) -> Iterator[tuple[str, list[Finding]]]:
    for why in sorted({one.why for one in findings}):
        yield why, [one for one in findings if one.why == why]


def _was_looked_at(looked: Mapping[int, freezes.Looked], one: Finding) -> bool:
    """Whether somebody decided about it on that day or later: they saw what was there."""
    decided = looked.get(one.member)
    return decided is not None and (
        clock.local_day(decided.at, ZONE).toordinal() >= one.numbers["day"]
    )
