"""``loop28 import``: what a company has from before, taken in as if it happened here."""

import csv
import gzip
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from django.conf import settings

from loop28.adapters.chat.logs.reading import Said, read
from loop28.adapters.shop.invoices import reading as invoices
from loop28.adapters.shop.invoices.reading import Sold
from loop28.front.circles import queries as circles
from loop28.front.groups import actions as groups
from loop28.front.groups.chat import Incoming
from loop28.front.groups.models import Group
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from loop28.kernel.money import yuan
from loop28.kernel.tables import Row
from loop28.middle.members import importing as members
from loop28.middle.orders import actions as register
from loop28.middle.orders.rules import ReportedOrder, State

PLATFORM = "log"
BATCH = 1000


@click.group("import")
def import_() -> None:
    """Take in what a company has from before."""


@import_.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--group", "name", required=True, help="The name of a standing group.")
@click.option(
    "--first-day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day of the first file.  [default: such that the last one is yesterday's]",
)
def groupchat(directory: Path, name: str, first_day: datetime | None) -> None:
    """Bring logs of a chat, a file a day (.txt or .txt.gz), into a standing group.

    Who wrote is a member by the name in the log, who has agreed to nothing and gets no message. The
    same files again bring nothing new.
    """
    group = _group(name)
    files = sorted([*directory.glob("*.txt"), *directory.glob("*.txt.gz")])
    if not files:
        raise click.ClickException(f"There is no .txt or .txt.gz file in {directory}.")
    zone = ZoneInfo(group.zone)
    day = first_day.date() if first_day else _so_that_the_last_is_yesterdays(len(files), zone)
    people: set[str] = set()
    read_, new = 0, 0
    for nth, file in enumerate(files):
        said = list(read(_text(file), day + timedelta(days=nth), zone))
        new += _take_in(group, file.name, said)
        read_ += len(said)
        people |= {one.name for one in said}
    click.echo(f"{len(files)} files: {read_:,} messages of {len(people):,} people, {new:,} new.")


@import_.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--shop", required=True, help="What the register shall call the shop.")
def orders(file: Path, shop: str) -> None:
    """Register the lines of a shop's invoices (.csv or .csv.gz), each as an order.

    An order is its customer's, who is a member by the number in the file and has agreed to nothing.
    What was cancelled later is refunded. The same file again registers nothing new.
    """
    try:
        books = invoices.read(_lines(file), ZoneInfo(settings.TIME_ZONE))
    except invoices.NoInvoices as missing:
        raise click.ClickException(f"{file} has no column {missing}.") from None
    except (csv.Error, UnicodeDecodeError, EOFError, gzip.BadGzipFile) as broken:
        raise click.ClickException(f"{file} is no whole table in UTF-8: {broken}") from None
    numbers = _members(shop, sorted({one.customer for one in books.sold}))
    counts: Counter[State] = Counter()
    why: Counter[str] = Counter()
    for start in range(0, len(books.sold), BATCH):
        some = books.sold[start : start + BATCH]
        reported = [_order(shop, numbers[one.customer], one) for one in some]
        outcomes = register.report(SYSTEM, reported)
        counts.update(outcome.state for outcome in outcomes)
        why.update(str(outcome.refusal) for outcome in outcomes if outcome.refusal)
    click.echo(
        f"{books.lines:,} lines: {books.no_customer:,} without a customer, {books.nothing_paid:,} "
        f"without a price, {books.unreadable:,} unreadable, {books.cancellations:,} cancellations "
        f"({books.unmatched:,} of their pieces were not sold in this file).\n"
        f"{len(books.sold):,} sales to {len(numbers):,} customers for {yuan(books.fen)}: "
        f"{counts[State.NEW]:,} new, {counts[State.KNOWN]:,} known, "
        f"{counts[State.REFUNDED]:,} with a new refund, {counts[State.REFUSED]:,} refused."
    )
    for reason, count in why.items():
        click.echo(f"{count:,} refused: {reason}")


def _order(shop: str, member: int, sold: Sold) -> ReportedOrder:
    return ReportedOrder(
        shop=shop,
        external_id=sold.key,
        member=member,
        fen=sold.fen,
        paid_at=sold.at,
        refunded_fen=sold.refunded_fen,
        refunded_at=sold.returned_at if sold.refunded_fen else None,
    )


def _lines(file: Path) -> Iterator[str]:
    """Its lines, one at a time."""
    with (gzip.open if file.suffix == ".gz" else open)(file, "rt", encoding="utf-8-sig") as text:
        yield from text


def _group(name: str) -> Group:
    """A standing group; in a line's group somebody's «1» of long ago would be an answer."""
    found = [one.group for one in circles.circles(SYSTEM).filter(group__name=name)]
    if len(found) != 1:
        raise click.ClickException(f"There are {len(found)} standing groups called «{name}».")
    return found[0]


def _so_that_the_last_is_yesterdays(files: int, zone: ZoneInfo) -> date:
    return clock.local_day(clock.now(), zone) - timedelta(days=files)


def _text(file: Path) -> str:
    data = file.read_bytes()
    return (gzip.decompress(data) if file.suffix == ".gz" else data).decode(errors="replace")


def _take_in(group: Group, file: str, said: list[Said]) -> int:
    """The messages of one file; how many were new."""
    numbers = _members(PLATFORM, sorted({one.name for one in said}))
    groups.join(SYSTEM, group.pk, list(numbers.values()))
    messages = [
        Incoming(
            PLATFORM,
            f"{group.pk}:{file}:{one.line}",
            group.pk,
            numbers[one.name],
            one.text,
            one.at,
        )
        for one in said
    ]
    return sum(
        groups.receive(SYSTEM, messages[start : start + BATCH])
        for start in range(0, len(messages), BATCH)
    )


def _members(source: str, names: Sequence[str]) -> dict[str, int]:
    """Their numbers as members, by their names in this source; who is new is made."""
    rows = [Row(n, {"id": f"{source}:{name}", "name": name}) for n, name in enumerate(names, 1)]
    numbers: dict[str, int] = {}
    for name, outcome in zip(names, members.take_in(SYSTEM, rows), strict=True):
        if outcome.number is None:
            raise click.ClickException(f"«{name}» cannot be a name here: {outcome.refusal}")
        numbers[name] = outcome.number
    return numbers
