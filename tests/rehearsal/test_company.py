"""A small company that lives for six weeks: what the demo shows comes of the real actions."""

import itertools
from datetime import date, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

from loop28.front.circles.models import Circle
from loop28.front.events.models import Event
from loop28.front.groups.models import Cause, Complaint, GroupKind, Membership, Message
from loop28.front.ladder import queries as ladder
from loop28.front.ladder.models import Offer
from loop28.front.lines.models import Line, Mend
from loop28.insight import audit
from loop28.insight.metrics import loop
from loop28.kernel import chance as luck
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from loop28.middle.content.models import Booking, Guest, TalkVersion
from loop28.rehearsal import world as worlds
from loop28.rehearsal.cast import BROADLY
from loop28.rehearsal.company import (
    circles,
    course,
    disputes,
    events,
    lines,
    office,
    painting,
    routine,
    sayings,
    talks,
)
from loop28.rehearsal.company.events import Meeting
from loop28.rehearsal.company.lines import Next
from loop28.rehearsal.stage import Stage
from tests.line_kit import moving_clock

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 6, 1)
NOON = clock.at_local(TODAY, 12, 0, ZoneInfo("Asia/Shanghai"))
MEETING = Meeting(0, -6, -2, "品鉴会", "活动中心", "带一只碗", 2)


def scripts(company):
    """What the timetable does with six regions, with one."""
    yield lines.next_line(company, Next(0, -41, 40, hours=BROADLY))
    yield lines.next_line(company, Next(0, -7, 16, declined=True))
    yield lines.unanswered_offer(company, Next(0, 3, 20), offered=-8)
    yield routine.answers(company, since=-44)
    yield routine.decisions(company, since=-44)
    yield routine.pay_day(company, day=-2)
    yield course.paused_line(company, 0, -7, day=-4)
    yield course.moved_post(company, 0, -7, day=-1)
    yield circles.standing_group(company, 0, GroupKind.INTEREST, opens=-20)
    yield circles.standing_group(company, 0, GroupKind.HEAD, opens=-20)
    yield events.meeting(company, MEETING)
    yield talks.library(company, day=-44)
    yield talks.bookings(company, day=-18)
    yield disputes.house_rules(company, day=-44)
    yield disputes.late_noise(company, 0, -7, company.at(-2, "20:30"))
    yield disputes.advertiser(company, 0, -7, NOON - timedelta(hours=20))
    waits = NOON - timedelta(hours=4)
    yield disputes.waiting_complaint(company, 0, -7, waits, Cause.MONEY, sayings.BORROWING)


def live(move):
    move(clock.at_local(TODAY - timedelta(days=45), 9, 0, ZoneInfo("Asia/Shanghai")))
    world = worlds.furnish((ROOT / "playbooks/newcomer-7-21.yaml").read_bytes())
    luck.seed(3)
    stage = Stage(world, Random(3))
    company = office.found(stage, TODAY, ROOT / "playbooks")
    for script in scripts(company):
        stage.enter(script)
    stage.play(NOON, lambda _: None)
    luck.seed(None)


def test_a_company_lives():
    with moving_clock() as move:
        live(move)
        # One line comes from another: a graduate declined, the next one accepted and hosts.
        first, second = Line.objects.order_by("opened_at")
        assert first.ended_at is not None
        assert ladder.graduated_lines([second.host_id]) == {second.host_id: [first.pk]}
        assert list(second.parents.all()) == [first]
        states = list(Offer.objects.order_by("id").values_list("state", "line_id"))
        assert states[:2] == [("declined", None), ("accepted", second.pk)]
        assert [len(link.children) for link in loop.links(SYSTEM, NOON)] == [0, 1]

        # A pause made it a day longer; a beat was moved; each with who and why.
        assert list(Mend.objects.order_by("id").values_list("kind", "days", "by__username")) == [
            ("paused", 0, "hd"),
            ("resumed", 1, "hd"),
            ("moved", 0, "hd"),
        ]
        assert "" not in Mend.objects.values_list("reason", flat=True)
        assert second.days == 29

        for circle in Circle.objects.all():
            answers = set(circle.invites.values_list("answer", flat=True))
            assert {"yes", "no"} <= answers
            assert circle.group.messages.filter(member__isnull=False, as_host=False).exists()
            assert circle.beats.filter(state="done", by_host=True).exists()
        assert {c.group.kind for c in Circle.objects.all()} == {"interest", "head"}

        event = Event.objects.get()
        assert event.taken == 2
        assert event.sign_ups.exclude(came_at=None).exists()
        assert event.sign_ups.filter(state="back").count() == 1
        assert event.photos.count() == 3

        assert set(Complaint.objects.values_list("cause", "decision")) == {
            ("other", "settled"),
            ("ads", "mute"),
            ("money", ""),
        }
        assert Message.objects.get(text=sayings.ADVERTISEMENT).taken_down == "host"
        assert Membership.objects.filter(muted_until__gt=NOON).count() == 1

        assert TalkVersion.objects.filter(number=2).count() == 1
        assert Guest.objects.filter(free__isnull=False).exists()
        assert Booking.objects.exclude(cancelled_at=None).exclude(reason="").count() == 1
        assert audit.differences() == []


def test_the_same_seed_paints_the_same_photos():
    one, two = (list(painting.afternoons(1, Random(5))) for _ in range(2))
    assert one[0].getvalue() == two[0].getvalue()
    other = next(iter(painting.afternoons(1, Random(6))))
    assert other.getvalue() != one[0].getvalue()


def test_the_same_seed_gives_the_same_keys():
    def keys(seed):
        company = office.Company(Stage(None, Random(seed)), TODAY, [], None, [], {})
        return [company.key() for _ in itertools.repeat(None, 3)]

    assert keys(1) == keys(1) != keys(2)
