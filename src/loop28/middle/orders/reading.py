"""Reports of orders as text: the rows of a CSV file, and one order of either door.

Columns: shop, id, member, buyer, yuan, paid_at, refunded_yuan, refunded_at; in any order, buyer and
refunds may be left out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from django.conf import settings

from loop28.kernel import tables
from loop28.kernel.money import parse_yuan
from loop28.kernel.refusals import Refusal
from loop28.kernel.text import clean_line
from loop28.middle.orders import refusals
from loop28.middle.orders.rules import ReportedOrder

REQUIRED = ("shop", "id", "member", "yuan", "paid_at")
COLUMNS = ("shop", "id", "member", "buyer", "yuan", "paid_at", "refunded_yuan", "refunded_at")
MAX_BYTES = tables.MAX_BYTES
MAX_ROWS = 20_000

_MEMBER = re.compile(r"[1-9]\d{0,17}", re.ASCII)
_MOMENT = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d{2})(?::(\d{2})(\.\d{1,6})?)?"
    r"(Z|[+-]\d{2}:\d{2})?",
    re.ASCII,
)


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
    """Read a CSV or XLSX file; times without a zone are the installation's own.

    Refuses the whole file with FileTooLarge, FileUnreadable or ColumnsWrong; everything else is a
    mistake of one row, and the others are read all the same.
    """
    rows = tables.read(data, dict.fromkeys(COLUMNS, ()), REQUIRED, max_rows=MAX_ROWS)
    zone, reading = ZoneInfo(settings.TIME_ZONE), Reading()
    for row in rows:
        try:
            if row.refusal:
                raise row.refusal
            reading.orders.append((row.line, order(row.cells, zone=zone)))
        except Refusal as refusal:
            reading.mistakes.append(Mistake(row.line, refusal))
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


def _external_id(raw: str) -> str:
    return clean_line(tables.exact(raw, "id"), limit=80, field="id")


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
