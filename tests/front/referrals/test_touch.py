"""A click counts once, and a free fan is locked to the first who was touched."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from loop28.front.lines import actions as lines
from loop28.front.referrals import actions, queries
from loop28.front.referrals.actions import Touch
from loop28.front.referrals.models import Click, Crowd, Lock
from loop28.front.referrals.rules import CROWD, LOCK
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, NotAllowed
from tests.front.referrals.kit import living, me, product_link, told, touched, visitor
from tests.line_kit import invitation, people, seated

pytestmark = pytest.mark.django_db

WIFI = "203.0.113.0/24"


def test_a_person_counts_once_a_link_however_often_they_come(link, at):
    somebody = visitor()
    assert touched(link, somebody, somebody) == [True, False]
    at(clock.now() + timedelta(days=3))
    assert touched(link, somebody) == [False]
    assert queries.counted([link.pk])[link.pk] == queries.Counted(1, 0, 1)
    (fact,) = told("LinkClicked")
    assert (fact["promoter"], fact["target"], fact["line"]) == (
        link.promoter_id,
        "product",
        link.line_id,
    )


def test_the_first_touch_locks_and_no_other_promoter_gets_a_fan_whose_lock_lives(line, link, at):
    rival = product_link(line, seated(line, 1)[0])
    somebody = visitor()
    touched(link, somebody)
    at(clock.now() + LOCK - timedelta(microseconds=1))
    touched(rival, somebody)
    assert [lock.promoter_id for lock in living(somebody)] == [link.promoter_id]
    at(clock.now() + timedelta(microseconds=1))
    touched(rival, somebody)  # the click is an old one; the touch is valid all the same
    assert [lock.promoter_id for lock in living(somebody)] == [rival.promoter_id]
    assert [fact["promoter"] for fact in told("FanLocked")] == [
        link.promoter_id,
        rival.promoter_id,
    ]
    assert len(told("LinkClicked")) == 2


def test_who_was_a_member_before_is_counted_and_nobodys_fan(line, link):
    (member,) = people(1)
    assert actions.touch(SYSTEM, [Touch(link.pk, member=member)]) == [True]
    assert Click.objects.count() == 1
    assert not Lock.objects.exists()


def test_the_promoters_own_touch_is_nothing_even_from_another_phone_of_theirs(link):
    phone = visitor()
    own = [Touch(link.pk, member=link.promoter_id), Touch(link.pk, phone, link.promoter_id)]
    assert actions.touch(SYSTEM, own) == [False, False]
    assert touched(link, phone) == [True]  # nobody can know yet whose phone it is …
    actions.recognise(SYSTEM, [(phone, link.promoter_id)])
    assert living(phone) == []  # … and now everybody does
    assert [fact["kind"] for fact in told("FanLockEnded")] == ["self"]
    assert touched(link, phone) == [False]
    assert living(phone) == []


def test_a_visitor_who_joins_stays_the_fan_of_who_brought_them(line, link, at):
    somebody = visitor()
    touched(link, somebody)
    at(clock.now() + timedelta(hours=1))
    (member,) = people(1)
    actions.recognise(SYSTEM, [(somebody, member)])
    actions.recognise(SYSTEM, [(somebody, member)])
    (lock,) = living(somebody)
    assert (lock.promoter_id, lock.fan.member_id) == (link.promoter_id, member)
    assert [(f["promoter"], f["member"]) for f in told("FanJoined")] == [(link.promoter_id, member)]
    assert actions.touch(SYSTEM, [Touch(link.pk, member=member)]) == [False]  # the same person
    assert [
        row.fan.member_id for row in queries.brought(SYSTEM, [link.promoter_id])[link.promoter_id]
    ] == [member]


def test_a_member_who_touched_as_a_stranger_is_let_go_when_they_are_recognised(line, link, at):
    (member,) = people(1)
    at(clock.now() + timedelta(hours=1))
    phone = visitor()
    touched(link, phone)
    assert actions.touch(SYSTEM, [Touch(link.pk, phone, member)]) == [False]
    assert living(phone) == []
    assert [fact["kind"] for fact in told("FanLockEnded")] == ["member"]
    at(clock.now() + LOCK)
    touched(link, phone)
    assert living(phone) == []  # nor ever again


def test_a_second_phone_of_a_member_is_the_same_fan(line, link, at):
    one, other = visitor(), visitor()
    touched(link, one, other)
    at(clock.now() + timedelta(hours=1))
    (member,) = people(1)
    actions.recognise(SYSTEM, [(one, member)])
    actions.recognise(SYSTEM, [(other, member)])
    assert len(living(one)) == 1
    assert living(other) == []
    rival = product_link(line, seated(line, 1)[0])
    assert touched(rival, one, other) == [True, False]


def test_a_lock_on_another_phone_is_theirs_when_they_have_none_yet(line, link, at):
    phone = visitor()
    touched(link, phone)
    at(clock.now() + timedelta(hours=1))
    (member,) = people(1)  # joined on a computer, and touched another link there
    rival = product_link(line, seated(line, 1)[0])
    actions.touch(SYSTEM, [Touch(rival.pk, member=member)])
    actions.recognise(SYSTEM, [(phone, member)])
    (lock,) = Lock.objects.all()
    assert (lock.promoter_id, lock.fan.member_id, lock.ended) == (link.promoter_id, member, "")
    assert queries.who_brought_whom() == [(link.promoter_id, member)]
    assert [fact["fan"] for fact in told("FanJoined")] == [lock.fan_id]
    assert touched(link, phone) == [False]  # the click came along


def test_a_lock_that_is_over_was_none_when_it_turns_out_to_be_the_promoters(link, at):
    phone = visitor()
    touched(link, phone)
    over = living(phone)[0].until
    at(over)
    actions.recognise(SYSTEM, [(phone, link.promoter_id)])
    assert queries.who_brought_whom() == []
    assert [(lock.until, lock.ended) for lock in Lock.objects.all()] == [(over, "self")]


def test_a_crowd_of_one_network_is_doubtful_and_counts_all_the_same(link, at):
    crowd = [visitor() for _ in range(CROWD + 5)]
    touched(link, *crowd[:30], network=WIFI)
    touched(link, *crowd[30:], network=WIFI)
    touched(link, *crowd, network=WIFI)  # who is known already makes no crowd
    touched(link, visitor(), network="198.51.100.0/24")
    assert queries.counted([link.pk])[link.pk] == queries.Counted(CROWD + 6, 5, CROWD + 6)
    assert [fact["doubtful"] for fact in told("LinkClicked")].count(True) == 5
    assert [fact["doubtful"] for fact in told("FanLocked")].count(True) == 5
    at(clock.now() + timedelta(hours=1))
    touched(link, visitor(), network=WIFI)
    assert queries.counted([link.pk])[link.pk].doubtful == 5


def test_of_a_network_nothing_is_kept_that_can_be_read(link):
    touched(link, visitor(), network=WIFI)
    crowd = Crowd.objects.get()
    assert "203" not in crowd.network or len(crowd.network) == 32
    assert WIFI not in str(Crowd.objects.values())


def test_a_batch_costs_the_same_number_of_statements_whatever_its_size(line, link):
    rival = product_link(line, seated(line, 1)[0])
    (member,) = people(1)

    def statements(count: int) -> int:
        batch = [Touch(one.pk, visitor(), None, WIFI) for one in (link, rival)]
        batch += [Touch(link.pk, visitor(), network=WIFI) for _ in range(count)]
        batch += [Touch(link.pk, member=member)]
        with CaptureQueriesContext(connection) as captured:
            actions.touch(SYSTEM, batch)
        return len(captured)

    statements(18)  # from twenty clicks on it is looked at when each came
    assert statements(1) == statements(24) <= 24


def test_what_is_no_link_or_nobody_is_left_out(link):
    assert actions.touch(SYSTEM, [Touch(0, visitor()), Touch(link.pk)]) == [False, False]
    assert actions.touch(SYSTEM, []) == []


def test_only_the_house_itself_touches(link):
    with pytest.raises(NotAllowed):
        actions.touch(me(link.promoter_id), [Touch(link.pk, visitor())])
    with pytest.raises(NotAllowed):
        actions.recognise(me(link.promoter_id), [(1, link.promoter_id)])


def test_the_tables_let_no_second_lock_and_no_second_click_in(link):
    somebody = visitor()
    touched(link, somebody)
    click, lock = Click.objects.get(), Lock.objects.get()
    for row in (click, lock):
        row.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


def test_who_joins_by_an_invitation_without_a_link_is_nobodys_fan(line):
    comers = people(2)
    lines.join(SYSTEM, invitation(line), comers)
    assert not Lock.objects.exists()


def test_a_link_that_is_not_there_counts_nothing_and_stops_nobody(link):
    touches = [Touch(link.pk, visitor=11), Touch(link.pk + 1, visitor=11)]
    assert actions.touch(SYSTEM, touches) == [True, False]
