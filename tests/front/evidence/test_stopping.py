"""What a picture may still earn stays with a line that is over."""

import pytest

from loop28.front.evidence import actions
from loop28.front.evidence.models import Why
from loop28.front.evidence.queries import provable_of
from loop28.front.lines import course
from loop28.front.rewards.models import Entitlement
from loop28.front.tasks import standstill
from loop28.kernel.access import Actor, Role
from tests.factories import staff
from tests.front.evidence import kit
from tests.line_kit import live_until, local

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def line(at, uploads):
    """It stopped on the evening after the one task with a picture was over."""
    line = kit.open_line()
    (member,) = kit.passing(line)
    proof = kit.send(line, member)
    live_until(local(5, 20, 59))
    return line, member, proof


def stop(line):
    admin = Actor(Role.ADMINISTRATOR, staff().pk)
    course.stop(admin, line.pk, "再见", "没有人来")
    live_until(local(6, 12))
    standstill.give_back_rest(admin, line.pk, provable_of(line.pk))


def states(member):
    return list(Entitlement.objects.filter(member=member).values_list("state", flat=True))


def test_what_a_picture_waits_for_is_kept(line):
    of, member, proof = line
    stop(of)
    kit.approve(proof, kit.reviewer(of))
    assert states(member) == ["settled"]


def test_so_is_what_another_picture_may_earn_after_one_was_turned_down(line):
    of, member, proof = line
    by = kit.reviewer(of).actor
    actions.decide(by, proof.pk, "first", "rejected", Why.values[0])
    stop(of)
    kit.approve(kit.send(of, member, "blue"), kit.reviewer(of))
    assert states(member) == ["settled"]
