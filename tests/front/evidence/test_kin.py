"""Nobody reviews their own line's relatives, who a colleague is being known."""

import pytest

from loop28.front.evidence import actions, kin, queries
from loop28.front.evidence.models import Colleague, Proof
from loop28.front.lines import actions as lines
from loop28.front.lines.models import Invitation
from loop28.front.referrals import actions as referrals
from loop28.front.referrals import sharing
from loop28.front.referrals.actions import Touch
from loop28.front.referrals.models import Fan
from loop28.kernel.access import SYSTEM, NotAllowed
from loop28.middle.members import merging
from loop28.middle.members.refusals import UnknownMember
from tests.factories import member, staff
from tests.front.evidence.kit import approve, passing, reviewer, send
from tests.front.tasks.kit import own
from tests.line_kit import seated

pytestmark = pytest.mark.django_db


def may(user, proof):
    """Whether this colleague is shown the picture, has it in the queue, and may decide."""
    seen = queries.picture(user.actor, proof.pk, proof.digest) is not None
    assert (proof in queries.queue(user.actor)) == seen
    assert queries.left_to_others(user.actor) == (not seen)
    if not seen:
        with pytest.raises(Proof.DoesNotExist):
            approve(proof, user)
    return seen


@pytest.fixture
def colleague(line):
    """``colleague(member)`` is a reviewer of the line's region who is this member."""

    def known_as(number):
        user = reviewer(line)
        actions.name_colleague(SYSTEM, user.pk, number)
        return user

    return known_as


def test_a_stranger_may(line, sender, colleague):
    assert may(colleague(member().pk), send(line, sender))


def test_nobody_reviews_themselves(line, sender, colleague):
    assert not may(colleague(sender), send(line, sender))


def test_the_host_of_the_line_does_not(line, sender, colleague):
    assert not may(colleague(line.host_id), send(line, sender))


def test_somebody_of_the_same_line_does_not(line, colleague):
    one, other = passing(line, 2)
    assert not may(colleague(other), send(line, one))


def test_who_brought_them_into_a_line_does_not(line, elsewhere, colleague):
    bringer = member().pk
    way = Invitation.objects.create(line=elsewhere, inviter_id=bringer)
    stranger, brought = seated(line, 1)[0], seated(line, 1)[0]
    lines.join(SYSTEM, way.pk, [brought])
    passing(line)
    lines.let_in(SYSTEM, line.pk, [stranger, brought])
    assert not may(colleague(bringer), send(line, brought))
    Proof.objects.all().delete()
    assert may(colleague(bringer), send(line, stranger))


def test_whom_they_brought_does_not(line, elsewhere, colleague):
    (sender,), brought = seated(line, 1), member().pk
    way = Invitation.objects.create(line=elsewhere, inviter_id=sender)
    lines.join(SYSTEM, way.pk, [brought])
    passing(line)
    lines.let_in(SYSTEM, line.pk, [sender])
    assert not may(colleague(brought), send(line, sender))


def test_a_fan_who_became_a_member_and_their_promoter_do_not(line, elsewhere, colleague):
    (promoter,) = seated(elsewhere, 1)
    link = sharing.share(own(promoter), elsewhere.pk, "product")
    referrals.touch(SYSTEM, [Touch(link.pk, visitor=1)])
    (sender,) = passing(line)
    Fan.objects.update(member=sender)
    proof = send(line, sender)
    assert not may(colleague(promoter), proof)
    Fan.objects.update(member=None)
    assert may(colleague(promoter), proof)


def test_only_administrators_say_who_a_colleague_is(line):
    user, somebody = staff(), member().pk
    with pytest.raises(NotAllowed):
        actions.name_colleague(reviewer(line).actor, user.pk, somebody)
    with pytest.raises(UnknownMember):
        actions.name_colleague(SYSTEM, user.pk, 999_999)
    actions.name_colleague(user.actor, user.pk, somebody)
    actions.name_colleague(user.actor, user.pk, somebody)
    assert Colleague.objects.get().member_id == somebody
    actions.name_colleague(user.actor, user.pk, None)
    assert kin.colleague(user.pk) is None


def test_a_colleague_stays_who_they_are_when_records_become_one(line, sender, colleague):
    other = member().pk
    user = colleague(other)
    proof = send(line, sender)
    assert may(user, proof)
    merging.merge(SYSTEM, sender, other)
    assert not may(user, proof)
