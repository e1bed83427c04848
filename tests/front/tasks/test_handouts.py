"""Staff give a task by hand: beside what somebody has, once a key, with a reason."""

from functools import partial
from uuid import UUID, uuid4

import pytest

from loop28.back.finance.refusals import KeyUsed
from loop28.front.lines import actions as lines
from loop28.front.lines import course
from loop28.front.lines.models import Line
from loop28.front.lines.refusals import LineIsOver
from loop28.front.rewards.models import Entitlement
from loop28.front.tasks.handouts import hand_out, handouts
from loop28.front.tasks.models import Assignment, Handout
from loop28.front.tasks.refusals import NobodyChosen, NoSuchTask
from loop28.kernel.access import Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from loop28.kernel.refusals import Refusal
from tests.factories import region, staff
from tests.front.tasks import kit
from tests.front.tasks.kit import open_line, own, passing
from tests.line_kit import local, people
from tests.races import together

KEY = UUID("8c2b1f0e-93a7-4d57-8a50-0d6d1f1e7a11")
OTHER = UUID("8c2b1f0e-93a7-4d57-8a50-0d6d1f1e7a12")


@pytest.fixture(autouse=True)
def move(at):
    return at


@pytest.fixture
def line(db):
    return open_line()


@pytest.fixture
def manager(db):
    place = region("HD")
    return Actor(Role.REGION_MANAGER, staff(Role.REGION_MANAGER, place).pk, place.pk)


def given():
    return Assignment.objects.filter(opening__startswith="hand:")


def test_a_task_given_twice_is_there_twice_and_each_counts_for_itself(line, manager):
    (member,) = passing(line, 1)
    for key in (KEY, OTHER):
        assert hand_out(manager, line.pk, "checkin", [member], "他那天病了", key) == 1
    windows = set(given().values_list("opened_at", "closes_at"))
    assert windows == {(local(3, 8, 30), local(4, 8, 30))}
    kit.check_in(own(member), line.pk)
    assert given().exclude(done_at=None).count() == 2
    assert Entitlement.objects.count() == 3


def test_the_same_key_is_the_same_handout(line, manager):
    comers = passing(line, 2)
    for _ in range(2):
        assert hand_out(manager, line.pk, "quiz", comers, "补一次", KEY) == 2
    assert given().count() == 2
    assert handouts(manager, line.pk).get().reason == "补一次"
    assert Entry.objects.filter(kind="TaskHandedOut").count() == 1


def test_the_same_key_with_another_content_is_no_handout_and_is_told(line, manager):
    one, two = passing(line, 2)
    hand_out(manager, line.pk, "quiz", [one], "补一次", KEY)
    others = [
        ("checkin", [one], "补一次"),
        ("quiz", [two], "补一次"),
        ("quiz", [one, two], "补一次"),
        ("quiz", [one], "病了"),
    ]
    for task, members, reason in others:
        with pytest.raises(KeyUsed):
            hand_out(manager, line.pk, task, members, reason, KEY)
    assert given().count() == 1


def test_the_same_handout_is_known_when_those_who_got_it_have_left(line, manager):
    comers = passing(line, 2)
    hand_out(manager, line.pk, "quiz", comers, "补一次", KEY)
    for one in comers:
        lines.leave(own(one), line.pk, one)
        assert hand_out(manager, line.pk, "quiz", comers, "补一次", KEY) == 2
    assert given().count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_double_click_in_the_same_instant_gives_one_task(move):
    line = open_line()
    (member,) = passing(line, 1)
    admin = Actor(Role.ADMINISTRATOR, staff().pk)
    call = partial(hand_out, admin, line.pk, "quiz", [member], "补一次", KEY)
    assert together(call, call, call) == [1, 1, 1]
    assert (given().count(), Handout.objects.count()) == (1, 1)


def test_only_people_of_the_line_get_it(line, manager):
    (member,) = passing(line, 1)
    (stranger,) = people(1)
    assert hand_out(manager, line.pk, "quiz", [member, stranger], "补一次", KEY) == 1
    with pytest.raises(NobodyChosen):
        hand_out(manager, line.pk, "quiz", [stranger], "补一次", OTHER)


def test_what_makes_no_sense_is_refused(line, manager):
    (member,) = passing(line, 1)
    give = partial(hand_out, manager, line.pk)
    with pytest.raises(NoSuchTask):
        give("nothing", [member], "补一次", uuid4())
    with pytest.raises(Refusal):
        give("quiz", [member], " ", uuid4())
    course.stop(manager, line.pk, "再见", "没有人来")
    with pytest.raises(LineIsOver):
        give("quiz", [member], "补一次", uuid4())
    assert not given().exists()


def test_only_who_runs_the_region_gives(line):
    (member,) = passing(line, 1)
    south = region("HN")
    for actor in (own(member), own(line.host_id), Actor(Role.MIDDLE, staff(Role.MIDDLE).pk)):
        with pytest.raises(NotAllowed):
            hand_out(actor, line.pk, "quiz", [member], "补一次", KEY)
    elsewhere = Actor(Role.REGION_MANAGER, staff(Role.REGION_MANAGER, south).pk, south.pk)
    with pytest.raises(Line.DoesNotExist):
        hand_out(elsewhere, line.pk, "quiz", [member], "补一次", KEY)
