"""«This fan is mine»: what can be claimed, who decides, what becomes of the lock."""

from datetime import timedelta

import pytest

from loop28.front.referrals import actions, disputes
from loop28.front.referrals.models import Click, Decision, Dispute, Lock
from loop28.front.referrals.refusals import ClaimDecided, FanIsFree, NothingToClaim
from loop28.front.referrals.rules import LOCK
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, NotAllowed, Role
from loop28.kernel.text import TextMissing
from tests.factories import region, staff
from tests.front.referrals.kit import living, me, product_link, told, touched, visitor
from tests.line_kit import people, seated

pytestmark = pytest.mark.django_db


@pytest.fixture
def rival(line):
    return product_link(line, seated(line, 1)[0])


@pytest.fixture
def somebody(link, rival, at):
    """A visitor who touched both links and is locked to the first."""
    found = visitor()
    touched(link, found)
    at(clock.now() + timedelta(days=1))
    touched(rival, found)
    return found


def claim(link, words="是我先带来的"):
    return disputes.claim(me(link.promoter_id), Click.objects.get(link=link).pk, words)


def test_a_fan_goes_to_who_claims_them_for_the_rest_of_the_lock(line, link, rival, somebody):
    until = living(somebody)[0].until
    found = claim(rival)
    manager = staff(Role.REGION_MANAGER, line.region)
    disputes.decide(manager.actor, found.pk, Decision.MOVED, "聊天记录清楚")
    (lock,) = living(somebody)
    assert (lock.promoter_id, lock.until) == (rival.promoter_id, until)
    assert [fact["kind"] for fact in told("FanLockEnded")] == ["moved"]
    (fact,) = told("FanClaimDecided")
    assert (fact["decision"], fact["fan_lock"], fact["member"]) == (
        "moved",
        lock.pk,
        rival.promoter_id,
    )
    found.refresh_from_db()
    assert (found.why, found.decided_by) == ("聊天记录清楚", manager)


def test_or_stays_and_is_not_decided_again(link, rival, somebody):
    found = claim(rival)
    disputes.decide(SYSTEM, found.pk, Decision.KEPT, "先点的是对方的链接")
    assert [lock.promoter_id for lock in living(somebody)] == [link.promoter_id]
    with pytest.raises(ClaimDecided):
        disputes.decide(SYSTEM, found.pk, Decision.MOVED, "还是改了吧")
    assert claim(rival) == found  # claiming once more says nothing new


def test_what_one_has_and_what_one_never_touched_cannot_be_claimed(line, link, rival, somebody):
    with pytest.raises(NothingToClaim):
        claim(link)
    with pytest.raises(NothingToClaim):
        disputes.claim(me(rival.promoter_id), Click.objects.get(link=link).pk, "我的")
    with pytest.raises(TextMissing):
        claim(rival, " ")
    with pytest.raises(NotAllowed):
        disputes.claim(staff().actor, 1, "我的")
    assert not Dispute.objects.exists()


def test_nobody_claims_themselves(line, link, rival, at):
    phone = visitor()
    touched(link, phone)
    touched(rival, phone)
    at(clock.now() + timedelta(hours=1))
    (joined,) = people(1)
    actions.recognise(SYSTEM, [(phone, joined)])
    assert disputes.claimable(me(joined)).count() == 0
    assert disputes.claimable(me(rival.promoter_id)).count() == 1


def test_a_lock_that_is_over_is_nobodys_to_give(rival, somebody, at):
    found = claim(rival)
    at(clock.now() + LOCK)
    with pytest.raises(FanIsFree):
        disputes.decide(SYSTEM, found.pk, Decision.MOVED, "给你")
    disputes.decide(SYSTEM, found.pk, Decision.KEPT, "已经过期")
    assert Lock.objects.count() == 1


def test_a_fan_who_joined_before_they_were_moved_stays_with_who_got_them(line, rival, somebody, at):
    (joined,) = people(1)  # on a computer
    at(clock.now() + timedelta(hours=1))
    disputes.decide(SYSTEM, claim(rival).pk, Decision.MOVED, "聊天记录清楚")
    at(clock.now() + timedelta(hours=1))
    actions.recognise(SYSTEM, [(somebody, joined)])
    assert [lock.promoter_id for lock in living(somebody)] == [rival.promoter_id]


def test_only_who_runs_the_region_decides(line, rival, somebody):
    found = claim(rival)
    for role in (Role.MIDDLE, Role.FINANCE, Role.AUDITOR):
        with pytest.raises(NotAllowed):
            disputes.decide(staff(role).actor, found.pk, Decision.MOVED, "给你")
    elsewhere = staff(Role.REGION_MANAGER, region("HN"))
    with pytest.raises(Dispute.DoesNotExist):
        disputes.decide(elsewhere.actor, found.pk, Decision.MOVED, "给你")
    with pytest.raises(NotAllowed):
        disputes.decide(me(rival.promoter_id), found.pk, Decision.MOVED, "给我")
    assert list(disputes.disputes(me(rival.promoter_id))) == [found]
    assert list(disputes.disputes(elsewhere.actor)) == []
