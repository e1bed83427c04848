"""Files that people download: tables that a spreadsheet opens and runs nothing of."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""With one of these at its start, or behind blanks, a spreadsheet runs a cell as a formula."""


def table(name: str, rows: Iterable[Sequence[object]]) -> HttpResponse:
    """Rows as CSV to download; ``name`` is a word of ours."""
    return download(f"{name}.csv", "text/csv", as_csv(rows))


def as_csv(rows: Iterable[Sequence[object]]) -> bytes:
    """A table in the encoding that spreadsheets recognise.

    Every cell is in quotes, so that no other separator cuts one in two.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig", "replace")


def download(name: str, kind: str, content: str | bytes) -> HttpResponse:
    """A file that is saved and never shown in place of a page."""
    response = HttpResponse(content, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def harmless(cell: object) -> str:
    """A cell that no spreadsheet runs as a formula: an apostrophe before what begins one."""
    text = str(cell)
    first = text[:1]
    odd = first == " " or not first.isprintable() or text.startswith(FORMULA)
    return f"'{text}" if odd else text
