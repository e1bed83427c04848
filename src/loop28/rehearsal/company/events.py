"""People meet: one afternoon that was, with photos, and some that are still to come."""

from dataclasses import dataclass

from loop28.front.events import actions
from loop28.front.events.actions import Announcement
from loop28.front.events.models import Event
from loop28.kernel.access import Actor, Role
from loop28.kernel.pictures import made_anew
from loop28.rehearsal.cast import Cast
from loop28.rehearsal.company import painting
from loop28.rehearsal.company.office import Company
from loop28.rehearsal.people import Persona
from loop28.rehearsal.stage import Script

KEEN = 0.65
"""How keen somebody is who signs up."""
MOST = 18
"""So many people of a line sign up at most."""
STAYS_AWAY = 6
"""Every so many-th of those who have a place does not come."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """An event a region plans so many days before it; days are counted from the last."""

    region: int
    planned: int
    day: int
    title: str
    place: str
    about: str
    places: int


PAST = Meeting(
    region=0,
    planned=-17,
    day=-9,
    title="新米品鉴会 · 一锅饭的下午",
    place="社区活动中心二楼，带一只自己的碗",
    about="三种新米当场蒸，蒙着眼睛吃，说说哪一碗像小时候。孩子可以一起来，有人带着画画。",
    places=30,
)
COMING = [
    Meeting(
        region=0,
        planned=-6,
        day=6,
        title="店主见面会：第一单是怎么卖出去的",
        place="图书馆报告厅，地铁口步行三分钟",
        about="五位店主讲自己的头一单，讲顺的，也讲搞砸的。会后可以单独聊。",
        places=12,
    ),
    Meeting(
        region=3,
        planned=-3,
        day=12,
        title="去产地看花椒",
        place="集合点：客运中心东门",
        about="看晒场、看分拣，中午在农家吃饭。车费各付各的，请穿好走的鞋。",
        places=40,
    ),
]


def meeting(company: Company, of: Meeting) -> Script:
    """It is announced, people sign up in the evenings, one gives the place back; some come."""
    yield company.at(of.planned, "10:30")
    event = _plan(company, of)
    invited = [(cast, p) for cast in company.casts_of(of.region) for p in _interested(cast)]
    half = len(invited) // 2
    yield company.at(of.planned, "20:00")
    _sign_up(event, invited[:half])
    yield company.at(of.planned + 1, "20:30")
    _sign_up(event, invited[half:])
    yield company.at(of.planned + 2, "12:30")
    for _cast, persona in invited[:1]:
        actions.give_back(Actor(Role.MEMBER, persona.member), event.pk)
    yield company.at(of.day, "14:00")
    manager = company.managers[of.region]
    for number, (_cast, persona) in enumerate(invited[1 : event.places + 1], start=1):
        if number % STAYS_AWAY:
            actions.check_in(manager, event.pk, persona.member)
    yield company.at(of.day, "18:30")
    pictures = [made_anew(file, "下午") for file in painting.afternoons(3, company.chance)]
    actions.add_photos(manager, event.pk, pictures)


def _plan(company: Company, of: Meeting) -> Event:
    cities = [number for number, _tier in company.stage.world.cities(company.region(of.region))]
    said = Announcement(
        title=of.title,
        city=cities[0],
        place=of.place,
        about=of.about,
        starts_at=company.at(of.day, "14:00"),
        ends_at=company.at(of.day, "17:00"),
        places=of.places,
        cities=cities,
        host=company.casts_of(of.region)[-1].line.host_id,
    )
    region = company.region(of.region).pk
    return actions.plan(company.managers[of.region], region, said, key=company.key())


def _interested(cast: Cast) -> list[Persona]:
    """People of a line who know their city and like to go out."""
    there = [p for p in cast.members.values() if p.present and p.city and p.keen > KEEN]
    return there[:MOST]


def _sign_up(event: Event, comers: list[tuple[Cast, Persona]]) -> None:
    for cast, persona in comers:
        actions.sign_up(Actor(Role.MEMBER, persona.member), event.pk, line=cast.line.pk)
