from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loop28.kernel import tables
from loop28.kernel.access import Role
from loop28.kernel.refusals import Refusal
from loop28.middle.orders import actions, reading
from loop28.middle.orders.models import Order
from tests.factories import member, staff

HEAD = "shop,id,member,buyer,yuan,paid_at,refunded_yuan,refunded_at\n"
ROW = "微店,A1,7,b-1,29.90,2026-11-20 19:30:00,,\n"


def _read(*rows: str, head: str = HEAD) -> reading.Reading:
    return reading.read((head + "".join(rows)).encode())


def _mistake(row: str, head: str = HEAD) -> tuple[int, str, str]:
    (mistake,) = _read(row, head=head).mistakes
    return mistake.line, mistake.refusal.code, mistake.refusal.field


def test_a_row_is_an_order_with_its_line() -> None:
    ((line, order),) = _read(ROW).orders
    assert line == 2
    assert (order.shop, order.external_id, order.member, order.buyer) == ("微店", "A1", 7, "b-1")
    assert (order.fen, order.refunded_fen, order.refunded_at) == (2990, 0, None)
    assert order.paid_at == datetime(2026, 11, 20, 11, 30, tzinfo=UTC)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_files_of_every_spreadsheet_are_read(encoding: str) -> None:
    ((_, order),) = reading.read((HEAD + ROW).encode(encoding)).orders
    assert order.shop == "微店"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_end_of_line_counts_as_one(end: str) -> None:
    read = reading.read(
        (HEAD + ROW + "\n" + "微店,A2,x,,1,2026-11-20 19:30,,\n").replace("\n", end).encode()
    )
    assert [line for line, _ in read.orders] == [2]
    assert [mistake.line for mistake in read.mistakes] == [4]


def test_columns_come_in_any_order_and_some_may_be_left_out() -> None:
    ((_, order),) = _read(
        "2026-11-20T19:30+08:00,12,A1,7,微店\n", head="PAID_AT,yuan,id,member,Shop\n"
    ).orders
    assert (order.fen, order.buyer) == (1200, "")
    assert order.paid_at == datetime(2026, 11, 20, 11, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "head", ["", "\n", "a,b\n", "shop,id,member,yuan\n", HEAD.replace("buyer", "id"), "x" * 200_000]
)
def test_a_heading_that_is_wrong_refuses_the_file_and_names_the_columns(head: str) -> None:
    with pytest.raises(tables.ColumnsWrong) as refused:
        _read(ROW, head=head)
    assert "paid_at" in str(refused.value)
    assert len(str(refused.value)) < 1000


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        (ROW.replace("29.90", "29,90"), "cells-wrong", ""),
        (ROW.replace("29.90", "¥29.90"), "amount-wrong", "yuan"),
        (ROW.replace("29.90", "29.905"), "amount-wrong", "yuan"),
        (ROW.replace("29.90", "-1"), "amount-wrong", "yuan"),
        (ROW.replace("29.90", "１２"), "amount-wrong", "yuan"),
        (ROW.replace("29.90", "9" * 5000), "amount-wrong", "yuan"),
        (ROW.replace("29.90", ""), "amount-wrong", "yuan"),
        (ROW.replace(",7,", ",,"), "seller-wrong", "member"),
        (ROW.replace(",7,", ",七,"), "seller-wrong", "member"),
        (ROW.replace(",7,", "," + "9" * 30 + ","), "seller-wrong", "member"),
        (ROW.replace("A1", ""), "text-missing", "id"),
        (ROW.replace("A1", "A" * 81), "text-too-long", "id"),
        (ROW.replace("A1", "3.21E+17"), "number-shortened", "id"),
        (ROW.replace("微店", "\u200b"), "text-missing", "shop"),
        (ROW.replace("b-1", "b" * 81), "text-too-long", "buyer"),
        (ROW.replace("2026-11-20 19:30:00", "gestern"), "moment-wrong", "paid_at"),
        (ROW.replace("2026-11-20 19:30:00", "2026-11-20"), "moment-wrong", "paid_at"),
        (ROW.replace("2026-11-20 19:30:00", "2026-02-30 10:00"), "moment-wrong", "paid_at"),
        (ROW.replace("2026-11-20 19:30:00", "2026-11-20 25:00"), "moment-wrong", "paid_at"),
        (ROW.replace("2026-11-20 19:30:00", "0001-01-01 00:00"), "moment-wrong", "paid_at"),
        (ROW.replace("2026-11-20 19:30:00", "9999-12-31 23:59"), "moment-wrong", "paid_at"),
        (ROW.replace("19:30:00", "19:30+99:99"), "moment-wrong", "paid_at"),
        (ROW.replace(",,\n", ",,2026-11-21 10:00\n"), "refund-time-alone", "refunded_yuan"),
        (ROW.replace(",,\n", ",x,\n"), "amount-wrong", "refunded_yuan"),
        (ROW.replace(",,\n", ",1,x\n"), "moment-wrong", "refunded_at"),
        ("微店,A1\n", "cells-wrong", ""),
        ('"微店,A1,7\n', "quote-open", ""),
    ],
)
def test_every_bad_row_is_named_with_its_line_and_the_cure(row: str, code: str, field: str) -> None:
    (mistake,) = _read(ROW, "\n", row).mistakes
    assert (mistake.line, mistake.refusal.code, mistake.refusal.field) == (4, code, field)
    assert str(mistake.refusal)


