"""Small drawings as SVG paths. No style attributes: the content security policy forbids them."""

from collections.abc import Iterable, Sequence

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString

from loop28.ui.icons import ICONS

_BAR_WIDTH, _BAR_STEP, _BAR_HEIGHT = 4, 6, 24


def icon(name: str, label: str = "") -> SafeString:
    """An icon of the house; hidden from screen readers unless it has a label of its own."""
    svg = (
        '<svg class="icon" viewBox="0 0 24 24" focusable="false" role="img" aria-label="{1}">'
        if label
        else '<svg class="icon" viewBox="0 0 24 24" focusable="false" aria-hidden="true">'
    )
    return format_html(svg + '<path d="{0}"/></svg>', ICONS[name], label)


def sparkbars(numbers: Iterable[int | float | None], label: str = "") -> SafeString:
    """Mini bars, the last one stressed; what is missing or negative stands as a hairline."""
    values = [max(number or 0, 0) for number in numbers]
    top = max(values, default=0) or 1
    bars = "".join(
        f'<rect x="{index * _BAR_STEP}" y="{_BAR_HEIGHT - height}" width="{_BAR_WIDTH}"'
        f' height="{height}"{_last(index, values)}/>'
        for index, height in enumerate(_heights(values, top))
    )
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img"'
        ' aria-label="{}">{}</svg>',
        max(len(values) * _BAR_STEP - _BAR_STEP + _BAR_WIDTH, 1),
        _BAR_HEIGHT,
        label or ", ".join(str(value) for value in values),
        SafeString(bars),
    )


def qr(content: str, label: str = "") -> SafeString:
    """A QR code as one path, with the quiet zone of four modules that readers ask for."""
    matrix = segno.make(content, error="m", micro=False).matrix
    side = len(matrix) + 8
    return format_html(
        '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="{1}"'
        ' shape-rendering="crispEdges"><rect class="qr-paper" width="{0}" height="{0}"/>'
        '<path class="qr-ink" d="{2}"/></svg>',
        side,
        label or content,
        "".join(_runs(row, y + 4) for y, row in enumerate(matrix)),
    )


def _heights(values: Sequence[int | float], top: float) -> list[int]:
    return [max(int(value * _BAR_HEIGHT / top), 1) for value in values]


def _last(index: int, values: Sequence[int | float]) -> str:
    return ' class="last"' if index == len(values) - 1 else ""


def _runs(row: Sequence[int], y: int) -> str:
    """Dark modules of a row, neighbours joined, so that a code of 1,000 modules stays small."""
    path, start = [], None
    for x, dark in enumerate([*row, 0]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            path.append(f"M{start + 4} {y}h{x - start}v1H{start + 4}z")
            start = None
    return "".join(path)
