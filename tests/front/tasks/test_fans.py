"""Fans and clicks move the tasks of who shared the link, in the line whose link it is."""

import pytest

from loop28.front.referrals import actions as referrals
from loop28.front.referrals import sharing
from loop28.front.referrals.actions import Touch
from loop28.front.referrals.models import Lock, Target
from loop28.kernel.access import SYSTEM
from tests.front.tasks.kit import assignment, open_line, own, passing
from tests.line_kit import local, people

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
