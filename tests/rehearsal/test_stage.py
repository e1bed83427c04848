"""The stage: scripts go on at their moment, beside whatever the clock makes due."""

from datetime import timedelta
from random import Random

import pytest

from loop28.kernel import clock
from loop28.rehearsal.stage import Clockwork, Stage
from tests.line_kit import local, moving_clock

pytestmark = pytest.mark.django_db(transaction=True)


def played(*scripts, until):
    stage = Stage(None, Random(1))
    with moving_clock():
        for script in scripts:
            stage.enter(script(stage))
        stage.play(until, lambda _: None)
        return clock.now()


def test_scripts_go_on_in_the_order_of_their_moments_and_the_clock_shows_them():
    told = []

    def late(stage):
        yield local(1, 12)
        told.append(("late", clock.now()))

    def early(stage):
        yield local(1, 9)
        told.append(("early", clock.now()))
        yield local(1, 12, 10)
        told.append(("again", clock.now()))

    assert played(late, early, until=local(1, 13)) == local(1, 13)
    assert told == [
        ("early", local(1, 9)),
        ("late", local(1, 12)),
        ("again", local(1, 12, 30)),  # the slot after its moment
    ]


def test_a_script_may_wait_for_a_moment_that_has_passed_and_bring_others_in():
    told = []

    def other(stage):
        told.append("other")
        yield local(1, 8)  # passed: it goes on at once
        told.append("gone on")

    def first(stage):
        yield local(1, 10)
        stage.enter(other(stage))
        told.append("first")

    played(first, until=local(1, 10))
    assert told == ["other", "first", "gone on"]


def test_what_waits_for_a_moment_beyond_the_end_is_not_lived():
    told = []

    def script(stage):
        yield local(1, 10)
        told.append(1)
        yield local(1, 10) + timedelta(days=1)
        told.append(2)

    played(script, until=local(2, 9, 59))
    assert told == [1]


def test_where_others_work_they_are_shown_each_moment_and_say_what_is_due_next():
    shown, asked = [], []

    class Elsewhere(Clockwork):
        def move_to(self, moment):
            super().move_to(moment)
            shown.append(moment)

        def do_due(self, moment):
            asked.append(moment)
            return local(1, 10, 10) if moment < local(1, 10, 10) else None

    def script(stage):
        yield local(1, 10)

    stage = Stage(None, Random(1), Elsewhere())
    with moving_clock():
        stage.enter(script(stage))
        stage.play(local(1, 10, 30), lambda _: None)
    assert asked == [local(1, 10), local(1, 10), local(1, 10, 10), local(1, 10, 30)]
    assert sorted(shown) == shown
    assert {local(1, 10), local(1, 10, 10), local(1, 10, 30)} == set(shown)
