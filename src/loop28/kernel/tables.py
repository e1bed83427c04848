"""Tables that people bring in files: CSV as spreadsheets write it, and XLSX; rows with their lines.

A file is read whole or refused whole; what is wrong with one row is that row's own refusal, and the
others are read all the same.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from loop28.kernel.refusals import Refusal
from loop28.kernel.text import searchable

MAX_BYTES = 5_000_000
MAX_UNPACKED = 20_000_000
MAX_COLUMNS = 50
TAGS_A_ROW = 50
"""A cell is four tags, a row two: a workbook with many more than its rows need is a bomb."""
MAX_LINES = 100_000
"""Empty ones count: a sheet of a few bytes can say that its next row is the billionth."""
EXACT = 10**15
"""A spreadsheet keeps 15 digits of a number and makes zeros of the others."""

_SHORTENED = re.compile(r"\d(\.\d+)?E\+\d+", re.ASCII)


class FileTooLarge(Refusal):
    """A file beyond the limits."""

    message = _(
        "The file is too large: at most %(megabytes)s MB and %(rows)s rows. "
        "Split it; it does no harm when rows are in two files."
    )
    status = 413


class FileUnreadable(Refusal):
    """A file in an encoding that is not known here, or no table at all."""

    message = _(
        "This is no CSV file in UTF-8 or GB18030 and no XLSX file. "
        "Save the table as “CSV UTF-8” again."
    )
    status = 422


class ColumnsWrong(Refusal):
    """The first row of a file does not name the columns."""

    message = _(
        "The first row must name the columns: %(wanted)s. "
        "Missing: %(missing)s. Unknown: %(unknown)s."
    )
    status = 422


class RowWrong(Refusal):
    """Base of what is wrong with one row."""

    status = 422


class CellsWrong(RowWrong):
    """A row has more or fewer cells than the heading."""

    message = _(
        "This row has %(cells)s cells, the heading has %(columns)s. "
        "A comma inside a cell needs quotes around the cell."
    )


class QuoteOpen(RowWrong):
    """The file cannot be read on from this row."""

    message = _("This row cannot be read. Look for a quote that is not closed.")


class NumberShortened(RowWrong):
    """A spreadsheet has turned a long number into a rounded one."""

    message = _(
        "The spreadsheet has rounded this number. Format the column as text, "
        "paste the numbers again and save."
    )


class FormulaFound(RowWrong):
    """A cell says how to reckon something instead of what it is."""

    message = _("There is a formula in this cell. Copy the column and paste it as values.")


class State(StrEnum):
    """What came of a row."""

    NEW = "new"
    CHANGED = "changed"
    KNOWN = "known"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Row:
    """A row by column: its line in the file, counted from 1, and why it could not be read."""

    line: int
    cells: Mapping[str, str]
    refusal: Refusal | None = None


_Raw = tuple[int, list[str], Refusal | None]
"""A row by the places of its cells."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a row: ``who`` says whose it is, the refusal which cell is wrong and why.

    ``number`` is whose it became; None for who was refused.
    """

    line: int
    state: State
    who: str = ""
    refusal: Refusal | None = None
    number: int | None = None


def read(
    data: bytes,
    columns: Mapping[str, Sequence[str]],
    required: Sequence[str],
    *,
    max_rows: int,
    max_bytes: int = MAX_BYTES,
) -> list[Row]:
    """The rows of a CSV file in UTF-8 or GB18030, or of the first sheet of an XLSX file.

    ``columns`` names the columns and what else their headings may be, in any order. Refuses the
    whole file with FileTooLarge, FileUnreadable or ColumnsWrong.
    """
    too_large = FileTooLarge(megabytes=max_bytes // 1_000_000, rows=max_rows)
    if len(data) > max_bytes:
        raise too_large
    packed = data.startswith(b"PK\x03\x04")
    lines = _sheet(data, max_rows, too_large) if packed else _lines(_decoded(data))
    heading = next((cells for line, cells, no in lines if cells or no or line > MAX_LINES), [])
    names = _named(heading, columns, required)
    rows: list[Row] = []
    for line, cells, refusal in lines:
        if len(rows) >= max_rows or line > MAX_LINES:
            raise too_large
        if not cells and refusal is None:
            continue
        if refusal is None and len(cells) != len(names):
            refusal = CellsWrong(cells=len(cells), columns=len(names))
        rows.append(Row(line, dict(zip(names, cells, strict=False)), refusal))
    return rows


def exact(text: str, field: str) -> str:
    """A number as text, unless a spreadsheet has rounded it: refuses with NumberShortened."""
    if _SHORTENED.fullmatch(text.strip()):
        raise NumberShortened(field=field)
    return text


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileUnreadable


def _lines(text: str) -> Iterator[_Raw]:
    """Every row; one that is empty has no cells."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield line, [], QuoteOpen()
            continue
        yield line, cells if any(cell.strip() for cell in cells) else [], None


def _sheet(data: bytes, max_rows: int, too_large: Refusal) -> Iterator[_Raw]:
    """The same of a workbook's first sheet."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED:
                raise too_large
            if _tags(packed) > TAGS_A_ROW * (max_rows + TAGS_A_ROW):
                raise too_large
        from openpyxl import load_workbook  # only this needs it, and it is slow to load

        book = load_workbook(io.BytesIO(data), read_only=True)
        try:
            yield from _worksheet(book.worksheets[0])
        finally:
            book.close()
    except Refusal:
        raise
    except Exception:  # a file from outside breaks the reader in a hundred ways
        raise FileUnreadable from None


def _tags(packed: zipfile.ZipFile) -> int:
    """How many tags all parts have together: what the reader of XML takes time and memory for."""
    count = 0
    for part in packed.infolist():
        with packed.open(part) as unpacked:
            while piece := unpacked.read(2**20):
                count += piece.count(b"<")
    return count


def _worksheet(sheet: Any) -> Iterator[_Raw]:
    """Every row is as wide as the heading: a sheet's own rows end with their last cell."""
    sheet.reset_dimensions()  # what a file says of its own size may be wrong
    width = 0
    for line, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), 1):
        refusal: Refusal | None = None
        texts = []
        for cell in row:
            try:
                texts.append(_written(cell))
            except Refusal as no:
                refusal = no
                texts.append("?")
        while texts and not texts[-1].strip():
            texts.pop()
        if texts:
            width = width or len(texts)
            texts += [""] * (width - len(texts))
        yield line, texts, refusal


def _written(cell: Any) -> str:
    """A cell as it would stand in a CSV file."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        raise FormulaFound
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and abs(value) >= EXACT:
        raise NumberShortened
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value)


def _named(
    heading: Sequence[str], columns: Mapping[str, Sequence[str]], required: Sequence[str]
) -> list[str]:
    """The columns' own names in the order of the heading."""
    known = {searchable(word): name for name, also in columns.items() for word in (name, *also)}
    names = [known.get(searchable(word), "") for word in heading]
    missing = [name for name in required if name not in names]
    unknown = [w.strip()[:40] for w, name in zip(heading, names, strict=True) if not name]
    if missing or unknown or len(set(names)) < len(names):
        raise ColumnsWrong(
            wanted=", ".join(columns),
            missing=", ".join(missing) or "–",
            unknown=", ".join(unknown[:10]) or "–",
        )
    return names
