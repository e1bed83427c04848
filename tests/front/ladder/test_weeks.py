"""A region opens what it owes in a week once, however often it is asked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from loop28.front.ladder import actions as ladder
from loop28.front.ladder.weeks import Wish, open_owed
from loop28.front.lines import refusals
from loop28.front.lines.models import Line
from loop28.front.playbooks import actions as playbooks
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.refusals import Refusal
from tests.factories import member
from tests.line_kit import SMALL, START, moving_clock, region
from tests.races import together


def host() -> int:
    """Somebody who may host."""
    found = member().pk
    ladder.appoint(SYSTEM, found, "owner", "first")
    return found


@pytest.fixture
def wish(transactional_db):
    with moving_clock():
        version = playbooks.publish(SYSTEM, SMALL.read_text())
        yield Wish(
            region=region("HD").pk,
            playbook=version.pk,
            start_day=START,
            host=host(),
            size=20,
            budget_fen=10_000,
        )


def test_the_same_wish_again_is_the_line_that_is_there(wish):
    line = open_owed(SYSTEM, wish)
    assert open_owed(SYSTEM, wish) == line
    assert Line.objects.count() == 1


def test_a_week_takes_as_many_lines_as_the_region_owes(wish):
    open_owed(SYSTEM, wish)
    other = replace(wish, host=host(), start_day=START + timedelta(days=6))
    with pytest.raises(refusals.WeekIsFilled) as no:
        open_owed(SYSTEM, other)
    assert no.value.field == "start_day"
    open_owed(SYSTEM, replace(other, start_day=START + timedelta(days=7)))
    assert Line.objects.count() == 2


def test_a_host_of_another_region_on_that_day_is_busy(wish):
    open_owed(SYSTEM, wish)
    with pytest.raises(Refusal) as no:
        open_owed(SYSTEM, replace(wish, region=region("HN").pk))
    assert no.value.field == "host"


def test_a_manager_opens_for_their_own_region_and_others_for_none(wish):
    with pytest.raises(NotAllowed):
        open_owed(Actor(Role.REGION_MANAGER, 1, region("HN").pk), wish)
    with pytest.raises(NotAllowed):
        open_owed(Actor(Role.AUDITOR, 1), wish)
    assert not Line.objects.exists()


def test_two_people_who_open_the_week_at_once_open_one_line(wish):
    other = replace(wish, host=host())
    first, second = together(lambda: open_owed(SYSTEM, wish), lambda: open_owed(SYSTEM, other))
    assert {type(first), type(second)} == {Line, refusals.WeekIsFilled}
    assert Line.objects.count() == 1


def test_a_button_pressed_twice_opens_one_line(wish):
    first, second = together(*[lambda: open_owed(SYSTEM, wish)] * 2)
    assert first == second == Line.objects.get()
