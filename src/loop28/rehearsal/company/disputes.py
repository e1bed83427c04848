"""Complaints: two that were decided, one with its host, one the host left to the region."""

from datetime import datetime

from loop28.front.groups import actions as groups
from loop28.front.groups import complaints, moderated, moderation, words
from loop28.front.groups import queries as group_queries
from loop28.front.groups.chat import Incoming
from loop28.front.groups.models import Cause, Decision, GroupKind
from loop28.front.lines.models import Phase
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.rehearsal.cast import Cast
from loop28.rehearsal.company import sayings
from loop28.rehearsal.company.office import Company
from loop28.rehearsal.stage import Script


def house_rules(company: Company, day: int) -> Script:
    """The middle platform says what may not be written in any group."""
    yield company.at(day, "10:30")
    for kind in GroupKind:
        words.set_rules(company.middle, kind, sayings.BLOCKED_WORDS, links_blocked=True)


def advertiser(company: Company, region: int, starts: int, said_at: datetime) -> Script:
    """Somebody advertises, somebody minds; the host takes it down and mutes them for three days."""
    yield said_at
    cast = company.casts[region, starts]
    loud, other, *_ = _present(company, cast)
    message = _say(cast, loud, sayings.ADVERTISEMENT)
    about = _complain(cast, other, Cause.ADVERTISING, "拉人刷单，还要先交钱", message)
    host, line = Actor(Role.MEMBER, cast.line.host_id), cast.line.pk
    moderation.take_down(host, message, "刷单广告，群规第一条", line=line)
    why = "发刷单广告，禁言三天，先看看群规"
    complaints.decide(host, about, Decision.MUTED, why, hours=72, line=line)


def late_noise(company: Company, region: int, starts: int, said_at: datetime) -> Script:
    """A member complains of the group; the manager talks with the host and settles it."""
    yield said_at
    cast = company.casts[region, starts]
    member, *_ = _present(company, cast)
    about = _complain(cast, member, Cause.OTHER, "晚上快十一点还在发接龙，吵醒孩子了", None)
    yield company.at(-1, "10:00")
    why = "和带线店主通过电话，九点半以后不再发消息"
    complaints.decide(company.managers[region], about, Decision.SETTLED, why, line=cast.line.pk)


def waiting_complaint(
    company: Company, region: int, starts: int, said_at: datetime, cause: Cause, text: str
) -> Script:
    """Somebody says what another minds, and nobody has decided it yet: the clock runs."""
    yield said_at
    cast = company.casts[region, starts]
    loud, other, *_ = _present(company, cast)
    _complain(cast, other, cause, "", _say(cast, loud, text))


def _present(company: Company, cast: Cast) -> list[int]:
    """People of the line's present group, in any order, its host not among them."""
    everybody = _phase(cast).number == 1
    there = [p.member for p in cast.members.values() if p.present and (p.passed or everybody)]
    company.chance.shuffle(there)
    return there


def _phase(cast: Cast) -> Phase:
    return next(phase for phase in cast.phases if phase.closed_at is None)


def _say(cast: Cast, member: int, text: str) -> int:
    """The number of the message."""
    now = clock.now()
    words_of = Incoming(
        platform="house",
        external_id=f"dispute:{cast.line.pk}:{now.timestamp():.0f}:{member}",
        group=_phase(cast).group_id,
        member=member,
        text=text,
        at=now,
    )
    groups.receive(SYSTEM, [words_of])
    found = group_queries.find_messages(SYSTEM, [_phase(cast).group_id], text)
    return found.order_by("-id").values_list("id", flat=True)[0]


def _complain(cast: Cast, member: int, cause: Cause, said: str, message: int | None) -> int:
    """The number of the complaint."""
    actor, line = Actor(Role.MEMBER, member), cast.line.pk
    complaints.complain(actor, _phase(cast).group_id, cause, said, message_id=message, line=line)
    return moderated.own_complaints(actor).order_by("-id").values_list("id", flat=True)[0]
