"""Reports of orders as text: the rows of a CSV file, and one order of either door.

Columns: shop, id, member, buyer, yuan, paid_at, refunded_yuan, refunded_at; in any order, buyer and
refunds may be left out.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from django.conf import settings

from loop28.kernel.money import parse_yuan
from loop28.kernel.refusals import Refusal
from loop28.kernel.text import clean_line
from loop28.middle.orders import refusals
from loop28.middle.orders.rules import ReportedOrder

REQUIRED = ("shop", "id", "member", "yuan", "paid_at")
COLUMNS = ("shop", "id", "member", "buyer", "yuan", "paid_at", "refunded_yuan", "refunded_at")
MAX_BYTES = 5_000_000
MAX_ROWS = 20_000

_MEMBER = re.compile(r"[1-9]\d{0,17}", re.ASCII)
_MOMENT = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d{2})(?::(\d{2})(\.\d{1,6})?)?"
    r"(Z|[+-]\d{2}:\d{2})?",
    re.ASCII,
)
_SHORTENED = re.compile(r"\d(\.\d+)?E\+\d+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Mistake:
    """A row that could not be read: its line in the file, counted from 1, and why."""

    line: int
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says: orders with their lines, and the rows that could not be read."""

    orders: list[tuple[int, ReportedOrder]] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)


def read(data: bytes) -> Reading:
    """Read a CSV file in UTF-8 or GB18030; times without a zone are the installation's own.

    Refuses the whole file with FileTooLarge, FileUnreadable or ColumnsWrong; everything else is a
    mistake of one row, and the others are read all the same.
    """
    if len(data) > MAX_BYTES:
        raise _too_large()
    lines = _rows(_decoded(data))
    _, heading, _ = next(lines, (1, [], None))
    columns = [name.strip().lower() for name in heading]
    _refuse_columns(columns)
    zone, reading = ZoneInfo(settings.TIME_ZONE), Reading()
    for number, (line, cells, problem) in enumerate(lines):
        if number >= MAX_ROWS:
            raise _too_large()
        try:
            if problem:
                raise problem
            reading.orders.append((line, order(_named(columns, cells), zone=zone)))
        except Refusal as refusal:
            reading.mistakes.append(Mistake(line, refusal))
    return reading


def order(row: Mapping[str, str], *, zone: tzinfo | None) -> ReportedOrder:
    """One order from its texts by column; a refusal names the column.

    With ``zone`` None a time must say its own zone.
    """
    refunded = row.get("refunded_yuan", "").strip()
    refunded_at = row.get("refunded_at", "").strip()
    if refunded_at and not refunded:
        raise refusals.RefundTimeAlone(field="refunded_yuan")
    return ReportedOrder(
        shop=clean_line(row["shop"], limit=40, field="shop"),
        external_id=_external_id(row["id"]),
        member=_member(row["member"]),
        buyer=clean_line(row.get("buyer", ""), limit=80, field="buyer", required=False),
        fen=_fen(row["yuan"], "yuan"),
        paid_at=_moment(row["paid_at"], "paid_at", zone),
        refunded_fen=_fen(refunded, "refunded_yuan") if refunded else 0,
        refunded_at=_moment(refunded_at, "refunded_at", zone) if refunded_at else None,
    )


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refusals.FileUnreadable


def _rows(text: str) -> Iterator[tuple[int, list[str], Refusal | None]]:
    """Line, cells and what stopped the reading there, of every row that is not empty."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield line, [], refusals.QuoteOpen()
            continue
        if any(cell.strip() for cell in cells):
            yield line, cells, None


def _refuse_columns(columns: Sequence[str]) -> None:
    missing = [name for name in REQUIRED if name not in columns]
    unknown = [name[:40] for name in columns if name not in COLUMNS]
    if missing or unknown or len(set(columns)) < len(columns):
        raise refusals.ColumnsWrong(
            wanted=", ".join(COLUMNS),
            missing=", ".join(missing) or "–",
            unknown=", ".join(unknown[:10]) or "–",
        )


def _named(columns: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    if len(cells) != len(columns):
        raise refusals.CellsWrong(cells=len(cells), columns=len(columns))
    return dict(zip(columns, cells, strict=True))


def _too_large() -> Refusal:
    return refusals.FileTooLarge(megabytes=MAX_BYTES // 1_000_000, rows=MAX_ROWS)


def _external_id(raw: str) -> str:
    if _SHORTENED.fullmatch(raw.strip()):
        raise refusals.NumberShortened(field="id")
    return clean_line(raw, limit=80, field="id")


def _member(raw: str) -> int:
    if not _MEMBER.fullmatch(raw.strip()):
        raise refusals.SellerWrong(field="member")
    return int(raw)


def _fen(raw: str, column: str) -> int:
    try:
        return parse_yuan(raw)
    except ValueError:
        raise refusals.AmountWrong(field=column) from None


def _moment(raw: str, column: str, zone: tzinfo | None) -> datetime:
    match = _MOMENT.fullmatch(raw.strip())
    if not match:
        raise refusals.MomentWrong(field=column)
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    if offset is None and zone is None:
        raise refusals.ZoneMissing(field=column)
    iso = f"{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{minute}:{second or '00'}{fraction or ''}"
    try:
        local = datetime.fromisoformat(iso + (offset or ""))
    except ValueError:
        raise refusals.MomentWrong(field=column) from None
    if local.year < 2000 or local.year > 9000:
        raise refusals.MomentWrong(field=column)
    return (local if offset else local.replace(tzinfo=zone)).astimezone(UTC)
