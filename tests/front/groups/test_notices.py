"""A person is told things by day, few times a day, all at once, and never against their word."""

from datetime import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from loop28.front.groups import actions, moderation, notices, queries, refusals
from loop28.front.groups.chat import Incoming
from loop28.front.groups.models import Notice, Silence
from loop28.front.groups.notices import Told
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.jobs import run_due
from loop28.kernel.journal.models import Entry
from loop28.middle.members import actions as members
from tests.factories import region, staff
from tests.line_kit import group, local, moving_clock, open_line, seated
from tests.races import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at():
    with moving_clock() as move:
        yield move


@pytest.fixture
def line(at):
    return open_line()


@pytest.fixture
def who(line):
    (member,) = seated(line, 1)
    return member


def tell(line, member, *keys):
    notices.tell(SYSTEM, [Told(key, member, group(line), f"关于{key}") for key in keys])


def heard(member):
    return [n.text for n in queries.own_notices(Actor(Role.MEMBER, member)).order_by("id")]


def test_by_day_it_leaves_at_once_and_the_same_key_once(line, who, at):
    at(local(1, 12))
    tell(line, who, "甲", "甲")
    tell(line, who, "甲")
    assert heard(who) == ["关于甲"]


def test_what_follows_within_a_minute_leaves_as_one_message(line, who, at):
    at(local(1, 12))
    tell(line, who, "甲")
    for second, key in ((10, "乙"), (50, "丙")):
        at(local(1, 12, 0, second))
        tell(line, who, key)
    assert heard(who) == ["关于甲"]
    assert run_due(clock.now()) == local(1, 12, 1)
    at(local(1, 12, 1))
    run_due(clock.now())
    assert heard(who) == ["关于甲", "关于乙", "关于丙"]
    assert Notice.objects.values("sent_at").distinct().count() == 2


def test_at_night_it_waits_for_the_morning_and_comes_as_one_message(line, who, at):
    at(local(1, 22))
    tell(line, who, "甲")
    at(local(2, 3))
    tell(line, who, "乙")
    run_due(clock.now())
    assert heard(who) == []
    assert queries.notices_waiting(SYSTEM).count() == 2
    at(local(2, 8))
    assert notices.deliver(SYSTEM) == 1
    assert heard(who) == ["关于甲", "关于乙"]
    assert Notice.objects.values("sent_at").distinct().count() == 1


def test_after_the_daily_limit_it_waits_for_another_day(line, who, at):
    notices.set_pace(SYSTEM, line.region_id, time(22), time(8), 2)
    for hour in (9, 10, 11, 12):
        at(local(1, hour))
        tell(line, who, f"{hour}点")
    assert len(heard(who)) == 2
    at(local(2, 7, 59))
    run_due(clock.now())
    assert len(heard(who)) == 2
    at(local(2, 8))
    run_due(clock.now())
    assert len(heard(who)) == 4


def test_each_region_has_its_own_pace(line, at):
    other = open_line(code="HN")
    here, there = seated(line, 1)[0], seated(other, 1)[0]
    notices.set_pace(SYSTEM, other.region_id, time(21), time(9), 5)
    at(local(1, 21, 30))
    tell(line, here, "这里")
    tell(other, there, "那里")
    assert (heard(here), heard(there)) == (["关于这里"], [])


def test_one_word_in_a_group_stops_it_at_once_and_is_confirmed_once(line, who, at):
    at(local(1, 23))
    tell(line, who, "夜里的")
    for number in range(2):
        said = Incoming("house", f"td{number}", group(line), who, " ＴＤ ", clock.now())
        actions.receive(SYSTEM, [said])
    tell(line, who, "以后的")
    at(local(2, 12))
    run_due(clock.now())
    assert len(heard(who)) == 1
    assert "不再给你发消息" in heard(who)[0]
    assert Entry.objects.filter(kind="NoticesStopped", member=who).count() == 1


def test_who_wants_messages_again_gets_those_from_then_on(line, who, at):
    at(local(1, 12))
    notices.stop(SYSTEM, [who], None)
    tell(line, who, "没听见")
    for _ in range(2):
        notices.resume(Actor(Role.MEMBER, who))
    tell(line, who, "听见")
    assert heard(who) == ["关于听见"]
    assert Entry.objects.filter(kind="NoticesResumed").count() == 1


def test_two_words_at_once_are_one_wish(line, who):
    together(*[lambda: notices.stop(SYSTEM, [who], group(line))] * 2)
    assert Silence.objects.count() == 1
    assert len(heard(who)) == 1


def test_two_workers_send_a_notice_once(line, who, at):
    at(local(1, 23))
    tell(line, who, "甲")
    at(local(2, 9))
    assert sorted(together(*[lambda: notices.deliver(SYSTEM)] * 2)) == [0, 1]


def test_who_took_their_consent_back_is_told_nothing(line, who, at):
    at(local(1, 12))
    members.withdraw_consent(Actor(Role.MEMBER, who), who)
    tell(line, who, "甲")
    assert not Notice.objects.exists()


def test_who_is_muted_or_removed_is_told_why(line, who, at):
    at(local(1, 12))
    moderation.mute(SYSTEM, group(line), who, 1, "刷屏")
    moderation.remove(SYSTEM, group(line), who, "骗钱")
    at(local(1, 12, 1))
    run_due(clock.now())
    assert [("刷屏" in text, "骗钱" in text) for text in heard(who)] == [
        (True, False),
        (False, True),
    ]


def test_a_pace_is_set_by_who_runs_the_region_within_limits(line):
    boss = staff(Role.REGION_MANAGER, line.region).actor
    notices.set_pace(boss, line.region_id, time(21), time(9), 3)
    assert queries.pace_of(line.region_id).daily_limit == 3
    assert Entry.objects.get(kind="PaceSet").data["quiet_from"] == 21 * 60
    for stranger in (staff(Role.REGION_MANAGER, region("HN")).actor, staff(Role.MIDDLE).actor):
        with pytest.raises(NotAllowed):
            notices.set_pace(stranger, line.region_id, time(21), time(9), 3)
    for limit in (0, 51):
        with pytest.raises(refusals.LimitOutOfRange):
            notices.set_pace(boss, line.region_id, time(21), time(9), limit)


def test_a_batch_costs_the_same_whatever_its_size(line, at):
    at(local(1, 12))
    costs, here = [], group(line)
    for size in (2, 15):
        many = seated(line, size)
        with CaptureQueriesContext(connection) as counted:
            notices.tell(SYSTEM, [Told(f"k{m}", m, here, "大家好") for m in many])
        costs.append(len(counted))
        assert all(heard(m) for m in many)
    assert costs[0] == costs[1]
