"""A promoter is erased: their fans are free, their claims are over, and who brought whom stays."""

from datetime import timedelta

import pytest

from loop28.front.privacy import actions as privacy
from loop28.front.referrals import actions, disputes, queries
from loop28.front.referrals.models import Click, Decision, Lock
from loop28.front.referrals.refusals import ClaimDecided
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from tests.front.referrals.kit import living, me, product_link, told, touched, visitor
from tests.line_kit import people, seated

pytestmark = pytest.mark.django_db


@pytest.fixture
def rival(line):
    return product_link(line, seated(line, 1)[0])


def claimed(link):
    return disputes.claim(me(link.promoter_id), Click.objects.get(link=link).pk, "是我先带来的")


def test_their_fans_are_whose_link_they_touch_next(link, rival):
    somebody = visitor()
    touched(link, somebody)
    privacy.erase(SYSTEM, [link.promoter_id])
    assert Lock.objects.get().ended == "erased"
    touched(rival, somebody)
    assert [lock.promoter_id for lock in living(somebody)] == [rival.promoter_id]
    assert told("FanLockEnded") == []  # it was a lock, and counts for what it was


def test_whom_they_brought_they_brought(link, at):
    somebody, another = visitor(), visitor()
    touched(link, somebody, another)
    at(clock.now() + timedelta(hours=1))
    (joined,) = people(1)
    actions.recognise(SYSTEM, [(somebody, joined)])
    at(clock.now() + timedelta(hours=1))
    privacy.erase(SYSTEM, [link.promoter_id])
    at(clock.now() + timedelta(hours=1))
    actions.recognise(SYSTEM, [(another, people(1)[0])])
    assert queries.who_brought_whom() == [(link.promoter_id, joined)]


def test_nobody_is_given_a_fan_any_more(link, rival):
    somebody = visitor()
    touched(link, somebody)
    touched(rival, somebody)
    claim = claimed(rival)
    privacy.erase(SYSTEM, [rival.promoter_id])
    with pytest.raises(ClaimDecided):
        disputes.decide(SYSTEM, claim.pk, Decision.MOVED, "聊天记录清楚")
    assert [lock.promoter_id for lock in living(somebody)] == [link.promoter_id]


def test_what_others_claim_of_theirs_is_free_and_needs_no_decision(link, rival):
    somebody = visitor()
    touched(link, somebody)
    touched(rival, somebody)
    claimed(rival)
    privacy.erase(SYSTEM, [link.promoter_id])
    assert not disputes.disputes(SYSTEM).filter(decided_at=None).exists()
    assert touched(rival, somebody) == [False]
    assert [lock.promoter_id for lock in living(somebody)] == [rival.promoter_id]
