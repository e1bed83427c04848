"""What a line whose course was changed did, and what its people read."""

from loop28.front.groups.models import Message
from loop28.front.lines.models import Beat, Line
from tests.line_kit import group

WHY = "店主病了"


def beat(line: Line, key: str) -> Beat:
    return Beat.objects.filter(line=line, key=key).order_by("part").first()


def states(line: Line, *keys: str) -> list[str]:
    return [beat(line, key).state for key in keys]


def said(line: Line, phase: int = 1) -> list[str]:
    rows = Message.objects.filter(group_id=group(line, phase)).order_by("id")
    return list(rows.values_list("text", flat=True))
