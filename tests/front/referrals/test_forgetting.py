"""Visitors who never joined are forgotten; what was counted stays."""

from datetime import timedelta

import pytest

from loop28.front.referrals import actions, queries
from loop28.front.referrals.forgetting import Forgotten, forget
from loop28.front.referrals.models import Crowd, Fan, Lock, Salt
from loop28.front.referrals.rules import LOCK
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, NotAllowed
from loop28.kernel.jobs import run_due
from tests.front.referrals.kit import me, product_link, told, touched, visitor
from tests.line_kit import people, seated

pytestmark = pytest.mark.django_db


def test_a_visitor_is_forgotten_when_the_lock_is_over_and_who_joined_is_not(line, link, at):
    stranger, joined = visitor(), visitor()
    touched(link, stranger, joined)
    at(clock.now() + timedelta(hours=1))
    actions.recognise(SYSTEM, [(joined, people(1)[0])])
    at(clock.now() + LOCK - timedelta(hours=1, microseconds=1))
    assert forget(SYSTEM, dry_run=True).visitors == 0
    at(clock.now() + timedelta(microseconds=1))
    assert forget(SYSTEM, dry_run=True).visitors == 1
    assert Fan.objects.filter(code=stranger).exists()  # a dry run does nothing
    assert forget(SYSTEM).visitors == 1
    assert list(Fan.objects.exclude(code=None).values_list("code", flat=True)) == [joined]
    assert queries.counted([link.pk])[link.pk].clicks == 2
    assert forget(SYSTEM).visitors == 0
    assert [fact["count"] for fact in told("VisitorsForgotten")] == [1]


def test_who_comes_again_after_that_is_somebody_new(line, link, at):
    somebody = visitor()
    touched(link, somebody)
    at(clock.now() + LOCK)
    forget(SYSTEM)
    assert touched(link, somebody) == [True]
    assert Lock.objects.count() == Fan.objects.count() == 2


def test_a_new_lock_keeps_a_visitor_known(line, link, at):
    rival = product_link(line, seated(line, 1)[0])
    somebody = visitor()
    touched(link, somebody)
    at(clock.now() + LOCK)
    touched(rival, somebody)
    assert forget(SYSTEM).visitors == 0


def test_the_worker_does_it_once_a_day_and_throws_the_key_of_yesterday_away(line, link, at):
    run_due(clock.now())
    somebody = visitor()
    touched(link, somebody, network="203.0.113.0/24")
    yesterday = Salt.objects.get()
    at(clock.now() + LOCK)
    run_due(clock.now())
    assert Salt.objects.get().day == yesterday.day + LOCK
    assert Salt.objects.get().salt != yesterday.salt
    assert not Crowd.objects.exists()
    assert not Fan.objects.filter(code=somebody).exists()


def test_todays_crowds_stay(link):
    touched(link, visitor(), network="203.0.113.0/24")
    assert forget(SYSTEM) == Forgotten(0, 0)
    assert Crowd.objects.count() == 1


def test_members_do_not_make_the_house_forget(link):
    with pytest.raises(NotAllowed):
        forget(me(link.promoter_id))
