"""Many at once, and a process that ends in the middle: one click, one lock, or nothing at all."""

from datetime import timedelta
from functools import partial

import pytest

from loop28.front.referrals import actions, disputes, queries, sharing
from loop28.front.referrals.models import Click, Decision, Dispute, Fan, Link, Lock
from loop28.front.referrals.refusals import ClaimDecided, FanIsFree
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from loop28.kernel.journal.models import Entry
from tests.front.referrals.kit import living, me, product_link, told, touched, visitor
from tests.line_kit import people, seated
from tests.races import Died, dying_at, meanwhile, together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def rival(line):
    return product_link(line, seated(line, 1)[0])


def test_clicks_of_one_person_in_the_same_instant_count_once_and_lock_once(link):
    somebody = visitor()
    answers = together(*[lambda: touched(link, somebody)] * 6)
    assert sorted(answers) == [[False]] * 5 + [[True]]
    assert Click.objects.count() == Lock.objects.count() == Fan.objects.count() == 1
    assert len(told("LinkClicked")) == len(told("FanLocked")) == 1


def test_of_two_promoters_in_the_same_instant_one_gets_the_fan(link, rival):
    visitors = [visitor() for _ in range(20)]
    backwards = visitors[::-1]
    together(
        *[lambda: touched(link, *visitors), lambda: touched(rival, *backwards)] * 2,
    )
    assert Click.objects.count() == 40
    assert Lock.objects.count() == len(told("FanLocked")) == 20
    assert all(len(living(code)) == 1 for code in visitors)


def test_a_member_who_is_recognised_on_two_phones_at_once_is_one_fan(link):
    one, other = visitor(), visitor()
    touched(link, one, other)
    (member,) = people(1)
    answers = together(
        lambda: actions.recognise(SYSTEM, [(one, member)]),
        lambda: actions.recognise(SYSTEM, [(other, member)]),
    )
    assert answers == [None, None]
    assert Fan.objects.filter(member=member).count() == 1
    assert Fan.objects.exclude(same_as=None).count() == 1


def test_the_same_link_asked_for_at_once_is_one(line, link):
    me_ = me(link.promoter_id)
    made = together(*[lambda: sharing.share(me_, line.pk, "product", place="宝妈群").pk] * 5)
    assert len(set(made)) == 1
    assert Link.objects.count() == 2


def test_a_claim_is_made_once_and_decided_once(link, rival):
    somebody = visitor()
    touched(link, somebody)
    touched(rival, somebody)
    click = Click.objects.get(link=rival)
    claimant = me(rival.promoter_id)
    claims = together(*[lambda: disputes.claim(claimant, click.pk, "是我带来的").pk] * 4)
    dispute = Dispute.objects.get()
    assert claims == [dispute.pk] * 4
    answers = together(
        *[lambda: disputes.decide(SYSTEM, dispute.pk, Decision.MOVED, "聊天记录清楚")] * 4
    )
    assert [type(answer) for answer in answers if answer is not None] == [ClaimDecided] * 3
    assert [lock.promoter_id for lock in living(somebody)] == [rival.promoter_id]
    assert len(told("FanClaimed")) == len(told("FanClaimDecided")) == 1


def test_who_is_recognised_while_a_person_decides_is_given_to_nobody(line, link, rival, at):
    (member,) = people(1)
    at(clock.now() + timedelta(hours=1))
    somebody = visitor()
    touched(link, somebody)
    touched(rival, somebody)
    claim = disputes.claim(me(rival.promoter_id), Click.objects.get(link=rival).pk, "我带来的")
    moves = partial(disputes.decide, SYSTEM, claim.pk, Decision.MOVED, "聊天记录清楚")
    with meanwhile(moves, after='FROM "referrals_lock"') as answers:
        actions.recognise(SYSTEM, [(somebody, member)])
    assert [type(answer) for answer in answers] == [FanIsFree]
    assert living(somebody) == []


@pytest.mark.parametrize("statement", range(2, 14))
def test_who_dies_in_the_middle_has_done_nothing_and_does_it_whole_the_next_time(link, statement):
    somebody = visitor()
    before = Entry.objects.count()
    died = False
    try:
        with dying_at(statement):
            touched(link, somebody, network="203.0.113.0/24")
    except Died:
        died = True
    if died:
        assert not Fan.objects.filter(code=somebody).exists()
        assert Entry.objects.count() == before
    assert touched(link, somebody, network="203.0.113.0/24") == [died]
    assert queries.counted([link.pk])[link.pk] == queries.Counted(1, 0, 1)
    assert Entry.objects.count() == before + 2
