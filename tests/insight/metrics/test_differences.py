"""What the best lines did differently: who is best, what stands out, and what is measured."""

from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from loop28.front.groups import actions as groups
from loop28.front.ladder import actions as ladder
from loop28.front.lines import actions as lines
from loop28.front.lines.models import Beat, Line
from loop28.insight.metrics import differences
from loop28.insight.metrics.differences import ENOUGH, Habit, Side, Watched, compare
from loop28.kernel.access import SYSTEM
from tests.line_kit import live_until, local, open_line, says, seated


def watched(*lines_: tuple[int, int, float]) -> list[Watched]:
    """(joined, passed, how many inviters) of lines that are otherwise alike."""
    return [
        Watched(Line(pk=n), joined, passed, dict.fromkeys(Habit, 1.0) | {Habit.INVITERS: inviters})
        for n, (joined, passed, inviters) in enumerate(lines_)
    ]


def test_the_best_third_is_compared_with_the_rest():
    found = compare(watched(*[(10, n, 8 + n if n > 5 else 2) for n in range(9)]))
    assert [one.passed for one in found.best] == [8, 7, 6]
    assert [one.passed for one in found.rest] == [5, 4, 3, 2, 1, 0]
    first, *others = found.differences
    assert (first.habit, first.best, first.rest) == (
        Habit.INVITERS,
        Side(15, 14, 16),
        Side(2, 2, 2),
    )
    assert first.by_chance == 1 / 84  # of all ways to choose three of nine none does as well
    assert first.stands_out
    assert {other.by_chance for other in others} == {1}  # lines that do the same cannot differ


def test_what_a_split_at_random_does_as_well_does_not_stand_out():
    mixed = [(10, n, n % 3) for n in range(12)]
    assert not any(difference.stands_out for difference in compare(watched(*mixed)).differences)


def test_without_a_reason_one_of_twenty_comparisons_stands_out():
    chance = Random(1)
    found = [
        compare(watched(*[(10, n, chance.random()) for n in range(15)])).differences
        for _ in range(60)
    ]
    seen = [one.stands_out for of in found for one in of if one.habit is Habit.INVITERS]
    assert sum(seen) / len(seen) < 0.15


def test_many_lines_are_split_by_samples_and_always_the_same():
    lines_ = [(100, n, 3 * (n > 47) + n % 2) for n in range(72)]
    one, other = compare(watched(*lines_)), compare(watched(*lines_))
    assert one.differences == other.differences
    assert one.differences[0].habit is Habit.INVITERS
    assert one.differences[0].stands_out


def test_few_lines_are_not_compared():
    assert compare(watched(*[(10, n, n) for n in range(ENOUGH - 1)])).differences == []
    assert compare([]).differences == []


@given(
    st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500), st.integers(0, 50)), max_size=30)
)
def test_every_line_is_on_one_side_and_none_of_the_rest_passed_better(rows):
    found = compare(watched(*rows))
    assert len(found.best) + len(found.rest) == len(rows)
    assert (
        min((o.rate for o in found.best), default=1) >= max((o.rate for o in found.rest), default=0)
        or not found.best
    )
    assert len(found.differences) == (len(Habit) if len(rows) >= ENOUGH else 0)


def habits(line: Line) -> dict[Habit, float]:
    (one,) = differences.of_playbook(SYSTEM, line.playbook_id).rest
    return one.habits


@pytest.mark.django_db
def test_the_habits_of_a_line_are_counted(at, line):
    ann, *others = seated(line, 4)
    ladder.appoint(SYSTEM, line.host_id, "supervisor", "long with us")
    live_until(local(1, 10))
    said = [(ann, "早", 10), (ann, "晚上好", 20), (line.host_id, "欢迎", 21)]
    for who, text, hour in said:
        live_until(local(1, hour))
        groups.receive(SYSTEM, [says(line, who, text, local(1, hour))])
    live_until(local(2, 21))
    lines.let_in(SYSTEM, line.pk, others[:1])
    before = habits(line)
    first = Beat.objects.filter(line=line, state="done").first()
    Beat.objects.filter(pk=first.pk).update(state="skipped")
    Beat.objects.create(
        **{
            f.name: getattr(first, f.name) for f in Beat._meta.fields if f.name not in {"id", "key"}
        },
        key="an-evening-more",
    )
    (one,) = differences.of_playbook(SYSTEM, line.playbook_id).rest
    assert (one.joined, one.passed) == (4, 1)
    assert one.habits[Habit.SUPERVISOR] == 1
    assert one.habits[Habit.INVITERS] == 1
    assert one.habits[Habit.WROTE] == 1
    assert round(one.habits[Habit.EVENING]) == 67
    assert one.habits[Habit.GATHERED] == 1
    assert one.habits[Habit.SKIPPED] == before[Habit.SKIPPED] + 1
    assert (before[Habit.ADDED], one.habits[Habit.ADDED]) == (0, 1)


@pytest.mark.django_db
def test_lines_before_their_call_are_left_out_and_many_cost_as_many_statements_as_one(at, line):
    others = [open_line(code="HN"), open_line(code="HB")]
    live_until(local(2, 21))
    calls = Beat.objects.filter(kind="call", line__in=others)
    calls.update(state="planned")
    with CaptureQueriesContext(connection) as one:
        assert len(differences.of_playbook(SYSTEM, line.playbook_id).rest) == 1
    calls.filter(line=others[0]).update(state="done")
    with CaptureQueriesContext(connection) as many:
        found = differences.of_playbook(SYSTEM, line.playbook_id)
    assert {one.line for one in found.rest} == {line, others[0]}
    assert len(many) == len(one)
