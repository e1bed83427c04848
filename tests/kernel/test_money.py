"""Yuan as text, fen as numbers, and nothing between them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loop28.kernel.money import parse_yuan, yuan


@given(st.integers(0, 10**12 - 1))
def test_what_is_written_reads_back(fen):
    assert parse_yuan(yuan(fen)) == fen


@pytest.mark.parametrize(
    ("text", "fen"), [("12", 1200), ("12.5", 1250), (" 0.01 ", 1), ("007", 700), ("0", 0)]
)
def test_people_write_yuan_in_several_ways(text, fen):
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "1.",
        ".5",
        "-1",
        "+1",
        "1e3",
        "0.005",
        "1,000",
        "１２",
        "NaN",
        "1 2",
        "9" * 11,
        "¥1",
    ],
)
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(ValueError, match="not an amount in yuan"):
        parse_yuan(text)


@pytest.mark.parametrize(
    ("fen", "text"),
    [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (-1205, "-12.05"), (10**14, f"{10**12}.00")],
)
def test_fen_are_written_with_two_decimals(fen, text):
    assert yuan(fen) == text
