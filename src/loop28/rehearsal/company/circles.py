"""Standing groups: who stayed behind is asked into the first, owners into the second."""

from itertools import count

from loop28.front.circles import actions, queries, weeks
from loop28.front.circles.actions import Wish
from loop28.front.circles.models import Circle
from loop28.front.groups import actions as groups
from loop28.front.groups.chat import Incoming
from loop28.front.groups.models import GroupKind
from loop28.front.ladder import pool
from loop28.front.lines import seats
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.rehearsal.company import sayings
from loop28.rehearsal.company.office import Company
from loop28.rehearsal.stage import Script

TALKERS = 6
"""So many people at most say something in a group on one evening."""
HOST_SPEAKS = 0.7
"""How often the host says a word after an evening's talk."""

NAMES = {
    GroupKind.INTEREST: ("居家厨房群", "锅碗瓢盆、一日三餐，聊怎么买、怎么用、怎么收拾"),
    GroupKind.HEAD: ("头部用户群", "老店主一起想难题、看货、说售后"),
}


def standing_group(company: Company, region: int, kind: GroupKind, opens: int) -> Script:
    """A group lives its weeks: at eleven people are asked, in the evening they answer and talk."""
    yield company.at(opens, "10:00")
    if kind not in company.rhythms:
        return
    circle = _open(company, region, kind)
    inside, undecided = [circle.group.host_id], list[int]()
    for day in count(opens + 1):
        yield company.at(day, "11:00")
        undecided += _ask(company, region, circle)
        yield company.at(day, "21:00")
        for member in list(undecided):
            said = company.chance.random()
            if said < 0.4:
                undecided.remove(member)
                accepted = said < 0.28
                _answer(member, circle, accepted=accepted)
                inside += [member] * accepted
        _do_cards(circle)
        _talk(company, circle, inside)


def _open(company: Company, region: int, kind: GroupKind) -> Circle:
    name, topic = NAMES[kind]
    place = company.region(region)
    wish = Wish(
        region=place.pk,
        kind=kind,
        name=f"{place.name}{name}",
        topic=topic,
        host=company.owners[region][-1],
        rhythm=company.rhythms[kind],
        key=company.key(),
    )
    return actions.open_circle(company.managers[region], wish)


def _ask(company: Company, region: int, circle: Circle) -> list[int]:
    """Who is asked today: of lines whose call is over who did not answer it, or all owners."""
    manager = company.managers[region]
    if circle.group.kind == GroupKind.HEAD:
        owners = [host.member for host in pool.hosts(manager)]
        return actions.invite(manager, circle.pk, owners)
    now = clock.now()
    called = [cast.line.pk for cast in company.casts_of(region)]
    over = [line for line in called if seats.stayed_behind(line, now) is not None]
    return [m for line in over for m in actions.invite_stayed_behind(manager, circle.pk, line)]


def _answer(member: int, circle: Circle, *, accepted: bool) -> None:
    actor = Actor(Role.MEMBER, member)
    for invite in queries.open_invites(actor):
        if invite.circle_id == circle.pk:
            actions.answer(actor, invite.pk, accepted)


def _do_cards(circle: Circle) -> None:
    host = Actor(Role.MEMBER, circle.group.host_id)
    for beat in queries.cards(host, clock.now()):
        if beat.circle_id == circle.pk and beat.due_at <= clock.now():
            weeks.do_by_hand(host, beat.pk)


def _talk(company: Company, circle: Circle, inside: list[int]) -> None:
    now, chance = clock.now(), company.chance
    talkers = chance.sample(inside, min(len(inside), chance.randrange(TALKERS + 1)))
    words = chance.sample(sayings.OF_KIND[GroupKind(circle.group.kind)], len(talkers))
    said = [
        Incoming(
            platform="house",
            external_id=f"circle:{circle.pk}:{now.timestamp():.0f}:{member}",
            group=circle.group_id,
            member=member,
            text=text,
            at=now,
        )
        for member, text in zip(talkers, words, strict=True)
    ]
    groups.receive(SYSTEM, said)
    if said and chance.random() < HOST_SPEAKS:
        host = Actor(Role.MEMBER, circle.group.host_id)
        actions.say(host, circle.pk, chance.choice(sayings.HOST), company.key())
