"""Two records of one person become one: whose fan they are, and who brought them."""

from datetime import timedelta

import pytest

from loop28.front.referrals import actions, disputes, queries
from loop28.front.referrals.actions import Touch
from loop28.front.referrals.models import Click, Fan, Lock
from loop28.front.referrals.rules import LOCK
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from loop28.middle.members import merging
from tests.front.referrals.kit import living, me, product_link, told, touched, visitor
from tests.line_kit import people, seated

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def joins_by(link, at):
    """Somebody touches a link and becomes a member an hour later."""
    phone = visitor()
    touched(link, phone)
    at(clock.now() + HOUR)
    (member,) = people(1)
    actions.recognise(SYSTEM, [(phone, member)])
    return member


def test_when_two_records_become_one_nobody_is_their_own_fan(line, link, at):
    phone = visitor()
    touched(link, phone)
    at(clock.now() + timedelta(hours=1))
    (double,) = people(1)
    actions.recognise(SYSTEM, [(phone, double)])
    assert len(living(phone)) == 1
    merging.merge(SYSTEM, link.promoter_id, double)
    assert living(phone) == []
    assert Fan.objects.get(code=phone).member_id == link.promoter_id


def test_when_two_records_become_one_every_link_goes_on_and_the_elder_lock_counts(line, link, at):
    rival, double = seated(line, 2)
    mine, theirs = product_link(line, rival), product_link(line, double)
    one, other = visitor(), visitor()
    touched(link, one)
    at(clock.now() + timedelta(hours=1))
    touched(mine, other)
    kept, lost = people(2)
    actions.recognise(SYSTEM, [(one, lost), (other, kept)])
    merging.merge(SYSTEM, kept, lost)
    merging.merge(SYSTEM, rival, double)
    lives = Lock.objects.filter(until__gt=clock.now()).get()
    assert (lives.promoter_id, lives.fan.member_id) == (link.promoter_id, kept)
    assert touched(theirs, visitor(), one, other) == [True, True, False]
    assert [found.promoter_id for found in queries.links(SYSTEM).order_by("id")][1:] == [rival] * 2


def test_who_was_a_member_under_an_earlier_number_is_nobodys_fan(line, link, at):
    (kept,) = people(1)
    at(clock.now() + HOUR)
    lost = joins_by(link, at)
    merging.merge(SYSTEM, kept, lost)
    assert queries.fans(SYSTEM, link.promoter_id).count() == 0
    assert queries.who_brought_whom() == []
    assert [fact["kind"] for fact in told("FanLockEnded")] == ["member"]


def test_nor_is_who_became_a_member_under_the_number_that_is_gone(line, link, at):
    (lost,) = people(1)
    at(clock.now() + HOUR)
    phone = visitor()
    touched(link, phone)
    at(clock.now() + HOUR)
    (kept,) = people(1)
    merging.merge(SYSTEM, kept, lost)
    actions.recognise(SYSTEM, [(phone, kept)])
    assert living(phone) == []


def test_who_brought_whom_outlives_a_merge(line, link, at):
    rival = product_link(line, seated(line, 1)[0])
    lost = joins_by(link, at)
    (kept,) = people(1)
    actions.touch(SYSTEM, [Touch(rival.pk, member=kept)])
    at(clock.now() + LOCK)
    merging.merge(SYSTEM, kept, lost)
    assert queries.who_brought_whom() == [(link.promoter_id, kept)]
    assert queries.brought_by(SYSTEM, kept).promoter_id == link.promoter_id


def test_nobody_brought_themselves_even_when_the_lock_is_long_over(line, link, at):
    lost = joins_by(link, at)
    at(clock.now() + LOCK)
    merging.merge(SYSTEM, link.promoter_id, lost)
    assert queries.who_brought_whom() == []
    assert [fact["kind"] for fact in told("FanLockEnded")] == ["self"]


def test_of_two_who_brought_a_person_the_elder_did_and_the_fan_can_still_be_moved(line, link, at):
    rival, third = (product_link(line, promoter) for promoter in seated(line, 2))
    phone, other = visitor(), visitor()
    touched(link, phone)
    at(clock.now() + HOUR)
    touched(rival, other)
    touched(third, other)
    at(clock.now() + HOUR)
    kept, lost = people(2)
    actions.recognise(SYSTEM, [(phone, kept), (other, lost)])
    merging.merge(SYSTEM, kept, lost)
    assert queries.who_brought_whom() == [(link.promoter_id, kept)]
    claim = disputes.claim(me(third.promoter_id), Click.objects.get(link=third).pk, "我先带来的")
    disputes.decide(SYSTEM, claim.pk, "moved", "聊天记录清楚")
    assert queries.who_brought_whom() == [(third.promoter_id, kept)]
    assert list(Lock.objects.order_by("number").values_list("number", "ended")) == [
        (1, "moved"),
        (2, "second"),
        (3, ""),
    ]


def test_nobody_decides_between_a_person_and_themselves(line, link, at):
    rival, third = (product_link(line, promoter) for promoter in seated(line, 2))
    somebody = visitor()
    for one in (link, rival, third):
        touched(one, somebody)
    for one in (rival, third):
        disputes.claim(me(one.promoter_id), Click.objects.get(link=one).pk, "我先带来的")
    merging.merge(SYSTEM, link.promoter_id, rival.promoter_id)
    waiting = disputes.disputes(SYSTEM).filter(decided_at=None)
    assert [claim.claimant_id for claim in waiting] == [third.promoter_id]
    assert [lock.promoter_id for lock in living(somebody)] == [link.promoter_id]
