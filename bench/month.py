"""A month of full lines in six regions, and the lines of ten months, to ask pages about."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

from bench.copies import copy
from bench.stage import PLAYBOOK, settle
from loop28.back.people import actions as people
from loop28.back.people.models import Region
from loop28.front.circles import actions as circles
from loop28.front.events import actions as events
from loop28.front.events.models import Event, SignUp
from loop28.front.groups import actions as groups
from loop28.front.groups.models import Complaint, GroupKind, Message
from loop28.front.lines.models import Enrollment, Line
from loop28.front.playbooks import actions as publishing
from loop28.front.playbooks import drafts
from loop28.front.playbooks import queries as playbooks
from loop28.insight.metrics import talks as told
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Role
from loop28.middle.content import actions as content
from loop28.rehearsal import world as worlds
from loop28.rehearsal.play import GATHERING_DAYS, Plan, play

AGES = (3, 10, 17, 24)
"""Days that the four running lines of each region have behind them."""

OVER = 30
"""Days since the start of a line that has ended lately."""

ZONE = ZoneInfo("Asia/Shanghai")
WEEKLY = Path(PLAYBOOK).with_name("weekly-home-kitchen.yaml")
COMPLAINTS = 10
"""About messages of a line, nine of them decided."""


class Month:
    """Five lines are rehearsed, four of them running, and copied for all regions: 24 run.

    ``later`` copies the one that ended into so many weeks before, for all regions. What is beside
    lines comes by the week, too: events, and complaints about their messages.
    """

    def __init__(self, people: int) -> None:
        *self.running, self.over = _rehearsed(people)
        regions = list(Region.objects.order_by("id"))
        others = [(line, region) for line in self.running for region in regions[1:]]
        for number, (line, region) in enumerate(others, start=1):
            copy(line, number, region.pk, timedelta(0))
        self._copies = len(others)
        for region in regions:
            _circle(region)
            _event(region, weeks=-1)
        _complain(list(Line.objects.all()))
        _library()
        settle()

    def ten_times(self, weeks: int) -> None:
        """The history of so many weeks before this month."""
        for week in range(1, weeks + 1):
            for region in Region.objects.order_by("id"):
                self._copies += 1
                _event(region, weeks=week)
                copy(self.over, self._copies, region.pk, -timedelta(weeks=week))
        _complain(list(Line.objects.filter(ended_at__isnull=False)))
        settle()


def _rehearsed(people: int) -> list[Line]:
    """Lines with synthetic people, played up to noon of today; the one that is over comes last."""
    now = datetime.now(UTC)
    today = clock.local_day(now, ZONE)
    worlds.mark()
    starts = [today - timedelta(days=age) for age in (*AGES, OVER)]
    clock.move_to(clock.at_local(min(starts) - timedelta(days=GATHERING_DAYS + 1), 9, 0, ZONE))
    world = worlds.furnish(PLAYBOOK.read_bytes())
    budget = playbooks.playbook(world.playbook).budget
    plans = [Plan(world.regions[0], start, people, budget) for start in starts]
    numbers = play(world, plans, clock.at_local(today, 12, 0, ZONE), seed=1, watch=lambda _: None)
    found = Line.objects.in_bulk(numbers)
    return sorted(found.values(), key=lambda line: line.start_day, reverse=True)


def _circle(region: Region) -> None:
    """A standing group with the people of one line."""
    line = Line.objects.filter(region=region).earliest("id")
    rhythm = publishing.publish(SYSTEM, WEEKLY.read_text()).pk
    wish = circles.Wish(
        region=region.pk,
        kind=GroupKind.INTEREST,
        name=f"{region.name}厨房",
        topic="家常菜",
        host=line.host_id,
        rhythm=rhythm,
        key=uuid4(),
    )
    group = circles.open_circle(SYSTEM, wish).group_id
    groups.join(SYSTEM, group, list(_people(line)))


def _people(line: Line) -> list[int]:
    return list(Enrollment.objects.filter(line=line).values_list("member_id", flat=True))


def _event(region: Region, weeks: int) -> None:
    """An offline event so many weeks ago, to which the people of a line signed up."""
    line = Line.objects.filter(region=region).earliest("id")
    city = region.cities.earliest("id")
    now = clock.now()
    said = events.Announcement(
        title=f"{city.name}品鉴会",
        city=city.pk,
        place="文三路 1 号",
        about="",
        starts_at=now + timedelta(days=7),
        ends_at=now + timedelta(days=7, hours=2),
        places=100,
        cities=[city.pk],
        host=line.host_id,
    )
    event = events.plan(SYSTEM, region.pk, said, key=uuid4())
    guests = _people(line)[:100]
    SignUp.objects.bulk_create(
        SignUp(event=event, member_id=g, line=line.pk, city=city, state="going", asked_at=now)
        for g in guests
    )
    earlier = timedelta(weeks=weeks + 1)
    moved = {"starts_at": event.starts_at - earlier, "ends_at": event.ends_at - earlier}
    Event.objects.filter(id=event.pk).update(taken=len(guests), **moved)


def _complain(lines: list[Line]) -> None:
    found = []
    for line in lines:
        said = Message.objects.filter(group__phase__line=line, member__isnull=False)
        for number, message in enumerate(said.order_by("-id")[:COMPLAINTS]):
            decided = "unfounded" if number else ""
            found.append(
                Complaint(
                    key=f"bench:{message.pk}",
                    group_id=message.group_id,
                    message=message,
                    by_id=line.host_id,
                    about_id=message.member_id,
                    cause="ads",
                    first="host",
                    at=message.at,
                    decision=decided,
                    decided_by="system" if decided else "",
                    decided_at=message.at if decided else None,
                )
            )
    Complaint.objects.bulk_create(found, ignore_conflicts=True)


def _library() -> None:
    """The talks of the playbook as talks of the library, and a draft of the next version."""
    version = playbooks.versions(SYSTEM)[0]
    plan = playbooks.playbook(version.pk)
    content.take_in(SYSTEM, [told.words(talk) for talk in told.talks(plan)])
    author = people.add_staff(SYSTEM, "middle", "中台", Role.MIDDLE)
    drafts.start(author.actor, PLAYBOOK.read_text())
