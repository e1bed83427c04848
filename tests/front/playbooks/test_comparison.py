"""Two playbooks side by side: what was added, removed, moved and changed, and what it costs."""

from datetime import time

from hypothesis import given
from hypothesis import strategies as st

from loop28.front.playbooks.comparison import How, compare
from loop28.front.playbooks.costs import cost
from loop28.front.playbooks.schema import Playbook
from tests.front.playbooks.kit import changed, parsed

SMALL = parsed()
PERCENTS = (10, 60)
BEATS = len(SMALL.beats)
TASKS = len(SMALL.tasks)


@st.composite
def variations(draw) -> Playbook:
    """The small playbook with beats left out, moved, renamed and reworded, tasks repriced, another
    budget."""
    beats = []
    for beat in SMALL.beats:
        match draw(st.sampled_from(["same", "same", "gone", "later", "renamed", "by"])):
            case "same":
                beats.append(beat)
            case "later":
                beats.append(beat.model_copy(update={"day": beat.day % 5 + 1}))
            case "renamed":
                beats.append(beat.model_copy(update={"key": f"{beat.key}-2"}))
            case "by":
                beats.append(
                    beat.model_copy(update={"by": draw(st.sampled_from(["auto", "host"]))})
                )
    tasks = [
        task.model_copy(update={"target": draw(st.integers(1, 3))})
        for task in SMALL.tasks
        if draw(st.booleans())
    ]
    changes = {"beats": beats, "tasks": tasks, "budget": draw(st.integers(0, 3)) * 10_000}
    return SMALL.model_copy(update=changes)


@given(variations())
def test_a_playbook_does_the_same_as_itself(playbook):
    assert compare(playbook, playbook, PERCENTS).same


@given(variations(), variations())
def test_seen_from_the_other_side_what_was_added_was_removed(one, two):
    there, back = compare(one, two, PERCENTS), compare(two, one, PERCENTS)
    mirrored = {How.ADDED: How.REMOVED, How.REMOVED: How.ADDED}
    for these, those in ((there.beats, back.beats), (there.tasks, back.tasks)):
        forth = {d.key: (mirrored.get(d.how, d.how), d.before, d.after) for d in these}
        assert forth == {d.key: (d.how, d.after, d.before) for d in those}
    assert [(f.name, f.before, f.after) for f in there.head] == [
        (f.name, f.after, f.before) for f in back.head
    ]


@given(variations(), variations())
def test_whatever_is_not_named_is_the_same_in_both(one, two):
    found = compare(one, two, PERCENTS)
    for these, old, new in (
        (found.beats, one.beats, two.beats),
        (found.tasks, one.tasks, two.tasks),
    ):
        named = {difference.key for difference in these}
        assert len(named) == len(these)
        left = [{t.key: t for t in things if t.key not in named} for things in (old, new)]
        assert left[0] == left[1]


@given(variations(), variations())
def test_every_difference_says_fields_that_differ(one, two):
    found = compare(one, two, PERCENTS)
    for difference in (*found.beats, *found.tasks):
        both = difference.how in {How.MOVED, How.CHANGED}
        assert bool(difference.fields) == both
        assert all(field.before != field.after for field in difference.fields)


@given(variations(), variations())
def test_costs_are_those_of_each(one, two):
    found = compare(one, two, PERCENTS).costs
    assert found == tuple((p, cost(one, p), cost(two, p)) for p in PERCENTS)


def test_another_time_alone_is_a_move_and_another_text_a_change():
    later = parsed(changed('at: "09:00"', 'at: "09:30"'))
    (moved,) = compare(SMALL, later, PERCENTS).beats
    assert (moved.how, [f.name for f in moved.fields]) == (How.MOVED, ["at"])
    assert (moved.fields[0].before, moved.fields[0].after) == (time(9), time(9, 30))
    beat = next(beat for beat in SMALL.beats if beat.kind == "post")
    reworded = [
        b.model_copy(update={"text": "别的话", "day": 2}) if b == beat else b for b in SMALL.beats
    ]
    (difference,) = compare(SMALL, SMALL.model_copy(update={"beats": reworded}), PERCENTS).beats
    assert (difference.how, difference.key) == (How.CHANGED, beat.key)


def test_the_head_is_told_field_by_field():
    dearer = parsed(changed('budget: "200.00"', 'budget: "900.00"'))
    (field,) = compare(SMALL, dearer, PERCENTS).head
    assert (field.name, field.before, field.after) == ("budget", 20_000, 90_000)
    phases = [SMALL.phases[0].model_copy(update={"days": 9}), *SMALL.phases[1:]]
    (field,) = compare(SMALL, SMALL.model_copy(update={"phases": phases}), PERCENTS).head
    assert field.name == f"phases.{SMALL.phases[0].key}.days"
    product = SMALL.hot_product.model_copy(update={"price": 1})
    (field,) = compare(SMALL, SMALL.model_copy(update={"hot_product": product}), PERCENTS).head
    assert field.name == "hot_product.price"


def test_phases_in_another_order_are_another_programme():
    turned = SMALL.model_copy(update={"phases": SMALL.phases[::-1]})
    assert [field.name for field in compare(SMALL, turned, PERCENTS).head] == ["phases"]


def test_differences_come_in_the_order_of_the_days():
    none = SMALL.model_copy(update={"beats": []})
    found = compare(none, SMALL, PERCENTS).beats
    assert [(d.thing.day, d.thing.at) for d in found] == sorted(
        (d.thing.day, d.thing.at) for d in found
    )
    assert len(found) == BEATS
