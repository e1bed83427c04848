"""Rehearsed lines as ranges beside a real one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loop28.front.groups import actions as groups
from loop28.insight.metrics.rehearsed import Share, last_real, ranges
from loop28.insight.metrics.versions import by_version
from loop28.kernel.access import SYSTEM, Actor, Role
from tests.line_kit import live_until, local, open_line, region, says, seated

counts = st.integers(0, 500)
reports = st.fixed_dictionaries(
    {
        "joined": counts,
        "opted_in": counts,
        "tasks_completed": counts,
        "owners": counts,
        "budget_spent_fen": st.integers(0, 10**8),
    }
)


def report(joined, opted_in):
    return {
        "joined": joined,
        "opted_in": opted_in,
        "tasks_completed": 35,
        "owners": 2,
        "budget_spent_fen": 10_000,
    }


@given(st.lists(reports, min_size=1, max_size=7))
def test_the_middle_is_between_the_ends_and_all_three_were_played(played):
    found = ranges(played, None)
    for name in ("joined", "passed", "tasks", "owners", "spent"):
        of = getattr(found, name)
        assert of.low.order <= of.middle.order <= of.high.order
        assert of.real is None
    assert {found.joined.low.part, found.joined.high.part} <= {one["joined"] for one in played}


def test_shares_are_sorted_by_what_they_are_and_not_by_their_part():
    found = ranges([report(100, 30), report(50, 20), report(200, 50)], None)
    assert found.passed.low == Share(50, 200)
    assert found.passed.middle == Share(30, 100)
    assert found.passed.high == Share(20, 50)
    assert found.spent.high.each == 200


def test_of_nobody_there_is_no_share():
    assert Share(5, 0).each is None
    assert ranges([report(0, 0)], None).passed.low.order == -1


@pytest.mark.django_db
def test_the_last_real_line_is_the_one_that_ended_last_of_those_the_actor_sees(at, line):
    people = seated(line, 4)
    live_until(local(2, 20, 1))
    groups.receive(SYSTEM, [says(line, people[0], "1", local(2, 20, 1))])
    running = last_real(SYSTEM, [line.playbook_id])
    assert running is None
    live_until(local(5, 22))
    real = last_real(SYSTEM, [line.playbook_id])
    assert real.line == line
    assert ranges([report(10, 1)], real).passed.real == Share(1, 4)
    stranger = Actor(Role.REGION_MANAGER, 1, region("HN").pk)
    assert last_real(stranger, [line.playbook_id]) is None


@pytest.mark.django_db
def test_a_version_counts_the_lines_the_actor_sees_and_those_who_were_called(at, line):
    people = seated(line, 4)
    open_line(code="HN")
    before = by_version(SYSTEM, [line.playbook_id, 404])
    of = before[line.playbook_id]
    assert (of.lines, of.running, of.joined, of.screened) == (2, 2, 4, 0)
    assert before[404].lines == 0
    live_until(local(2, 20, 1))
    groups.receive(SYSTEM, [says(line, people[0], "1", local(2, 20, 1))])
    manager = Actor(Role.REGION_MANAGER, 1, line.region_id)
    of = by_version(manager, [line.playbook_id])[line.playbook_id]
    assert (of.lines, of.screened, of.passed) == (1, 4, 1)
    live_until(local(5, 22))
    assert by_version(manager, [line.playbook_id])[line.playbook_id].running == 0
