"""What is read out of a shop's invoice lines."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loop28.adapters.shop.invoices.reading import NoInvoices, read

ZONE = ZoneInfo("Asia/Shanghai")
HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
START = datetime(2010, 12, 1, 8, 26, tzinfo=ZONE)


def table(*rows):
    """Of (article, quantity, price, customer), a minute after each other."""
    return [HEAD] + [
        f"{n},{article},THING,{quantity},{START + timedelta(minutes=n):%F %T},{price},{customer},CN"
        for n, (article, quantity, price, customer) in enumerate(rows)
    ]


def books(*rows):
    return read(table(*rows), ZONE)


def test_a_line_is_an_order_of_quantity_times_price():
    (one,) = books(("A", "6.0", "2.55", "17850.0")).sold
    assert (one.key, one.customer, one.quantity, one.fen) == ("0:2", "17850", 6, 1530)
    assert one.at == START


def test_what_says_nothing_to_an_order_is_counted_by_its_reason():
    found = books(
        ("A", 1, "1.00", ""), ("A", 1, "0", 7), ("A", "many", "1.00", 7), ("A", 1, "0.005", 7)
    )
    assert (found.no_customer, found.nothing_paid, found.unreadable, found.lines) == (1, 1, 1, 4)
    assert [one.fen for one in found.sold] == [1]


@pytest.mark.parametrize("odd", ["1e999999999", "NaN", "sNaN", "-Infinity", "9" * 9, "1_0", "٣"])
def test_a_number_of_no_size_that_pieces_and_prices_have_is_unreadable(odd):
    found = books(("A", odd, "1.00", 7), ("A", 1, odd, 7), ("A", 1, "1.00", 7))
    assert (found.unreadable, len(found.sold)) == (2, 1)


@pytest.mark.parametrize("odd", ["0001-01-01 00:00:00", "9999-12-31 23:59:59", "1.12.2010", ""])
def test_a_time_in_which_no_shop_sells_is_unreadable(odd):
    assert read([HEAD, f"1,A,THING,1,{odd},1.00,7,CN"], ZONE).unreadable == 1


def test_pieces_that_come_back_are_those_sold_last():
    first, last = books(("A", 4, "1.00", 7), ("A", 3, "2.00", 7), ("A", -4, "2.00", 7)).sold
    assert (first.returned, first.refunded_fen) == (1, 100)
    assert (last.returned, last.refunded_fen) == (3, 600)
    assert last.returned_at == START + timedelta(minutes=2)


def test_nobody_gives_back_what_another_bought_or_what_was_never_sold():
    found = books(("A", 2, "1.00", 7), ("A", -1, "1.00", 8), ("B", -2, "1.00", 7))
    assert (found.sold[0].returned, found.unmatched, found.cancellations) == (0, 3, 2)


def test_a_table_without_a_column_is_refused_by_its_name():
    with pytest.raises(NoInvoices, match="CustomerID"):
        read([HEAD.replace("CustomerID", "Customer")], ZONE)


@given(
    st.lists(
        st.tuples(
            st.sampled_from("AB"),
            st.integers(-9, 9),
            st.decimals(0, 20, places=3),
            st.sampled_from(["7", "8"]),
        ),
        max_size=40,
    )
)
def test_no_piece_comes_back_twice_and_every_line_is_counted_once(rows):
    found = books(*rows)
    assert all(0 <= one.refunded_fen <= one.fen for one in found.sold)
    assert all(one.returned <= one.quantity for one in found.sold)
    taken = sum(-quantity for _, quantity, _, _ in rows if quantity < 0)
    assert sum(one.returned for one in found.sold) + found.unmatched == taken
    assert len(found.sold) + found.nothing_paid + found.cancellations == found.lines == len(rows)
