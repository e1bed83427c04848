"""The drawing of the family tree: columns by week, no way through a line it does not belong to."""

import re
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from loop28.doors.console.family import HIGH, ROW, STEP, WIDE, Node, draw

MONDAY = date(2026, 3, 2)


def node(number, week=0, parents=(), mother=None):
    start = MONDAY + timedelta(days=7 * week + number % 7)
    return Node(number, f"HD-{number}", "", start, number % 6, parents, mother)


def boxes(picture):
    return {box.node.line: box for box in picture.boxes}


def test_a_column_is_a_week_and_empty_weeks_are_left_out():
    picture = draw([node(1), node(2), node(3, week=5)])
    assert [x for _week, x in picture.weeks] == [0, STEP]
    assert [week for week, _x in picture.weeks] == [MONDAY, MONDAY + timedelta(days=35)]
    assert {n: box.x for n, box in boxes(picture).items()} == {1: 0, 2: 0, 3: STEP}
    assert picture.width == STEP + WIDE + 2


def test_nothing_to_draw_is_an_empty_picture():
    picture = draw([])
    assert (picture.boxes, picture.edges) == ([], [])


def test_a_way_leads_from_the_parents_right_to_the_childs_left():
    picture = draw([node(1), node(2, week=1, mother=1)])
    above, below = boxes(picture)[1], boxes(picture)[2]
    (edge,) = picture.edges
    assert not edge.thin
    assert edge.path.startswith(f"M{WIDE} {above.y} ")
    assert edge.path.endswith(f" {below.x} {below.y}")


def test_who_only_brings_people_is_led_by_a_thin_way_under_the_others():
    picture = draw([node(1), node(2), node(3, week=1, parents=[1, 2], mother=2)])
    assert [(e.parent.node.line, e.thin) for e in picture.edges] == [(1, True), (2, False)]


def test_parents_out_of_the_picture_or_of_the_same_week_are_left_out():
    assert draw([node(1), node(2, mother=1), node(3, week=2, parents=[99])]).edges == []


@st.composite
def families(draw_):
    nodes: list[Node] = []
    for number in range(1, draw_(st.integers(1, 25))):
        week = draw_(st.integers(0, 8))
        older = [n.line for n in nodes]
        parents = draw_(st.lists(st.sampled_from(older), max_size=3, unique=True)) if older else []
        mother = draw_(st.sampled_from(parents)) if parents else None
        nodes.append(node(number, week, parents, mother))
    return nodes


@given(families())
def test_boxes_do_not_touch_and_ways_pass_between_them(nodes):
    picture = draw(nodes)
    placed = list(boxes(picture).values())
    assert len(placed) == len(nodes)
    for one in placed:
        assert one.top > 0
        assert one.y + HIGH // 2 < picture.height
        for other in placed:
            if one is not other and one.x == other.x:
                assert abs(one.y - other.y) >= ROW
    for edge in picture.edges:
        own = {(edge.parent.x, edge.parent.y)} | {edge.stops[-1]}
        for x, y in edge.stops:
            for box in placed:
                if box.x == x and (box.x, box.y) not in own:
                    assert abs(box.y - y) > HIGH // 2
        for other in picture.edges:
            if other.parent is not edge.parent:
                shared = set(edge.stops[:-1]) & set(other.stops[:-1])
                assert not shared
        assert not re.search(r"[^MCH\d -]", edge.path)
