"""A line of people whose orders are real ones: the first piece of a shop's invoices from 2010."""

import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from loop28.doors.cli import main
from loop28.front.ladder.models import Promotion
from loop28.front.lines import actions as lines
from loop28.front.lines import schedule
from loop28.front.lines.actions import Answer
from loop28.front.lines.models import Line, Via
from loop28.front.lines.rules import call_open
from loop28.front.tasks import actions as tasks
from loop28.front.tasks import programme, rules
from loop28.front.tasks.models import Assignment
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from loop28.kernel.tables import Row
from loop28.middle.members import importing as members
from tests.line_kit import SMALL, ZONE, invitation, live_until
from tests.stories import cast

pytestmark = pytest.mark.django_db(transaction=True)
INVOICES = Path(__file__).with_name("online_retail.csv")
START = date(2010, 12, 1)
SHOP = "retail"


def test_the_first_customers_of_a_shop_become_owners_by_what_they_really_sold():
    line = live(INVOICES, SMALL.read_text(), START, count=10)
    whole = kept(INVOICES, "2010-12-01", "2010-12-06")
    on_the_last_day = kept(INVOICES, "2010-12-05 08:30", "2010-12-05 20:30")
    first = Assignment.objects.filter(line=line, task="first-order", done_at__isnull=False)
    assert names(first) == set(on_the_last_day)
    steps = Promotion.objects.filter(line=line)
    assert names(steps.filter(level="owner", state="granted")) == set(whole)
    supervisors = steps.filter(level="supervisor", state="proposed")
    assert {step.member.name: step.numbers["orders"] for step in supervisors} == {
        name: count for name, count in whole.items() if count >= 2
    }
    cast.assert_books_are_exact()


def names(rows) -> set[str]:
    return set(rows.values_list("member__name", flat=True))


def live(invoices: Path, text: str, start: date, count: int) -> Line:
    """So many first customers live a line that starts then, and do all there is to do in it.

    The shop's invoices come in on its last evening.
    """
    clock.move_to(datetime(start.year, start.month, start.day, tzinfo=ZONE) - timedelta(hours=12))
    line = cast.open_line(
        cast.region(), size=count, budget_fen=10_000_000, text=text, start_day=start
    )
    people = first_customers(invoices, count)
    lines.join(SYSTEM, invitation(line), people)
    for day in range(line.days):
        live_until(clock.at_local(start + timedelta(days=day), 20, 50, ZONE))
        answer_the_call(line, people)
        do_all(line)
    command = ["import", "orders", str(invoices), "--shop", SHOP]
    brought = CliRunner().invoke(main.commands(), command)
    assert brought.exit_code == 0, brought.output
    live_until(clock.at_local(start + timedelta(days=line.days), 0, 0, ZONE))
    return line


def first_customers(invoices: Path, count: int) -> list[int]:
    """The first of them as members, under the names by which the invoices find them."""
    names = list(dict.fromkeys(row["CustomerID"][:-2] for row in read(invoices)))[:count]
    rows = [Row(n, {"id": f"{SHOP}:{name}", "name": name}) for n, name in enumerate(names, 1)]
    return [outcome.number for outcome in members.take_in(SYSTEM, rows)]


def answer_the_call(line: Line, people: list[int]) -> None:
    call = schedule.call_of(line.pk)
    if call and call_open(*call, clock.now()):
        lines.screen(SYSTEM, line.pk, [Answer(who, Via.BUTTON, clock.now()) for who in people])


def do_all(line: Line) -> None:
    """Everybody checks in and answers right; the host ticks what only a person can see."""
    todo = defaultdict(list)
    for one in Assignment.objects.filter(line=line, done_at=None, closes_at__gte=clock.now()):
        todo[one.kind].append(one)
    tasks.check_in(SYSTEM, [(line.pk, one.member_id) for one in todo.pop("checkin", [])])
    by_key = programme.of_lines([line.pk])[line.pk].tasks
    sheets = [
        (one.pk, [question.answer for question in by_key[one.task].quiz])
        for one in todo.pop("quiz", [])
    ]
    tasks.answer_quizzes(SYSTEM, sheets)
    rest = [one for some in todo.values() for one in some]
    seen = [one.pk for one in rest if rules.by_hand(one.kind, one.fact)]
    tasks.tick(cast.own(line.host_id), seen)


def read(invoices: Path) -> Iterator[dict[str, str]]:
    """The invoice lines that have a customer."""
    opened = gzip.open if invoices.suffix == ".gz" else open
    with opened(invoices, "rt", encoding="utf-8-sig") as text:
        yield from (row for row in csv.DictReader(text) if row["CustomerID"])


def kept(invoices: Path, since: str, until: str) -> Counter[str]:
    """Counted from the file alone: by customer, the sales of that time of which nothing came back.

    A piece that came back was the last that this customer had bought of its article.
    """
    piles: dict[tuple[str, str], list[int]] = defaultdict(list)
    sold: dict[int, str] = {}
    back: set[int] = set()
    for nth, row in enumerate(read(invoices)):
        pile, count = piles[row["CustomerID"], row["StockCode"]], int(float(row["Quantity"]))
        pile += [nth] * count if float(row["UnitPrice"]) else []
        if count > 0 and float(row["UnitPrice"]) and since <= row["InvoiceDate"] < until:
            sold[nth] = row["CustomerID"][:-2]
        back.update(pile.pop() for _ in range(min(-count, len(pile))))
    return Counter(customer for nth, customer in sold.items() if nth not in back)
