"""Fans and clicks move the tasks of who shared the link, in the line whose link it is."""

import pytest

from loop28.front.lines import actions as lines
from loop28.front.referrals import actions as referrals
from loop28.front.referrals import disputes, sharing
from loop28.front.referrals.actions import Touch
from loop28.front.referrals.models import Click, Decision, Lock, Target
from loop28.kernel.access import SYSTEM
from tests.front.tasks.kit import assignment, open_line, own, passing
from tests.line_kit import live_until, local, people, seated

pytestmark = pytest.mark.django_db
OPEN = local(4, 8, 30)


@pytest.fixture(autouse=True)
def move(at):
    return at


@pytest.fixture
def line():
    return open_line(("target: 1\n    window: 1d", "target: 2\n    window: 1d"))


@pytest.fixture
def member(line):
    (number,) = passing(line, 1, OPEN)
    return number


def touch(line, promoter, *visitors, **who):
    link = sharing.share(own(promoter), line.pk, Target.PRODUCT)
    touches = [Touch(link.pk, visitor=visitor) for visitor in visitors]
    return referrals.touch(SYSTEM, touches or [Touch(link.pk, **who)])


def give(claimant):
    """A person decides that who touched the claimant's link is theirs."""
    click = Click.objects.get(link__promoter=claimant)
    dispute = disputes.claim(own(claimant), click.pk, "是我先带来的")
    disputes.decide(SYSTEM, dispute.pk, Decision.MOVED, "聊天记录清楚")


def stand(line, member):
    row = assignment(line, member, "lock-fan")
    return row.progress, row.done_at is not None


def test_strangers_who_touch_the_link_are_counted_each_once(line, member):
    touch(line, member, 11)
    touch(line, member, 11)
    assert stand(line, member) == (1, False)
    touch(line, member, 11, 12)
    assert stand(line, member) == (2, True)


def test_a_fan_of_somebody_else_and_oneself_count_for_nobody_more(line, member):
    (other,) = people(1)
    touch(line, line.host_id, 11)
    touch(line, member, 11)
    touch(line, member, member=member)
    touch(line, member, member=other)
    assert stand(line, member) == (0, False)


def test_a_lock_that_turns_out_to_be_none_is_taken_back(line, member):
    touch(line, member, 11, 12)
    lock = Lock.objects.order_by("id").first()
    referrals.recognise(SYSTEM, [(11, member)])  # it was their own second phone
    lock.refresh_from_db()
    assert lock.ended == "self"
    assert stand(line, member)[0] == 1


def test_a_fan_who_is_given_to_another_counts_where_a_task_asks_what_their_link_leads_to():
    of_product = "{fact: fan_locked, count: distinct, at_least: 1, where: {target: product}}"
    line = open_line(
        ("kind: lock_fans\n", f"kind: measured\n    measure: {of_product}\n"),
        ("target: 1\n    window: 1d", "window: 1d"),
    )
    loser, claimant = passing(line, 2, OPEN)
    for promoter in (loser, claimant):
        touch(line, promoter, 11)
    give(claimant)
    assert (stand(line, loser)[1], stand(line, claimant)[1]) == (False, True)


def test_a_fan_who_is_given_to_another_counts_in_the_line_of_the_other(line):
    there = open_line(code="HN")
    (member,), (claimant,) = seated(line, 1), seated(there, 1)
    live_until(local(2, 20, 1))
    lines.let_in(SYSTEM, line.pk, [member])
    lines.let_in(SYSTEM, there.pk, [claimant])
    live_until(OPEN)
    for of, promoter in ((line, member), (there, claimant)):
        touch(of, promoter, 11)
    give(claimant)
    assert (stand(line, member)[0], stand(there, claimant)[0]) == (0, 1)
