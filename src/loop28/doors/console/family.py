"""The family tree of lines as a drawing: a column for each week, from parents to children. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

WIDE, HIGH = 104, 26
"""A line's box, in the drawing's own units."""
STEP, ROW, LANE, HEAD = 172, 36, 9, 24
"""From one week to the next; what a box and a way that passes by take of a column; its head."""


@dataclass(frozen=True, slots=True)
class Node:
    """A line to draw; ``hue`` is its colour. ``mother`` is the most important of its parents."""

    line: int
    text: str
    note: str
    start: date
    hue: int
    parents: Sequence[int] = ()
    mother: int | None = None

    @property
    def week(self) -> date:
        """The Monday of the column it stands in."""
        return self.start - timedelta(days=self.start.weekday())


@dataclass(frozen=True, slots=True)
class Box:
    """Where a line stands: the left end and the middle of its box."""

    node: Node
    x: int
    y: int

    @property
    def top(self) -> int:
        return self.y - HIGH // 2

    @property
    def text_x(self) -> int:
        return self.x + WIDE // 2


@dataclass(slots=True)
class Edge:
    """The way from a parent to a child, past the columns between; thin for one that only brings
    people."""

    parent: Box
    child: Node
    thin: bool
    stops: list[tuple[int, int]] = field(default_factory=list)

    @property
    def y(self) -> int:
        """How high it came last."""
        return self.stops[-1][1] if self.stops else self.parent.y

    @property
    def path(self) -> str:
        """A curve from stop to stop, level where it passes a column."""
        x, y = self.parent.x + WIDE, self.parent.y
        drawn = f"M{x} {y}"
        for left, height in self.stops:
            middle = (x + left) // 2
            drawn += f" C{middle} {y} {middle} {height} {left} {height} H{left + WIDE}"
            x, y = left + WIDE, height
        return drawn.rpartition(" H")[0]


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything there is to draw, and the size of it."""

    weeks: Sequence[tuple[date, int]]
    boxes: Sequence[Box]
    edges: Sequence[Edge]
    height: int

    @property
    def width(self) -> int:
        return STEP * max(0, len(self.weeks) - 1) + WIDE + 2  # with the strokes of the outer boxes


def draw(nodes: Sequence[Node]) -> Picture:
    """The tree of these lines. Weeks in which none starts are left out.

    In a column a line stands as near as it can to where its parents are, and ways to later weeks
    get lanes of their own between the boxes: none runs through a line it has nothing to do with.
    """
    weeks = [(week, n * STEP) for n, week in enumerate(sorted({node.week for node in nodes}))]
    boxes: dict[int, Box] = {}
    edges: list[Edge] = []
    height = HEAD
    for week, x in weeks:
        here = [node for node in nodes if node.week == week]
        coming = {node.line: [e for e in edges if e.child is node] for node in here}
        passing = _lanes([e for e in edges if e.child.week > week])
        items: list[tuple[int, str, Node | list[Edge]]] = [
            (_wanted(node, coming[node.line]), node.text, node) for node in here
        ]
        items += [(lane[0].y, "", lane) for lane in passing]
        top = HEAD
        for _height, _text, item in sorted(items, key=lambda one: one[:2]):
            takes = ROW if isinstance(item, Node) else LANE
            y = top + takes // 2
            if isinstance(item, Node):
                boxes[item.line] = Box(item, x, y)
            for edge in coming[item.line] if isinstance(item, Node) else item:
                edge.stops.append((x, y))
            top += takes
        height = max(height, top)
        edges += _leaving(nodes, [boxes[node.line] for node in here])
    edges.sort(key=lambda edge: not edge.thin)  # the important ones lie on top
    return Picture(weeks, list(boxes.values()), edges, height)


def _wanted(node: Node, coming: Sequence[Edge]) -> int:
    """How high a line would best stand: amid its parents; those without any go by colour."""
    return sum(e.y for e in coming) // len(coming) if coming else HEAD + node.hue * ROW


def _lanes(passing: Sequence[Edge]) -> list[list[Edge]]:
    """Ways of one parent share a lane until they part."""
    lanes: dict[tuple[int, bool], list[Edge]] = {}
    for edge in passing:
        lanes.setdefault((edge.parent.node.line, edge.thin), []).append(edge)
    return list(lanes.values())


def _leaving(nodes: Sequence[Node], parents: Sequence[Box]) -> list[Edge]:
    return [
        Edge(box, node, thin=node.mother != box.node.line)
        for box in parents
        for node in nodes
        if node.week > box.node.week and box.node.line in {node.mother, *node.parents}
    ]
