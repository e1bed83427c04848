"""Answers, calls, people who come and go, a line that is stopped, in any order: as on paper."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from loop28.front.groups import actions as groups
from loop28.front.groups import queries as group_queries
from loop28.front.lines import actions, calling, course
from loop28.front.lines.models import OptIn
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.kernel.refusals import Refusal
from tests.factories import staff
from tests.front.lines.slow_screening import SlowScreening
from tests.line_kit import (
    ZONE,
    group,
    invitation,
    live_until,
    local,
    moving_clock,
    open_line,
    people,
    says,
)

WHO = st.integers(0, 4)
WHEN = [local(2, 20), local(2, 23), local(2, 23, 30), local(3, 9), local(3, 13), local(5, 21)]


def allowed(verb, *arguments, **named):
    """Whether the product does it, rather than say an expected no."""
    try:
        with transaction.atomic():
            verb(*arguments, **named)
    except Refusal:
        return False
    return True


class Screening(RuleBasedStateMachine):
    """From the last warm-up evening on; five people, one of them the host."""

    stage: Any = None

    def __init__(self):
        super().__init__()
        self.line, self.manager, self.people = self.stage
        self.example = transaction.atomic()
        self.example.__enter__()
        clock.move_to(local(2, 19, 30))
        self.paper = SlowScreening([(local(2, 20), local(2, 23))], local(2, 23, 30), local(5, 21))
        for person in self.people[:2]:
            self._join(person)

    def teardown(self):
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    @rule(who=WHO)
    def join(self, who):
        self._join(self.people[who])

    @rule(who=WHO)
    def leave(self, who):
        done = allowed(actions.leave, SYSTEM, self.line.pk, self.people[who])
        assert done == self.paper.leave(self.people[who])

    @rule(who=WHO, text=st.sampled_from(["1", "好的，1", "10", "谁打1？"]), ago=st.integers(0, 70))
    def say(self, who, text, ago):
        """A message may come in late: it counts by when it was said."""
        at = clock.now() - timedelta(minutes=ago)
        groups.receive(SYSTEM, [says(self.line, self.people[who], text, at)])
        if text in {"1", "好的，1"} and self.people[who] != self.line.host_id:
            self.paper.says_one(self.people[who], at, clock.now())

    @rule(who=WHO)
    def press(self, who):
        member = Actor(Role.MEMBER, self.people[who])
        done = allowed(actions.opt_in, member, self.line.pk)
        assert done == self.paper.presses(self.people[who], clock.now())

    @rule(who=WHO)
    def let_in(self, who):
        actions.let_in(self.manager, self.line.pk, [self.people[who]])
        self.paper.let_in(self.people[who], clock.now())

    @rule(hours=st.integers(1, 4), window=st.integers(1, 50))
    def call_again(self, hours, window):
        start = (clock.now() + timedelta(hours=hours)).astimezone(ZONE)
        terms = {"hours": window, "text": "再问一回", "reason": "没看见"}
        day = (start.date() - self.line.start_day).days + 1
        done = allowed(
            calling.call_again, self.manager, self.line.pk, day=day, at=start.time(), **terms
        )
        until = start + timedelta(hours=window)
        assert done == self.paper.call_again(start, until, clock.now())

    @rule(when=st.sampled_from(WHEN), seconds=st.integers(-1, 1))
    def wait_until(self, when, seconds):
        moment = when + timedelta(seconds=seconds)
        if moment > clock.now():
            live_until(moment)

    @rule(minutes=st.sampled_from([10, 60, 200]))
    def wait(self, minutes):
        live_until(clock.now() + timedelta(minutes=minutes))

    @rule(sure=st.integers(0, 5))
    def stop(self, sure):
        if not sure:
            done = allowed(course.stop, self.manager, self.line.pk, "到此为止", "没人了")
            assert done == self.paper.stop(clock.now())

    @invariant()
    def agrees(self):
        rows = OptIn.objects.filter(line=self.line).values_list("member_id", flat=True)
        assert sorted(rows) == sorted(self.paper.passed)
        inside = group_queries.present(group(self.line, 2), self.people)
        assert inside - {self.line.host_id} == self.paper.in_next_group(clock.now()) - {
            self.line.host_id
        }

    def _join(self, person):
        done = allowed(actions.join, SYSTEM, invitation(self.line), [person])
        assert done == self.paper.join(person, clock.now())


@pytest.mark.django_db
def test_screening_in_any_order(times):
    few = settings(max_examples=6 * times, stateful_step_count=12, deadline=None)
    with moving_clock():
        line = open_line()
        live_until(local(2, 19, 30))
        manager = staff(Role.REGION_MANAGER, line.region).actor
        Screening.stage = line, manager, [line.host_id, *people(4)]
        run_state_machine_as_test(Screening, settings=few)
