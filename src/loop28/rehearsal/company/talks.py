"""The library of talks, and guests who are booked."""

from dataclasses import replace

from loop28.front.playbooks import queries as playbooks
from loop28.insight.metrics import talks as told
from loop28.middle.content import actions, queries
from loop28.rehearsal.company.office import ZONE, Company
from loop28.rehearsal.stage import Script

ANOTHER_QUESTION = "回家翻一翻：家里用得最久的一样东西是什么，当初在哪儿买的？"


def library(company: Company, day: int) -> Script:
    """The talks of the playbook are taken in; later the first asks its question in another way."""
    yield company.at(day, "11:00")
    playbook = playbooks.playbook(company.stage.world.playbook)
    found = [told.words(talk) for talk in told.talks(playbook)]
    actions.take_in(company.middle, found)
    yield company.at(day + 40, "11:00")
    for first in found[:1]:
        actions.write(company.middle, replace(first, question=ANOTHER_QUESTION))


def bookings(company: Company, day: int) -> Script:
    """Guests name the days on which they can, and are booked; one has to call off."""
    yield company.at(day, "15:00")
    guests = list(queries.guests(company.middle)[:5])
    for number, guest in enumerate(guests):
        actions.name_free_days(company.middle, guest.pk, company.day(-20), company.day(30))
        _book(
            company, guest.pk, -8 + 4 * number, f"{company.region(number % 6).name}大区，新线开讲"
        )
        booked = _book(company, guest.pk, 3 + number, "直播间连麦，回答新人的问题")
    yield company.at(-1, "11:00")
    if guests:
        actions.release(company.middle, booked, "嘉宾当天要去外地看货，换一天")


def _book(company: Company, guest: int, day: int, note: str) -> int:
    starts, ends = company.at(day, "19:30"), company.at(day, "20:30")
    key, zone = company.key(), ZONE.key
    return actions.book(company.middle, guest, starts, ends, note, key=key, zone=zone).pk
