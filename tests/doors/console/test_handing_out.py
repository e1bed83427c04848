"""The page on which a task is given by hand."""

import pytest

from loop28.front.ladder import actions as ladder
from loop28.front.tasks.models import Assignment
from loop28.kernel.access import SYSTEM
from tests.factories import region
from tests.front.tasks.kit import open_line, passing
from tests.phones import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(desk):
    return desk("region_manager", region("HD"))


@pytest.fixture
def line(at):
    return open_line()


def _give(client, line, **wish):
    form = client.get(f"/console/lines/{line.pk}/tasks/give")
    key = form.context["form"]["key"].value()
    said = {"task": "quiz", "to": "seated", "reason": "补一次", "key": str(key)} | wish
    return client.post(f"/console/lines/{line.pk}/tasks/give", said, follow=True)


def _given(task="quiz"):
    rows = Assignment.objects.filter(task=task, opening__startswith="hand:")
    return set(rows.values_list("member_id", flat=True))


def test_a_task_is_given_to_everybody_and_stands_in_the_journal(manager, line):
    comers = passing(line, 3)
    page = text_of(_give(manager, line))
    assert "3 people have the task now" in page
    assert "补一次" in page
    assert _given() == set(comers)
    story = text_of(manager.get(f"/console/lines/{line.pk}/journal"))
    assert "«一道小题» was given by hand to 3 people: 补一次" in story
    assert "by hand" in text_of(manager.get(f"/console/lines/{line.pk}/tasks"))


def test_it_is_given_to_a_level_or_to_those_who_were_chosen(manager, line):
    owner, second, third = passing(line, 3)
    ladder.appoint(SYSTEM, owner, "owner", "试用")
    _give(manager, line, to="owner")
    assert _given() == {owner}
    _give(manager, line, task="checkin", to="picked", members=[second, third])
    assert _given("checkin") == {second, third}


def test_choosing_nobody_is_told_beside_the_people(manager, line):
    passing(line, 1)
    answer = _give(manager, line, to="picked")
    assert answer.status_code == 422
    assert "has a seat in this line" in text_of(answer)


def test_a_form_that_is_sent_again_with_another_task_is_told_and_keeps_what_was_written(
    manager, line
):
    passing(line, 1)
    key = "8c2b1f0e-93a7-4d57-8a50-0d6d1f1e7a11"
    _give(manager, line, key=key)
    answer = _give(manager, line, key=key, task="checkin", reason="他那天病了")
    assert answer.status_code == 422
    assert "already sent with other values" in text_of(answer)
    assert "他那天病了" in answer.content.decode()
    assert not _given("checkin")


def test_the_same_form_sent_twice_gives_once(manager, line):
    passing(line, 1)
    said = {
        "task": "quiz",
        "to": "seated",
        "reason": "补",
        "key": "8c2b1f0e-93a7-4d57-8a50-0d6d1f1e7a11",
    }
    for _ in range(2):
        manager.post(f"/console/lines/{line.pk}/tasks/give", said)
    assert Assignment.objects.filter(opening__startswith="hand:").count() == 1
