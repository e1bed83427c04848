"""The leader board of a line: tasks, not money; the same for the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loop28.front.lines import actions as lines
from loop28.front.lines.models import Line
from loop28.front.tasks import actions, board, rules
from loop28.front.tasks.models import Assignment
from loop28.kernel.access import SYSTEM, Actor, Role
from tests.front.tasks.kit import open_line, own, passing, report, sale
from tests.line_kit import people, region, seated

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def move(at):
    return at


@pytest.fixture
def line():
    return open_line()


def does(line, member, number):
    rows = Assignment.objects.filter(line=line, member_id=member).order_by("id")[:number]
    actions.complete(SYSTEM, [(row.pk, "test") for row in rows])


@given(st.dictionaries(st.integers(1, 50), st.integers(1, 9)))
def test_a_place_is_one_more_than_how_many_did_more(counts):
    found = rules.places(counts)
    assert sorted(who for _, who, _ in found) == sorted(counts)
    for place, who, count in found:
        assert count == counts[who]
        assert place == 1 + sum(other > count for other in counts.values())


def test_counts_tasks_and_not_money(line):
    first, rich, second, idle = passing(line, 4)
    does(line, first, 3)
    does(line, rich, 1)
    report(*(sale(rich) for _ in range(5)))
    does(line, second, 1)
    found = [(one.place, one.member, one.tasks) for one in board.of_line(own(idle), line.pk)]
    assert found[0] == (1, first, 3)
    assert set(found[1:]) == {(2, rich, 1), (2, second, 1)}


def test_leaves_out_who_left_and_who_never_passed(line):
    stays, leaves, stayed_behind = seated(line, 3)[:3]
    members = passing(line, 2)
    for member in members:
        does(line, member, 1)
    lines.leave(SYSTEM, line.pk, members[0])
    shown = {one.member for one in board.of_line(SYSTEM, line.pk)}
    assert shown == {members[1]}
    assert not shown & {stays, leaves, stayed_behind}


def test_is_for_those_on_it_and_those_who_run_the_line(line):
    member, gone = passing(line, 2)
    does(line, member, 1)
    lines.leave(SYSTEM, line.pk, gone)
    for actor in (
        own(member),
        own(line.host_id),
        Actor(Role.REGION_MANAGER, 1, line.region_id),
        Actor(Role.AUDITOR, 1),
    ):
        assert len(board.of_line(actor, line.pk)) == 1
    for actor in (
        own(gone),
        own(people(1)[0]),
        Actor(Role.REGION_MANAGER, 1, region("HN").pk),
        Actor(Role.MACHINE, 1),
    ):
        with pytest.raises(Line.DoesNotExist):
            board.of_line(actor, line.pk)