def test_a_cell_of_several_lines_does_not_shift_the_lines_after_it() -> None:
    read = _read(ROW.replace("b-1", '"b\n1"'), ROW.replace("29.90", "x"))
    assert [line for line, _ in read.orders] == [2]
    assert [mistake.line for mistake in read.mistakes] == [4]


@pytest.mark.parametrize(
    "data", [b"\xff\xfes\x00h\x00", b"\x89PNG\r\n\x1a\n\xff\xff", "微店".encode("utf-16")]
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(tables.FileUnreadable):
        reading.read(data)


def test_a_file_beyond_the_limits_is_refused() -> None:
    with pytest.raises(tables.FileTooLarge):
        reading.read(b"x" * (reading.MAX_BYTES + 1))
    with pytest.raises(tables.FileTooLarge):
        _read(*[ROW] * (reading.MAX_ROWS + 1))


@given(st.binary(max_size=300))
def test_no_file_whatever_breaks_the_reading(data: bytes) -> None:
    for whole in (data, HEAD.encode() + data):
        with suppress(Refusal):
            reading.read(whole)


@given(st.lists(st.text(max_size=30), min_size=8, max_size=8))
def test_no_row_whatever_breaks_the_reading(cells: list[str]) -> None:
    with suppress(Refusal):
        reading.order(dict(zip(reading.COLUMNS, cells, strict=True)), zone=UTC)


@pytest.mark.django_db
def test_a_file_is_registered_row_by_row_and_again_after_mending() -> None:
    seller, clerk = member(), staff(Role.MIDDLE).actor
    good, bad = ROW.replace(",7,", f",{seller.pk},"), ROW.replace("A1", "A2")
    good = good.replace("2026", "2025")
    report = actions.report_file(clerk, (HEAD + good + "\n" + bad.replace("29.90", "x")).encode())
    assert report.counts == {"new": 1, "refused": 1}
    assert [(m.line, m.refusal.code) for m in report.refused] == [(4, "amount-wrong")]
    mended = good.replace("A1", "A2") + bad.replace(",7,", ",999999,")
    again = actions.report_file(clerk, (HEAD + good + mended).encode())
    assert again.counts == {"known": 1, "new": 1, "refused": 1}
    assert [(m.line, m.refusal.code) for m in again.refused] == [(4, "seller-unknown")]
    assert Order.objects.count() == 2
