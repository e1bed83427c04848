"""Invoice lines as orders, each with what of it was cancelled later. Pure."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from operator import attrgetter

COLUMNS = ("InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID")

_NUMBER = re.compile(r"-?\d{1,7}(\.\d{1,9})?", re.ASCII)


class NoInvoices(ValueError):  # noqa: N818
    """A table without one of the columns; says which."""


@dataclass(slots=True)
class Sold:
    """One line of an invoice. ``key`` is its invoice and its line in the file.

    ``fen`` is quantity × price, half a fen rounded up; ``returned`` how many pieces were cancelled
    later, at last at ``returned_at``.
    """

    key: str
    customer: str
    quantity: int
    fen: int
    at: datetime
    returned: int = 0
    returned_at: datetime | None = None

    @property
    def refunded_fen(self) -> int:
        """The part of the sum that the returned pieces are of all, rounded down."""
        return self.fen * self.returned // self.quantity


@dataclass(slots=True)
class Books:
    """A whole table: what was sold, in its order, and how many lines say nothing to an order.

    ``no_customer`` lines name nobody, ``nothing_paid`` are gifts and corrections, ``unreadable``
    have no number where one belongs; ``unmatched`` pieces were cancelled and never sold here.
    """

    sold: list[Sold] = field(default_factory=list)
    lines: int = 0
    no_customer: int = 0
    nothing_paid: int = 0
    unreadable: int = 0
    cancellations: int = 0
    unmatched: int = 0

    @property
    def fen(self) -> int:
        """What all that was sold came to, whatever came back."""
        return sum(map(attrgetter("fen"), self.sold))


def read(table: Iterable[str], zone: tzinfo) -> Books:
    """Read the lines in their order, which must be that of time; raises NoInvoices.

    A negative quantity cancels pieces of the same customer and article, the latest sold first.
    """
    rows = csv.DictReader(table)
    if missing := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
        raise NoInvoices(", ".join(missing))
    books = Books()
    shelf: dict[tuple[str, str], list[Sold]] = defaultdict(list)
    for row in rows:
        books.lines += 1
        customer = (row["CustomerID"] or "").removesuffix(".0")
        if not customer:
            books.no_customer += 1
            continue
        try:
            quantity, fen, at = _numbers(row, zone)
        except (ValueError, TypeError):
            books.unreadable += 1
            continue
        article = customer, row["StockCode"]
        if quantity < 0:
            books.cancellations += 1
            books.unmatched += _cancel(shelf[article], -quantity, at)
        elif fen is None:
            books.nothing_paid += 1
        else:
            key = f"{row['InvoiceNo']}:{rows.line_num}"
            books.sold.append(Sold(key, customer, quantity, fen, at))
            shelf[article].append(books.sold[-1])
    return books


def _numbers(row: Mapping[str, str], zone: tzinfo) -> tuple[int, int | None, datetime]:
    """Quantity, the sum in fen or None where nothing was to be paid, and when."""
    quantity, price = _decimal(row["Quantity"]), _decimal(row["UnitPrice"])
    if quantity != int(quantity):
        raise ValueError("pieces are whole")
    at = datetime.fromisoformat(row["InvoiceDate"]).replace(tzinfo=zone)
    if not 1970 <= at.year <= 9000:
        raise ValueError("no date of an invoice")
    if quantity == 0 or price <= 0:
        return min(int(quantity), 0), None, at
    sum_ = (quantity * price * 100).quantize(Decimal(1), ROUND_HALF_UP)
    return int(quantity), int(sum_), at


def _decimal(text: str) -> Decimal:
    """Of a size that pieces and prices have: as a whole number 1e999999999 fills any memory."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"no number of pieces and no price: {text[:20]!r}")
    return Decimal(text)


def _cancel(sold: list[Sold], pieces: int, at: datetime) -> int:
    """Take pieces back from what was sold; how many were never sold."""
    for one in reversed(sold):
        taken = min(pieces, one.quantity - one.returned)
        if taken:
            one.returned += taken
            one.returned_at = at
            pieces -= taken
        if not pieces:
            break
    return pieces
