"""What a manager changes in a running line: a pause, a beat that comes later."""

from contextlib import suppress
from datetime import datetime, timedelta

from loop28.front.lines import course, mending, schedule
from loop28.kernel import clock
from loop28.kernel.refusals import Refusal
from loop28.rehearsal.company.office import ZONE, Company
from loop28.rehearsal.stage import Script

LATER = timedelta(minutes=20)


def paused_line(company: Company, region: int, starts: int, day: int) -> Script:
    """A storm takes the power; the line stands still for a day and goes on a day later."""
    yield company.at(day, "09:30")
    cast, manager = company.casts[region, starts], company.managers[region]
    course.pause(manager, cast.line.pk, "台风天，好几个县停电停网，先停一天")
    cast.look_again()
    yield company.at(day + 1, "08:00")
    course.resume(manager, cast.line.pk, shift=True, reason="来电了，剩下的整体顺延一天")
    cast.look_again()


def moved_post(company: Company, region: int, starts: int, day: int) -> Script:
    """The day before, a manager puts the last post of an evening a little later, if that fits."""
    yield company.at(day - 1, "17:00")
    manager, line = company.managers[region], company.casts[region, starts].line
    today = clock.local_day(company.at(day, "00:00"), ZONE)
    number = (today - line.start_day).days + 1
    posts = [b for b in schedule.beats_of_day(manager, line.pk, number) if b.kind == "post"]
    with suppress(Refusal):
        for beat in posts[-1:]:
            local: datetime = beat.due_at.astimezone(ZONE) + LATER
            why = "村里今晚放露天电影，散场以后再说"
            mending.move_beat(manager, beat.pk, number, local.time(), why)
