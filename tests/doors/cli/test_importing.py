"""A chat that was written down elsewhere comes into a standing group."""

import gzip
import re
from collections import Counter, defaultdict
from datetime import date, timedelta
from random import Random

import pytest
from click.testing import CliRunner

from loop28.doors.cli import main
from loop28.front.groups import queries as groups
from loop28.kernel.access import SYSTEM
from loop28.middle.members import queries as members
from loop28.middle.members.models import Member
from loop28.middle.orders.models import Order
from tests.circle_kit import open_circle

pytestmark = pytest.mark.django_db
FIRST = date(2026, 3, 1)


@pytest.fixture
def group():
    return open_circle().group


@pytest.fixture
def logs(tmp_path):
    """Three days, one of them packed, whose talk goes on past midnight."""
    chance = Random(5)
    for nth in range(3):
        minute = 22 * 60
        lines: list[str] = []
        while minute < 25 * 60:
            clock = f"{minute // 60 % 24:02}:{minute % 60:02}"
            lines.append(f"[{clock}] <人{chance.randrange(40)}> 第{len(lines)}句")
            minute += chance.choice([0, 0, 1, 3])
        data = "\n".join(["=== somebody has joined", *lines]).encode()
        name = tmp_path / f"day-{nth}.txt"
        if nth == 1:
            name.with_suffix(".txt.gz").write_bytes(gzip.compress(data))
        else:
            name.write_bytes(data)
    return tmp_path


def bring(logs, name="喝茶群"):
    return CliRunner().invoke(
        main.commands(),
        ["import", "groupchat", str(logs), "--group", name, "--first-day", "2026-03-01"],
    )


def counted(logs):
    """By (day, hour) the messages, by day the writers: counted from the files alone."""
    hours: Counter[tuple[date, int]] = Counter()
    writers = defaultdict(set)
    for nth, file in enumerate(sorted(logs.iterdir())):
        data = file.read_bytes()
        text = (gzip.decompress(data) if file.suffix == ".gz" else data).decode()
        for hour, name in re.findall(r"^\[(\d\d):\d\d\] <(.+?)>", text, re.M):
            day = FIRST + timedelta(days=nth + (int(hour) < 12))
            hours[day, int(hour)] += 1
            writers[day].add(name)
    return hours, {day: len(names) for day, names in writers.items()}


def test_the_groups_activity_is_what_the_files_say(group, logs):
    result = bring(logs)
    hours, writers = counted(logs)
    assert result.exit_code == 0
    assert f"{sum(hours.values()):,} messages" in result.stdout
    found = groups.by_hour([group.pk])
    assert {(day, hour): count for (_, day, hour), count in found.items()} == hours
    assert {day: n for (_, day), n in groups.active_by_day([group.pk]).items()} == writers


def test_the_same_files_again_bring_nothing_new(group, logs):
    bring(logs)
    people = Member.objects.count()
    assert " 0 new." in bring(logs).stdout
    assert Member.objects.count() == people


def test_who_wrote_is_in_the_group_and_has_agreed_to_nothing(group, logs):
    bring(logs)
    writers = set(Member.objects.filter(name__startswith="人").values_list("id", flat=True))
    assert len(writers) == len(
        {one.member_id for one in groups.messages(SYSTEM, group.pk, limit=999)} - {None}
    )
    assert groups.present(group.pk, writers) == writers
    assert not members.consenting(writers)


def test_a_group_that_is_not_there_or_no_standing_one_is_refused(group, tmp_path):
    assert "0 standing groups called «没有»" in bring(tmp_path, "没有").output
    assert "no .txt or .txt.gz file" in bring(tmp_path).output


@pytest.fixture
def invoices(tmp_path):
    """Three sales of two customers, one of them half sent back."""
    file = tmp_path / "invoices.csv"
    file.write_text(
        "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID\n"
        "1,A,2,2026-01-05 10:00:00,9.95,17850.0\n"
        "2,A,1,2026-01-06 10:00:00,9.95,13047.0\n"
        "2,B,1,2026-01-06 10:00:00,0.001,13047.0\n"
        "3,A,5,2026-01-06 11:00:00,9.95,\n"
        "C4,A,-1,2026-01-07 10:00:00,9.95,17850.0\n"
    )
    return file


@pytest.mark.parametrize("odd", [b"x" * 140_000, b"\xff"], ids=["a cell without end", "no UTF-8"])
def test_invoices_that_are_no_table_are_refused_in_a_line(tmp_path, odd):
    file = tmp_path / "invoices.csv"
    file.write_bytes(b"InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID\n" + odd)
    told = CliRunner().invoke(main.commands(), ["import", "orders", str(file), "--shop", "s"])
    assert told.exit_code == 1
    assert "is no whole table in UTF-8" in told.stderr


def test_invoices_are_their_customers_orders_with_what_came_back(invoices):
    bring_orders = ["import", "orders", str(invoices), "--shop", "retail"]
    result = CliRunner().invoke(main.commands(), bring_orders)
    assert result.exit_code == 0, result.output
    assert "3 sales to 2 customers for 29.85: 2 new, 0 known" in result.stdout
    assert "1 refused: " in result.stdout
    found = Order.objects.order_by("paid_at").values_list("member__name", "fen", "refunded_fen")
    assert list(found) == [("17850", 1990, 995), ("13047", 995, 0)]
    again = CliRunner().invoke(main.commands(), bring_orders).stdout
    assert "0 new, 2 known" in again
    assert Order.objects.count() == 2
