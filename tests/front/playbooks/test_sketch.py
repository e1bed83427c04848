"""The days of a playbook while it is being written."""

from hypothesis import given
from hypothesis import strategies as st

from loop28.front.playbooks.reading import read
from loop28.front.playbooks.sketch import sketch
from loop28.front.playbooks.timetable import timeline
from tests.front.playbooks.kit import PROGRAMMES, SMALL, changed, parsed

WEEKLY = (PROGRAMMES / "weekly-home-kitchen.yaml").read_text()


def of(text):
    return sketch(read(text))


def test_a_good_playbook_has_all_its_days_and_beats_in_their_order():
    found = of(SMALL)
    moments = [m.key for m in timeline(parsed()) if m.part == 0]
    assert [day.number for day in found.days] == [1, 2, 3, 4, 5]
    assert [one.beat.key for day in found.days for one in day.beats] == moments
    assert found.beats == len(parsed().beats)


def test_every_beat_knows_its_line_in_the_text():
    lines = SMALL.splitlines()
    for day in of(SMALL).days:
        for one in day.beats:
            assert one.beat.key in lines[one.line - 1]


def test_a_beat_with_a_mistake_of_form_is_left_out_and_the_others_stay():
    found = of(changed('at: "09:00"', 'at: "9:00"'))
    assert found.beats == of(SMALL).beats - 1
    assert found.playbook is None


def test_a_broken_rule_leaves_the_timeline_whole():
    assert of(changed('budget: "200.00"', 'budget: "0.01"')).beats == of(SMALL).beats


def test_a_beat_on_a_day_of_no_phase_is_shown_there():
    found = of(SMALL.replace("day: 1\n", "day: 99\n", 1))
    assert (found.days[-1].number, found.days[-1].phase) == (99, "")
    assert len(found.days[-1].beats) == 1


@given(st.integers(0, len(SMALL)), st.integers(0, 80), st.text("ab:-#\"'\n 1", max_size=6))
def test_whatever_is_typed_there_is_a_sketch_or_none_and_never_a_crash(at, length, typed):
    found = of(SMALL[:at] + typed + SMALL[at + length :])
    assert found.beats >= 0


def test_a_weekly_playbook_is_sketched_by_weekday_those_of_every_week_first():
    found = of(WEEKLY)
    assert found.playbook is None
    assert found.beats == WEEKLY.count("kind: ")
    weeks = [(day.week, day.number) for day in found.days]
    assert weeks == sorted(weeks)
    assert all(1 <= number <= 7 for _week, number in weeks)


def test_a_weekly_beat_with_a_mistake_leaves_the_others():
    assert of(WEEKLY.replace("kind: post", "kind: pots", 1)).beats == of(WEEKLY).beats - 1
    assert of("weekly: 1\nbeats: 7\n").days == ()


@given(st.integers(0, len(WEEKLY)), st.integers(0, 80), st.text("ab:-#\"'\n 1", max_size=6))
def test_whatever_is_typed_in_a_weekly_one_never_crashes(at, length, typed):
    assert of(WEEKLY[:at] + typed + WEEKLY[at + length :]).beats >= 0
